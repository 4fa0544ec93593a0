"""Parts of a text message, by 3GPP TS 23.038."""

import pytest

from tideover.engine.message import segments_of
from tideover.engine.message.sms import plain_signs


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("a" * 159 + "€", "GSM-7", 161, 2),
        ("ñé{}", "GSM-7", 6, 1),
        ("ş", "UCS-2", 1, 1),
        ("ব" * 70, "UCS-2", 70, 1),
        ("ব" * 71, "UCS-2", 71, 2),
        ("ব" * 134, "UCS-2", 134, 2),
        ("ব" * 135, "UCS-2", 135, 3),
        ("۱" * 67 + "😀", "UCS-2", 69, 1),
    ],
)
def test_a_text_is_cut_as_the_network_cuts_it(text, encoding, units, parts):
    made = segments_of(text)

    assert (made.encoding, made.units, made.parts) == (encoding, units, parts)


def test_a_sign_of_two_units_is_never_cut_in_half():
    """152 septets and an escaped sign: the sign goes whole into the next part, so three parts are needed."""
    assert segments_of("a" * 152 + "€" + "a" * 151).parts == 2
    assert segments_of("a" * 152 + "€" + "a" * 152).parts == 3
    assert segments_of("ব" * 66 + "😀" + "ব" * 66).parts == 3


def test_typographic_signs_do_not_halve_what_a_part_holds():
    assert plain_signs("11:00\u202fAM, it’s “due” – soon…") == '11:00 AM, it\'s "due" - soon...'
    assert plain_signs("’আজ") == "’আজ"
