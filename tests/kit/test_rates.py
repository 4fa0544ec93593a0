"""The effective rate a year, against worked examples and against what it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import day
from tideover.kit.rates import effective_rate_ppm, years_between


@pytest.mark.parametrize(
    ("amount", "payments", "rate"),
    [
        (100_000, [("2021-07-01", 120_000)], 129_200),  # 1.2 ** (12 / 18) - 1
        (100_000, [("2021-01-01", 110_000)], 100_000),
        (100_000, [("2021-01-01", 60_000), ("2022-01-01", 60_000)], 130_700),
        (100_000, [("2020-02-01", 50_000), ("2020-03-01", 50_000)], 0),
    ],
)
def test_known_loans_have_their_known_rates(amount, payments, rate):
    told = [(day(on), paid) for on, paid in payments]

    assert effective_rate_ppm(amount, day("2020-01-01"), told) == rate


@pytest.mark.parametrize(
    "payments", [[], [("2020-06-01", 99_999)], [("2019-12-31", 200_000)], [("2020-01-01", 200_000)]]
)
def test_what_cannot_be_a_rate_is_none(payments):
    assert effective_rate_ppm(100_000, day("2020-01-01"), [(day(on), paid) for on, paid in payments]) is None


@given(
    st.integers(10_000, 10_000_000),
    st.lists(st.integers(1, 60), min_size=1, max_size=12, unique=True),
    st.integers(0, 900_000),
)
def test_at_its_rate_the_payments_are_worth_what_was_drawn(amount, months, extra):
    start, each = day("2024-01-15"), -(-(amount + extra) // len(months))
    told = [(start + 30 * month, each) for month in months]

    rate = effective_rate_ppm(amount, start, told)

    if rate is not None:
        worth = sum(paid / (1 + rate / 1e6) ** float(years_between(start, on)) for on, paid in told)
        assert worth == pytest.approx(amount, rel=0.001)
