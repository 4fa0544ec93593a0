"""No letter of any script is lost, and what no database keeps never reaches one."""

import pytest

from tideover.kit.keepable import keepable


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("STOP", "STOP"),
        ("ST\0OP", "STOP"),
        ("STOP \ud83d", "STOP \ufffd"),
        ("\udc4d STOP", "\ufffd STOP"),
        ("\ud83dSTOP", "\ufffdSTOP"),
        ("\ud83d\ude00", "😀"),
        ("বন্ধ করুন 😀", "বন্ধ করুন 😀"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_no_database_keeps_goes_and_every_letter_stays(told, kept):
    assert keepable(told) == kept
    assert kept.encode()
