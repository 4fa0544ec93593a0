"""Amounts as people type and read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.kit.amounts import read_amount, show_amount
from tideover.kit.money import LARGEST, UnclearAmount, UnknownCurrency, decimals
from tideover.kit.text import UnknownLanguage, without_bidi_controls

CURRENCIES = ["EUR", "USD", "GBP", "BDT", "INR", "BRL", "VND", "JPY", "IRR", "KWD", "BHD"]
LANGUAGES = [
    "en",
    "en-IN",
    "lv",
    "de",
    "de-CH",
    "fr",
    "bn",
    "hi",
    "fa",
    "ar-EG",
    "vi",
    "pt-BR",
    "ur",
    "ne",
    "sv",
]
DIGITS = [
    "0123456789",
    "০১২৩৪৫৬৭৮৯",
    "۰۱۲۳۴۵۶۷۸۹",
    "٠١٢٣٤٥٦٧٨٩",
    "०१२३४५६७८९",
]  # Latin, Bengali, Persian, Arabic, Hindi

currencies = st.sampled_from(CURRENCIES)
languages = st.sampled_from(LANGUAGES)


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("1234.50", "EUR", 123450),
        ("1,234.50", "EUR", 123450),
        ("1.234,50", "EUR", 123450),
        ("1 234,50", "EUR", 123450),
        ("1\u00a0234,5", "EUR", 123450),
        ("1\u202f234\u202f567,80", "EUR", 123456780),
        ("1'234.50", "EUR", 123450),
        ("1’234,50", "EUR", 123450),
        ("12,34,567.89", "INR", 123456789),
        ("1,00,000", "BDT", 10000000),
        ("1.234.567", "EUR", 123456700),
        ("0,5", "EUR", 50),
        ("১২,৩৪,৫৬৭.৮৯", "BDT", 123456789),
        ("১২৩৪৫", "BDT", 1234500),
        ("۱٬۲۳۴٫۵۰", "EUR", 123450),
        ("١٢٣٤٫٥٠٠", "KWD", 1234500),
        ("۵۰۰٬۰۰۰", "IRR", 500000),
        ("५००", "INR", 50000),
        ("500.000", "VND", 500000),
        ("500,000", "VND", 500000),
        ("12.00", "VND", 12),
        ("0.500", "KWD", 500),
        ("  77 ", "EUR", 7700),
        ("-12.50", "EUR", -1250),
        ("−12,50", "EUR", -1250),
    ],
)
def test_what_people_type(typed, currency, minor):
    assert read_amount(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("€ 500", "EUR"),
        ("500€", "EUR"),
        ("500 EUR", "EUR"),
        ("eur 500", "EUR"),
        ("৳ ৫০০", "BDT"),
        ("Tk. 500", "BDT"),
        ("Rs. 500/-", "INR"),
        ("₹500", "INR"),
        ("500 R$", "BRL"),
        ("\u200f$500\u200e", "USD"),
    ],
)
def test_the_currency_may_stand_beside_the_amount(typed, currency):
    assert read_amount(typed, currency) == 50000


def test_a_vietnamese_price():
    assert read_amount("500.000đ", "VND") == read_amount("500.000 ₫", "VND") == 500_000


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "-", ".", "abc", "NaN", "nan", "inf", "Infinity", "1e3", "1E3", "1_000", "0x10", "1/2", "۱۲/۵",
        "½", "²", "+5", "5-", "--5", "(5)", "5.", ".5", ",5", "12,", "1..5", "1.2.3", "1,23,4", "12 34", "5 5",
        "1,234 567", "1.234 567", "1,2 345", "1'2 345", "1 2'345", "0,123.45.6", "0 123", "0,123,456", "1,2345",
        "1234,5678", "12.505", "1234.567", "1234.000", "12٫5٫3", "1٫234.5", "1.5 kg", "5 USD", "$5", "€5€", "5 6 EUR",
        "12:30", "100%", "9" * 50, "9" * 6000, "1,234,5678", "1٬23", "5 تومان", "5\n6",
    ],
)  # fmt: skip
def test_what_is_not_clearly_one_amount_of_euros_is_refused(typed):
    with pytest.raises(UnclearAmount):
        read_amount(typed, "EUR")


@pytest.mark.parametrize(
    ("typed", "currency"), [("1.234", "EUR"), ("1,234", "BDT"), ("1.234", "KWD"), ("100,000", "EUR")]
)
def test_two_readings_are_refused_and_the_answer_shows_how_to_write_it(typed, currency):
    with pytest.raises(UnclearAmount, match="two ways"):
        read_amount(typed, currency)


@pytest.mark.parametrize(
    ("typed", "currency", "locale", "minor"),
    [
        ("1.234", "EUR", "de", 123400),
        ("1,234", "EUR", "en", 123400),
        ("1,234", "BDT", "bn", 123400),
        ("1.234", "KWD", "en", 1234),
        ("1.234", "KWD", "de", 1234000),
    ],
)
def test_the_language_decides_between_two_readings(typed, currency, locale, minor):
    assert read_amount(typed, currency, locale=locale) == minor


def test_the_language_does_not_make_an_impossible_reading_possible():
    with pytest.raises(UnclearAmount, match="too exact"):
        read_amount("1.234", "EUR", locale="en")


def test_a_refusal_shows_an_example_of_that_currency():
    with pytest.raises(UnclearAmount, match=r"such as 123456\."):
        read_amount("many", "VND")
    with pytest.raises(UnclearAmount, match=r"such as 1234\.56\."):
        read_amount("many", "EUR")


def test_unknown_currencies_and_languages_are_refused():
    with pytest.raises(UnknownCurrency):
        read_amount("5", "XXY")
    with pytest.raises(UnknownLanguage):
        show_amount(5, "EUR", "klingon")


@given(st.integers(-LARGEST, LARGEST), currencies, languages)
def test_what_we_show_can_be_typed_back(minor, currency, language):
    assert read_amount(show_amount(minor, currency, language), currency, locale=language) == minor


def grouped(digits, mark, sizes):
    """The digits in groups from the right: (3,) by three, (3, 2) the Indian way."""
    parts, size = [], sizes[0]
    while digits:
        parts.insert(0, digits[-size:])
        digits, size = digits[:-size], sizes[-1]
    return mark.join(parts)


@given(
    st.integers(0, 10**15),
    currencies,
    st.sampled_from(
        [(",", "."), (".", ","), (" ", ","), (" ", "."), ("'", "."), ("\u066c", "\u066b"), ("\u202f", ",")]
    ),
    st.sampled_from([(3,), (3, 2)]),
    st.sampled_from(DIGITS),
)
def test_every_grouping_and_script_is_read_when_the_decimals_are_written(
    minor, currency, marks, sizes, script
):
    places = decimals(currency)
    text = str(minor).rjust(places + 1, "0")
    whole, fraction = (text[:-places], text[-places:]) if places else (text, "")
    by_groups = grouped(whole, marks[0], sizes)
    typed = (by_groups + (marks[1] + fraction if places else "")).translate(str.maketrans(DIGITS[0], script))
    two_readings = (
        places == 3 and marks[0] not in typed and marks[1] in ".," and len(whole) <= 3 and whole != "0"
    )

    if two_readings:
        with pytest.raises(UnclearAmount):
            read_amount(typed, currency)
    elif not places or len(by_groups) > len(whole) or fraction:
        assert read_amount(typed, currency) == minor


@given(st.text(st.sampled_from("0123456789.,' -\u066b\u066c৳€১২"), max_size=12), currencies)
def test_any_typing_is_refused_or_keeps_its_digits_in_order(typed, currency):
    try:
        minor = read_amount(typed, currency)
    except UnclearAmount:
        return
    digits = "".join(str(int(one)) for one in typed if one.isdecimal())

    assert str(abs(minor)).rstrip("0") == digits.strip("0") or str(abs(minor)) == digits.lstrip("0")


def test_each_language_has_its_digits_and_grouping():
    lakh = show_amount(123456789, "BDT", "bn")

    assert lakh == "১২,৩৪,৫৬৭.৮৯৳"
    assert show_amount(123456789, "EUR", "de") == "1.234.567,89\u00a0€"
    assert show_amount(500000, "VND", "vi") == "500.000\u00a0₫"
    assert without_bidi_controls(show_amount(1250, "IRR", "fa")) == "ریال\u00a0۱٬۲۵۰"
