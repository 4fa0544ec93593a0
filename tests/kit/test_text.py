"""Direction, invisible characters and digits of other scripts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.kit.text import (
    UnknownLanguage,
    ascii_digits,
    clean_name,
    direction_of_language,
    direction_of_text,
    isolate,
    locale_of,
    without_bidi_controls,
)

LRI, RLI, FSI, PDI, RLO = "\u2066", "\u2067", "\u2068", "\u2069", "\u202e"
ZWNJ, ZWJ, ZWSP = "\u200c", "\u200d", "\u200b"


@pytest.mark.parametrize(
    "tag", ["fa", "fa-IR", "ar", "ar_EG", "ur", "he", "ps", "ckb", "dv", "pa-PK", "uz-AF", "az-Arab"]
)
def test_right_to_left_languages(tag):
    assert direction_of_language(tag) == "rtl"


@pytest.mark.parametrize(
    "tag", ["en", "lv", "bn", "vi", "hi", "pa", "pa-IN", "ur-Latn", "az", "fa-Latn-IR", "zz", "pt-BR"]
)
def test_left_to_right_languages(tag):
    assert direction_of_language(tag) == "ltr"


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Anna", "ltr"),
        ("علی", "rtl"),
        ("42 علی", "rtl"),
        ("42.50 €", None),
        ("", None),
        (f"{RLI}علی{PDI} Anna", "ltr"),
        ("রহিমা", "ltr"),
        ("۱۲۳", None),
    ],
)
def test_the_first_letter_with_a_direction_decides(text, direction):
    assert direction_of_text(text) == direction


def test_a_name_is_fenced_off_from_its_sentence():
    assert isolate("علی") == f"{FSI}علی{PDI}"
    assert isolate("Anna", "ltr") == f"{LRI}Anna{PDI}"
    assert isolate("علی", "rtl") == f"{RLI}علی{PDI}"


@given(st.text(st.sampled_from(f"aبc{LRI}{RLI}{FSI}{PDI}{RLO}\u202c\u200e\u200f\u061c")))
def test_nothing_inside_can_leak_out_of_the_fence(text):
    inside = isolate(text)[1:-1]

    assert inside == without_bidi_controls(text)
    assert {unicodedata.bidirectional(one) for one in inside} <= {"L", "AL"}


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        (f"An{ZWSP}na", "Anna"),
        (f"{RLO}annA", "annA"),
        ("Anna\U000e0041\U000e0042", "Anna"),
        ("An\u00adna\ufeff", "Anna"),
        (f"A{ZWNJ}n{ZWJ}na", "Anna"),
        ("  Anna \t\n  Maria ", "Anna Maria"),
        ("Anna\u00a0Maria", "Anna Maria"),
        ("Anna\x00\x1b[31m", "Anna [31m"),
        ("Zoe\u0301", "Zoé"),
        ("\u3164\u2800", ""),
        ("Anna\ud800", "Anna"),
        ("Anna\ufe0f", "Anna"),
    ],
)
def test_what_a_reader_cannot_see_is_taken_out_of_a_name(written, cleaned):
    assert clean_name(written) == cleaned


@pytest.mark.parametrize(
    "name", [f"علی{ZWNJ}رضا", f"র{ZWJ}্যাব", f"क्{ZWJ}ष", "Nguyễn Thị Ánh", "রহিমা খাতুন", "O’Brien-Šmits"]
)
def test_names_that_are_spelled_with_joiners_and_marks_stay_as_they_are(name):
    assert clean_name(name) == name


def test_a_joiner_at_an_edge_or_in_a_row_shapes_nothing():
    assert clean_name(f"{ZWNJ}علی{ZWNJ}") == "علی"
    assert clean_name(f"علی{ZWNJ}{ZWNJ}رضا") == f"علی{ZWNJ}رضا"


@given(st.text())
def test_a_cleaned_name_is_clean(text):
    name = clean_name(text)

    assert clean_name(name) == name
    assert not {unicodedata.category(one) for one in name} & {"Cc", "Cs"}
    assert without_bidi_controls(name) == name
    assert name == name.strip()


@given(st.text("abc 123\u200b\u200e\u200f\u202e\u2066", max_size=20))
def test_two_names_that_look_the_same_are_the_same(text):
    seen = " ".join("".join(one for one in text if one in "abc 123").split())

    assert clean_name(text) == seen


def test_digits_of_every_script():
    assert (
        ascii_digits("০১২৩৪৫৬৭৮৯") == ascii_digits("۰۱۲۳۴۵۶۷۸۹") == ascii_digits("٠١٢٣٤٥٦٧٨٩") == "0123456789"
    )
    assert ascii_digits("৳ ১২ ½²") == "৳ 12 ½²"


def test_a_language_is_found_by_either_spelling_and_refused_when_unknown():
    assert locale_of("pt-BR") == locale_of("pt_BR")
    for tag in ("klingon", "", "e", "../etc"):
        with pytest.raises(UnknownLanguage):
            locale_of(tag)
