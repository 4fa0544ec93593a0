"""SMPP 3.4 as bytes: the few operations a sender and a listener need."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

BIND_RECEIVER, BIND_TRANSMITTER, SUBMIT_SM, DELIVER_SM = 0x01, 0x02, 0x04, 0x05
UNBIND, ENQUIRE_LINK, GENERIC_NACK, REPLY = 0x06, 0x15, 0x80000000, 0x80000000
VERSION = 0x34
LARGEST = 100_000  # a length above it is a broken stream, not a message
_HEADER = struct.Struct(">IIII")

UDH, RECEIPT, INTERMEDIATE, KIND = 0x40, 0x04, 0x20, 0x3C
MESSAGE_PAYLOAD, RECEIPTED_ID, MESSAGE_STATE = 0x0424, 0x001E, 0x0427
SAR_REFERENCE, SAR_TOTAL, SAR_NUMBER = 0x020C, 0x020E, 0x020F


class Broken(Exception):
    """These bytes are not SMPP."""


@dataclass(frozen=True, slots=True)
class Pdu:
    """One operation or its reply."""

    command: int
    sequence: int
    status: int = 0
    body: bytes = field(default=b"", repr=False)

    def __bytes__(self) -> bytes:
        return _HEADER.pack(16 + len(self.body), self.command, self.status, self.sequence) + self.body


def header(data: bytes) -> tuple[int, int, int, int]:
    """Length of the body, command, status, sequence. Raises Broken."""
    length, command, status, sequence = _HEADER.unpack(data)
    if not 16 <= length <= LARGEST:
        raise Broken(f"a length of {length}")
    return length - 16, command, status, sequence


def bind_body(user: str, password: str, system_type: str) -> bytes:
    """Who we are. SMPP gives a password eight letters and a user fifteen; longer ones are sent as they are."""
    return b"".join((text(user), text(password), text(system_type), bytes([VERSION, 0, 0]), text("")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """One part of a message on its way out."""

    sender: str
    to: str
    data: bytes = field(repr=False)
    data_coding: int
    validity: str
    esm_class: int = 0
    options: Mapping[int, bytes] = field(default_factory=dict, repr=False)

    def body(self) -> bytes:
        head = (
            text("")
            + _address(self.sender)
            + _address(self.to)
            + bytes([self.esm_class, 0, 0])
            + text("")
            + text(self.validity)
        )
        # registered_delivery=1: a receipt for delivered and for failed.
        return head + bytes([1, 0, self.data_coding, 0, len(self.data)]) + self.data + tlvs(self.options)


@dataclass(frozen=True, slots=True)
class Deliver:
    """What a network hands to us: a receipt or a person's words."""

    sender: str = field(repr=False)
    to: str
    esm_class: int
    data_coding: int
    data: bytes = field(repr=False)
    options: Mapping[int, bytes] = field(repr=False)

    @property
    def is_receipt(self) -> bool:
        return self.esm_class & KIND in (RECEIPT, INTERMEDIATE)

    @property
    def is_intermediate(self) -> bool:
        """The network tried, and tries on."""
        return self.esm_class & KIND == INTERMEDIATE


def read_deliver(body: bytes) -> Deliver:
    """Raises Broken."""
    try:
        _, rest = _text(body)
        sender, rest = _text(rest[2:])
        to, rest = _text(rest[2:])
        esm_class, rest = rest[0], rest[3:]
        _, rest = _text(rest)
        _, rest = _text(rest)
        coding, length = rest[2], rest[4]
        data, options = rest[5 : 5 + length], read_tlvs(rest[5 + length :])
    except (IndexError, struct.error):
        raise Broken("a deliver_sm that ends too soon") from None
    return Deliver(sender, to, esm_class, coding, data or options.get(MESSAGE_PAYLOAD, b""), options)


def text(value: str) -> bytes:
    """A C-octet string. Raises Broken for what cannot stand in one."""
    if not value.isascii() or "\x00" in value:
        raise Broken("text outside ASCII, or with a zero in it")
    return value.encode("ascii") + b"\x00"


def reference_in(body: bytes) -> str:
    """The message id of a submit_sm_resp; one that lacks its end is as long as it is: the text was taken."""
    return body.partition(b"\x00")[0].decode("latin-1")


def tlvs(options: Mapping[int, bytes]) -> bytes:
    """Optional parameters."""
    return b"".join(struct.pack(">HH", tag, len(value)) + value for tag, value in options.items())


def read_tlvs(rest: bytes) -> dict[int, bytes]:
    """Optional parameters, up to the first that is cut short."""
    found: dict[int, bytes] = {}
    while len(rest) >= 4:
        tag, length = struct.unpack(">HH", rest[:4])
        if len(rest) < 4 + length:
            break
        found[tag] = rest[4 : 4 + length]
        rest = rest[4 + length :]
    return found


def _text(rest: bytes) -> tuple[str, bytes]:
    value, zero, after = rest.partition(b"\x00")
    if not zero:
        raise Broken("a text without its end")
    return value.decode("latin-1"), after


def _address(value: str) -> bytes:
    number = value.removeprefix("+")
    if not number.isdecimal():
        kind = (5, 0)  # a name
    elif value.startswith("+"):
        kind = (1, 1)
    else:
        kind = (3, 1)  # a short code of the network
    return bytes(kind) + text(number)
