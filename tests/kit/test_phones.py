"""Phone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.kit.phones import UnclearPhone, country_of_phone, phone_key, phone_kind, phone_of, shown_phone


@pytest.mark.parametrize(
    ("written", "country", "e164"),
    [
        ("20000000", "LV", "+37120000000"),
        ("+371 20 000 000", None, "+37120000000"),
        ("00371 20000000", "LV", "+37120000000"),
        ("37120000000", "lv", "+37120000000"),
        ("০১৭১২-৩৪৫৬৭৮", "BD", "+8801712345678"),
        ("۰۹۱۲ ۳۴۵ ۶۷۸۹", "IR", "+989123456789"),
        ("٠١٠٠١٢٣٤٥٦٧", "EG", "+201001234567"),
        ("098 123 45 67", "VN", "+84981234567"),
        ("(201) 555-0123", "US", "+12015550123"),
        ("0171/2345678", "DE", "+491712345678"),
        ("+39 06 1234567", None, "+39061234567"),
        ("\u202a+371 20000000\u202c", None, "+37120000000"),
        ("tel:+371-20000000;ext=5", None, "+37120000000"),
        ("20000000 ext. 5", "LV", "+37120000000"),
        ("1712345678.0", "BD", "+8801712345678"),
        ("07700 900123", "GB", "+447700900123"),
    ],
)
def test_numbers_as_people_and_spreadsheets_write_them(written, country, e164):
    assert phone_of(written, country) == e164


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("", "LV"),
        ("none", "LV"),
        ("20000000", None),
        ("2000000", "LV"),
        ("200000000", "LV"),
        ("112", "LV"),
        ("20000000, 21000000", "LV"),
        ("20000000 / 21000000", "LV"),
        ("2e7", "LV"),
        ("2.0E7", "LV"),
        ("-20000000", "LV"),
        ("1-800-FLOWERS", "US"),
        ("555-0123", "US"),
        ("+999 1234567", None),
        ("9876543210", "XX"),
        ("someone@example.org", "LV"),
    ],
)
def test_what_is_not_one_full_number_is_refused(written, country):
    with pytest.raises(UnclearPhone, match="country code"):
        phone_of(written, country)


@pytest.mark.parametrize(
    ("before", "now"),
    [("+5215512345678", "+525512345678"), ("+551187654321", "+5511987654321")],
)
def test_a_number_from_before_a_renumbering_is_the_same_phone(before, now):
    assert phone_key(before) == phone_key(now) == phone_of(before) == phone_of(now)


def test_a_brazilian_fixed_line_keeps_its_eight_digits():
    assert phone_key("+551133334444") == "+551133334444"


def test_argentinian_mobiles_written_at_home_and_abroad():
    assert phone_of("011 15 2345-6789", "AR") == phone_of("+54 9 11 2345-6789")


@given(
    st.sampled_from(["LV", "BD", "IR", "VN", "IN", "DE", "GB", "US", "BR"]),
    st.text("0123456789 -()+", max_size=16),
)
def test_reading_a_number_again_changes_nothing(country, written):
    try:
        e164 = phone_of(written, country)
    except UnclearPhone:
        return

    assert phone_of(e164) == phone_key(e164) == e164


@pytest.mark.parametrize(
    ("e164", "kind"),
    [
        ("+37120000000", "mobile"),
        ("+12015550123", "fixed_or_mobile"),
        ("+39061234567", "fixed"),
        ("+18003569377", "toll_free"),
        ("+449098790123", "premium"),
        ("+5511876543", "unknown"),
    ],
)
def test_the_kind_of_line(e164, kind):
    assert phone_kind(e164) == kind


def test_the_country_of_a_number():
    assert country_of_phone("+37120000000") == "LV"
    assert country_of_phone("+12042345678") == "CA"
    assert country_of_phone("+80012345678") is None


def test_a_number_is_shown_as_at_home_to_those_at_home():
    assert shown_phone("+8801712345678", "BD") == "01712-345678"
    assert shown_phone("+8801712345678", "LV") == shown_phone("+8801712345678") == "+880 1712-345678"


def test_what_is_not_e164_is_no_phone():
    with pytest.raises(UnclearPhone):
        phone_kind("20000000")
