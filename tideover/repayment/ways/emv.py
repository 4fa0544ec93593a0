"""QR codes of shops and banks: the payload of EMVCo's merchant-presented mode (EMV QRCPS v1.1), tag, length, value.

Lengths are two digits, so a value has at most 99 bytes. The last field is a CRC-16 over everything before it, its own
tag and length included (ISO/IEC 13239: polynomial 1021, begun with FFFF).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tideover.kit.errors import Refused

STATIC, ONCE = "11", "12"
"""Point of initiation: the same code for everybody, or for one payment."""

CRC = "63"
LONGEST = 99
MOST_WHOLE, MOST_OF_HUNDREDTHS = 10**13 - 1, 10**12 - 1
"""Minor units that the thirteen signs of an amount (tag 54) hold, its decimal point one of them."""


class NotAPayload(Refused):
    """The text of a code is not built as EMVCo says, or its check does not agree."""


class Field(NamedTuple):
    """One tag with its value."""

    tag: str
    value: str


def written(fields: Iterable[Field]) -> str:
    """Fields one after the other. Raises NotAPayload where one is too long."""
    return "".join(_one(it) for it in fields if it.value)


def payload(fields: Iterable[Field]) -> str:
    """The whole text of a code, its check at the end."""
    body = f"{written(fields)}{CRC}04"
    return f"{body}{crc16(body.encode()):04X}"


def read(text: str) -> dict[str, str]:
    """The fields of a whole code. Raises NotAPayload."""
    if len(text) < 8 or text[-8:-4] != f"{CRC}04" or f"{crc16(text[:-4].encode()):04X}" != text[-4:].upper():
        raise NotAPayload("The check at the end of this code does not agree with the rest of it.")
    return dict(fields(text))


def fields(text: str) -> Iterator[Field]:
    """The fields of a text, in order. Raises NotAPayload."""
    place = 0
    while place < len(text):
        head = text[place : place + 4]
        if len(head) < 4 or not head.isdecimal() or place + 4 + int(head[2:]) > len(text):
            raise NotAPayload("A field of this code is cut off.")
        place += 4
        yield Field(head[:2], text[place : place + int(head[2:])])
        place += int(head[2:])


def crc16(data: bytes) -> int:
    """CRC-16/IBM-3740, often called CCITT-FALSE."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def _one(field: Field) -> str:
    if len(field.value.encode()) > LONGEST or not field.value.isascii():
        raise NotAPayload(f"Field {field.tag} of a code holds at most {LONGEST} letters of ASCII.")
    return f"{field.tag}{len(field.value):02}{field.value}"
