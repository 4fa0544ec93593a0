"""How many parts a text takes, and where it may be cut."""

import unicodedata

import pytest

from tideover.delivery.channels import Rejected
from tideover.delivery.channels.sms.lettering import GSM, UCS2, lettered, read


@pytest.mark.parametrize(
    ("text", "coding", "parts"),
    [
        ("a" * 160, GSM, 1),
        ("a" * 161, GSM, 2),
        ("a" * 306, GSM, 2),
        ("a" * 307, GSM, 3),
        ("€" * 80, GSM, 1),
        ("€" * 81, GSM, 2),
        ("ক" * 70, UCS2, 1),
        ("ক" * 71, UCS2, 2),
        ("ắ" * 70, UCS2, 1),
        ("It\u2019s \u201cFriday\u201d \u2013 £40…", GSM, 1),
    ],
)
def test_a_text_takes_as_many_parts_as_the_standard_says(text, coding, parts):
    found = lettered(text)

    assert (found.data_coding, len(found.parts)) == (coding, parts)


def test_an_escaped_sign_is_never_cut_in_two():
    found = lettered("a" * 152 + "€" * 20)

    assert all(not part.endswith(b"\x1b") for part in found.parts)


@pytest.mark.parametrize("letter", ["কি", "ন্ত্র", "👩‍👩‍👧", "क्षि", "می‌خ", "😀"])
def test_no_part_begins_with_a_mark_or_half_a_sign(letter):
    text = ("x" + letter) * 40

    found = lettered(text)

    words = [part.decode("utf-16-be") for part in found.parts]
    assert len(words) > 1
    assert "".join(words) == unicodedata.normalize("NFC", text)
    assert not any(
        unicodedata.category(part[0]) in ("Mn", "Mc", "Me") or part[0] in "\u200c\u200d" for part in words
    )


def test_what_was_written_can_be_read():
    for text in ("Hello {£€} ~ à la carte\n", "কিস্তি শুক্রবার", "قسط جمعه"):
        found = lettered(text)

        assert read(found.parts[0], found.data_coding) == unicodedata.normalize("NFC", text)


def test_more_than_ten_parts_are_too_many():
    with pytest.raises(Rejected) as refused:
        lettered("a" * 1_531)

    assert refused.value.kind == "too_big"
