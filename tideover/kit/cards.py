"""Card numbers in a text, in the digits of any script: covered save for the last four, so that none is kept."""

from __future__ import annotations

import re

from tideover.kit.text import ascii_digits

COVER = "•"
SHOWN = 4
# A run of digits with single spaces or dashes between them, that touches no letter and no further digit.
_RUN = re.compile(r"(?<![^\W_])\d(?:[ \u00a0\u202f\u200c.\u2010-\u2015-]?\d){12,18}(?![^\W_])")
_ISSUED = (
    (re.compile(r"4"), (13, 16, 19)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"3[0689]"), (14, 16, 17, 18, 19)),
    (re.compile(r"35"), (16, 17, 18, 19)),
    (re.compile(r"2(?:2[2-9]|[3-6]|7[01]|720)"), (16,)),
    (re.compile(r"[56]"), (13, 14, 15, 16, 17, 18, 19)),
)
"""How numbers of cards begin, and how long they are; other numbers of that length are no card's."""


def cover_cards(text: str) -> str:
    """The text with every card number covered."""
    return _RUN.sub(lambda found: _covered(found.group()), text)


def _covered(written: str) -> str:
    digits = "".join(it for it in ascii_digits(written) if it.isdecimal())
    if not _is_issued(digits) or not _adds_up(digits):
        return written
    hidden = len(digits) - SHOWN
    seen = 0
    made = []
    for it in written:
        seen += it.isdecimal()
        made.append(COVER if it.isdecimal() and seen <= hidden else it)
    return "".join(made)


def _is_issued(digits: str) -> bool:
    return any(begins.match(digits) and len(digits) in lengths for begins, lengths in _ISSUED)


def _adds_up(digits: str) -> bool:
    """The check digit (ISO/IEC 7812, Luhn)."""
    doubled = [int(it) * (1 + place % 2) for place, it in enumerate(reversed(digits))]
    return sum(it - 9 if it > 9 else it for it in doubled) % 10 == 0
