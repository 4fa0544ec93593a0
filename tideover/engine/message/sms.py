"""How many parts a text message takes: the default alphabet of 3GPP TS 23.038, or UCS-2 where one sign is not in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Signs that follow an escape and so take two septets, which may not be parted."""

_SINGLE = {"GSM-7": 160, "UCS-2": 70}
_PART = {"GSM-7": 153, "UCS-2": 67}
"""What one part of several holds: its header takes six octets."""

_PLAIN_SIGNS = str.maketrans({
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2026": "...",
})  # fmt: skip

LETTERS_OF_THE_ALPHABET = frozenset({"en"})
"""Languages of ours that are written with the default alphabet alone; a message in them should take one part."""

MOST_PARTS = 2


@dataclass(frozen=True)
class Segments:
    """A text message as it goes over the air: its encoding, the units it takes and the parts it is cut into."""

    encoding: Encoding
    units: int
    parts: int


def segments_of(text: str) -> Segments:
    """How a text goes over the air."""
    gsm = all(sign in _BASIC or sign in _EXTENDED for sign in text)
    encoding: Encoding = "GSM-7" if gsm else "UCS-2"
    widths = [_width(sign, encoding) for sign in text]
    units = sum(widths)
    if units <= _SINGLE[encoding]:
        return Segments(encoding, units, 1)
    return Segments(encoding, units, _parts(widths, _PART[encoding]))


def _width(sign: str, encoding: Encoding) -> int:
    if encoding == "GSM-7":
        return 2 if sign in _EXTENDED else 1
    return len(sign.encode("utf-16-be")) // 2


def _parts(widths: list[int], room: int) -> int:
    """A sign of two units is never cut in half: where it does not fit, the next part begins with it."""
    parts, left = 1, room
    for width in widths:
        if width > left:
            parts, left = parts + 1, room
        left -= width
    return parts


def most_parts(language: str) -> int:
    """The parts a message should take at most: one where the script allows it, two elsewhere."""
    return 1 if language in LETTERS_OF_THE_ALPHABET else MOST_PARTS


def plain_signs(text: str) -> str:
    """Typographic signs as the default alphabet has them: one curly quote would more than halve what a part holds."""
    plain = text.translate(_PLAIN_SIGNS)
    return plain if segments_of(plain).encoding == "GSM-7" else text
