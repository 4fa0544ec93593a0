"""The effective rate a year, against worked examples and against what it means."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import day
from tideover.kit.days import monthly
from tideover.kit.rates import METHODS, effective_rate_ppm, rate_ppm, unit_of, years_between


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


@pytest.mark.parametrize(
    ("amount", "payments", "rate"),
    [
        (100_000, [("2021-07-01", 120_000)], 129_200),
        (95_000, [("2021-07-01", 120_000)], 168_500),
        (100_000, [("2021-01-01", 60_000), ("2022-01-01", 60_000)], 130_700),
        (100_000, [("2020-04-01", 27_200), ("2020-07-01", 27_200), ("2021-01-01", 54_400)], 131_900),
    ],
)
def test_the_examples_of_the_directive_come_out_to_a_hundredth(amount, payments, rate):
    told = [(day(on), paid) for on, paid in payments]

    assert rate_ppm("effective", amount, day("2020-01-01"), told) == rate


@pytest.mark.parametrize(
    ("each", "in_india", "in_europe"), [(969_73, 170_700, 184_700), (970_00, 171_000, 185_000)]
)
def test_the_key_facts_statement_of_india_is_nominal_and_lower_than_the_same_loan_in_europe(
    each, in_india, in_europe
):
    # 20,000 lent for 24 months at 15 %, 400 of fees taken from it; its own instalment, and rounded to whole rupees.
    start, told = day("2026-01-05"), [(on, each) for on in monthly(day("2026-02-05"), 24)]

    assert rate_ppm("nominal", 19_600_00, start, told) == in_india
    assert rate_ppm("effective", 19_600_00, start, told) == in_europe


def test_weeks_fit_52_times_into_a_nominal_year_and_a_long_first_month_bears_simple_interest():
    start = day("2026-01-05")
    weekly = [(start + 7 * (n + 1), 10_100) for n in range(50)]
    late_start = [(on, 9_000) for on in monthly(day("2026-02-20"), 12)]

    unit = unit_of(start, [on for on, _ in weekly])
    assert (unit.days, unit.in_a_year) == (7, 52)
    assert unit_of(start, [on for on, _ in late_start]).between(start, day("2026-02-20")) == (
        1,
        Decimal("0.5"),
    )
    assert rate_ppm("nominal", 500_000, start, weekly) < rate_ppm("effective", 500_000, start, weekly)


def test_brazil_counts_days_of_a_year_of_365():
    assert rate_ppm("effective_by_days", 100_000, 0, [(365, 110_000)]) == 100_000
    assert rate_ppm("effective_by_days", 100_000, 0, [(366, 110_000)]) < 100_000


@given(st.sampled_from(METHODS), st.integers(1, 48), st.integers(0, 20_000))
def test_whoever_pays_more_for_the_same_loan_has_no_lower_rate(method, months, more):
    start = day("2024-01-31")
    days = monthly(day("2024-02-29"), months)
    each = -(-100_000 // months)
    dear = [(on, each + more) for on in days]

    cheap_rate, rate = (rate_ppm(method, 100_000, start, it) for it in ([(on, each) for on in days], dear))
    assert rate is None or cheap_rate <= rate
