"""How a text becomes the bytes of text messages: the GSM alphabet where it suffices, UCS-2 elsewhere, cut at letters."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from tideover.delivery.channels.contract import Rejected

# 3GPP TS 23.038, the default alphabet in its order; 0x1B opens the second table.
_GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_SECOND = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
_BYTES = {letter: bytes([place]) for place, letter in enumerate(_GSM) if letter != "\x1b"} | {
    letter: bytes([0x1B, place]) for letter, place in _SECOND.items()
}
_FROM_GSM = {value: letter for letter, value in _BYTES.items()}
GSM, BYTES, UCS2 = 0, 4, 8
_ONE = {GSM: 160, UCS2: 140}
_EACH = {GSM: 153, UCS2: 134}
MOST_PARTS = 10
# Typed by habit or by a word processor; one of them would more than double the price of the whole message.
_PLAINER = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-",
                          "\u2026": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2060": None, "\ufeff": None})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lettered:
    """A text as parts of bytes, in one alphabet."""

    data_coding: int
    parts: tuple[bytes, ...]


def lettered(text: str) -> Lettered:
    """The text in as few parts as it takes. Raises Rejected when it is empty, too long or no text."""
    composed = unicodedata.normalize(
        "NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    )
    plain = composed.translate(_PLAINER)
    coding, words = (GSM, plain) if all(letter in _BYTES for letter in plain) else (UCS2, composed)
    try:
        letters = [_bytes_of(letter, coding) for letter in _whole_letters(words)]
    except UnicodeEncodeError:
        raise Rejected("malformed", permanent=True, said="the text holds half a character") from None
    if not letters:
        raise Rejected("malformed", permanent=True, said="a text message without text")
    parts = [b"".join(letters)]
    if len(parts[0]) > _ONE[coding]:
        parts = _filled(letters, _EACH[coding])
    if len(parts) > MOST_PARTS:
        raise Rejected("too_big", permanent=True, said=f"{len(parts)} parts; at most {MOST_PARTS}")
    return Lettered(coding, tuple(parts))


def read(data: bytes, data_coding: int) -> str:
    """What a phone sent us."""
    alphabet = _alphabet(data_coding)
    if alphabet == UCS2:
        return data.decode("utf-16-be", "replace")
    if data_coding in (1, 3):  # ASCII, and what has it as its first half
        return data.decode("latin-1")
    if alphabet == BYTES:
        return data.decode("utf-8", "replace")
    text, place = [], 0
    while place < len(data):
        step = 2 if data[place] == 0x1B else 1
        text.append(_FROM_GSM.get(data[place : place + step], "\ufffd"))
        place += step
    return "".join(text)


def _alphabet(data_coding: int) -> int:
    """Above 15 it is the phone's own word (3GPP TS 23.038, 4), with a class or a waiting voice mail beside it; below, SMPP's."""
    group = data_coding >> 4
    if group == 0xF:
        return data_coding & BYTES
    if group in (0xC, 0xD, 0xE):
        return UCS2 if group == 0xE else GSM
    if not data_coding:
        return GSM
    if data_coding & 0x0C == UCS2:
        return UCS2
    return GSM if group and not data_coding & 0x0C else BYTES


def _bytes_of(letter: str, coding: int) -> bytes:
    return b"".join(_BYTES[one] for one in letter) if coding == GSM else letter.encode("utf-16-be")


def _whole_letters(text: str) -> list[str]:
    """Letters with the marks that belong to them: a part must not begin with a vowel sign or half an emoji."""
    letters: list[str] = []
    for one in text:
        belongs = unicodedata.category(one) in ("Mn", "Mc", "Me") or one in "\u200c\u200d\ufe0f"
        after_joiner = (
            letters and letters[-1][-1] in "\u200d\u09cd\u094d" and unicodedata.category(one)[0] in "LS"
        )
        if letters and (belongs or after_joiner) and len(letters[-1]) < 16:
            letters[-1] += one
        else:
            letters.append(one)
    return letters


def _filled(letters: list[bytes], size: int) -> list[bytes]:
    parts = [b""]
    for letter in letters:
        if len(parts[-1]) + len(letter) > size:
            parts.append(b"")
        parts[-1] += letter
    return parts
