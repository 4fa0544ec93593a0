"""A card's number is covered wherever somebody writes it, and nothing else is."""

import pytest

from tideover.kit.cards import cover_cards

CARD = "4539148803436467"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"My card is {CARD}.", "My card is ••••••••••••6467."),
        ("4539 1488 0343 6467", "•••• •••• •••• 6467"),
        ("4539-1488-0343-6467", "••••-••••-••••-6467"),
        ("কার্ড ৪৫৩৯১৪৮৮০৩৪৩৬৪৬৭", "কার্ড ••••••••••••৬৪৬৭"),
        ("378282246310005", "•••••••••••0005"),
        ("2223003122003222", "••••••••••••3222"),
    ],
)
def test_a_card_is_covered_in_the_digits_of_any_script(written, kept):
    covered = cover_cards(written)

    assert covered == kept


def test_persian_digits_of_a_bank_card_are_covered():
    valid = next(number for end in range(10) if "•" in cover_cards(number := f"603799189953123{end}"))
    persian = valid.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))

    assert cover_cards(f"کارت {persian} است") == f"کارت {'•' * 12}{persian[-4:]} است"


@pytest.mark.parametrize(
    "text",
    [
        "4539148803436468",  # its check digit is wrong
        "Call +371 20000000 or 8801712345678",
        "IBAN LV80BANK0000435195001",
        "Loan 1234567890123456",
        "Pay 45 391 on 2026-11-25",
        "",
    ],
)
def test_other_numbers_stay(text):
    assert cover_cards(text) == text


def test_two_cards_in_one_text_are_both_covered():
    assert cover_cards(f"{CARD} and {CARD}").count("6467") == 2
    assert CARD not in cover_cards(f"{CARD}\n{CARD}")
