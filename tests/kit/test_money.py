"""Whole minor units beside a currency."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.kit.money import (
    LARGEST,
    MixedCurrencies,
    Money,
    UnclearAmount,
    UnknownCurrency,
    decimal_of,
    decimals,
    minor_of,
)

CURRENCIES = ["EUR", "USD", "GBP", "BDT", "INR", "BRL", "VND", "JPY", "IRR", "KWD", "BHD"]
currencies = st.sampled_from(CURRENCIES)
minors = st.integers(-LARGEST, LARGEST)


@pytest.mark.parametrize(
    ("currency", "places"), [("EUR", 2), ("BDT", 2), ("VND", 0), ("JPY", 0), ("KWD", 3), ("BHD", 3)]
)
def test_currencies_have_no_two_or_three_decimals(currency, places):
    assert decimals(currency) == places


@pytest.mark.parametrize("code", ["EURO", "eur", "", "€"])
def test_what_is_no_currency_code_is_refused(code):
    with pytest.raises(UnknownCurrency):
        Money(1, code)


def test_a_mistyped_code_is_answered_with_the_nearest():
    with pytest.raises(UnknownCurrency, match="Did you mean 'EUR'"):
        decimals("EURO")


@given(minors, currencies)
def test_minor_units_and_decimals_say_the_same(minor, currency):
    assert minor_of(decimal_of(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.50", "EUR", 1250),
        ("12.5", "EUR", 1250),
        ("-0.01", "EUR", -1),
        ("12.500", "KWD", 12500),
        ("7", "VND", 7),
    ],
)
def test_amounts_become_minor_units_exactly(amount, currency, minor):
    assert minor_of(Decimal(amount), currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("12.505", "EUR"),
        ("0.5", "VND"),
        ("12.50000000000000000000000000000000000001", "EUR"),
        ("1E-1000", "EUR"),
        ("NaN", "EUR"),
        ("sNaN", "EUR"),
        ("Infinity", "EUR"),
        ("1E+1000000", "EUR"),
        (str(LARGEST), "EUR"),
    ],
)
def test_what_does_not_fit_is_refused_and_not_rounded(amount, currency):
    with pytest.raises(UnclearAmount):
        minor_of(Decimal(amount), currency)


def test_decimals_are_all_shown():
    assert str(decimal_of(1250, "EUR")) == "12.50"
    assert str(decimal_of(-5, "KWD")) == "-0.005"
    assert str(decimal_of(7, "VND")) == "7"
    assert Money(5, "EUR").decimal == Decimal("0.05")


@given(minors, minors, currencies)
def test_sums_and_differences_undo_each_other(one, other, currency):
    a, b = Money(one, currency), Money(other, currency)

    assert a + b - b == a
    assert a - b == -(b - a)
    assert (a < b, a <= b, a > b, a >= b) == (one < other, one <= other, one > other, one >= other)


@given(minors, minors, st.lists(currencies, min_size=2, max_size=2, unique=True))
def test_two_currencies_never_meet(one, other, pair):
    a, b = Money(one, pair[0]), Money(other, pair[1])

    for meet in (Money.__add__, Money.__sub__, Money.__lt__, Money.__le__, Money.__gt__, Money.__ge__):
        with pytest.raises(MixedCurrencies):
            meet(a, b)
    assert a != b


@given(minors, st.integers(1, 400), currencies)
def test_parts_add_up_and_differ_by_at_most_one(minor, parts, currency):
    split = [part.minor for part in Money(minor, currency).split(parts)]

    assert sum(split) == minor
    assert len(split) == parts
    assert max(split) - min(split) <= 1
    assert split == sorted(split, key=abs, reverse=True)


def test_an_amount_cannot_be_split_into_nothing():
    with pytest.raises(ValueError, match="1 part or more"):
        Money(100, "EUR").split(0)
