"""What networks and gateways tell afterwards: receipts, and the words people send back."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta

from tideover.delivery.channels.contract import RejectedKind
from tideover.delivery.channels.sms import pdu
from tideover.delivery.channels.sms.gateway import KINDS
from tideover.delivery.channels.sms.lettering import read
from tideover.delivery.channels.sms.pdu import Deliver
from tideover.delivery.incoming.received import Answered, Receipt, State
from tideover.kit.errors import Refused
from tideover.kit.keepable import keepable

TOLERANCE = timedelta(minutes=5)
LARGEST_MARK = 0x7FFFFFFF
"""SMPP gives a mark two bytes; of a longer one what a column holds."""
_STATES: dict[str, State] = {
    "DELIVRD": "delivered", "READ": "delivered", "ENROUTE": "on_the_way", "ACCEPTD": "on_the_way",
    "SCHEDULED": "on_the_way", "EXPIRED": "expired", "DELETED": "failed", "UNDELIV": "failed",
    "REJECTD": "failed", "UNKNOWN": "unknown",
}  # fmt: skip
_BY_NUMBER: dict[int, State] = {
    1: "on_the_way", 2: "delivered", 3: "expired", 4: "failed", 5: "failed", 6: "on_the_way", 7: "unknown", 8: "failed",
}  # fmt: skip
_FIELD = re.compile(r"\b(id|stat|err|done date):(\S*)", re.IGNORECASE)
# Widely used error numbers of GSM 09.02; networks differ, so all others say nothing about the number.
_NOBODY = frozenset({"001", "1"})


class Forged(Refused):
    """A receipt whose signature is missing, wrong or too old."""


def heard(got: Deliver, at: datetime) -> Receipt | Answered:
    """A deliver_sm as what it is."""
    if got.is_receipt:
        return _receipt(got, at)
    data, part = _without_header(got)
    text, sender = keepable(read(data, got.data_coding)), _international(got.sender)
    raw = data if part else b""
    return Answered("sms", sender, got.to, text, at, part=part, raw=raw, coding=got.data_coding)


def unread(body: bytes, at: datetime) -> Answered | None:
    """What a person can still read of a deliver_sm that we cannot: of whom, nobody knows. None where there is no letter in it."""
    told = keepable(body.decode("utf-8", "replace"))
    text = " ".join("".join(one if one.isprintable() else " " for one in told).split())
    return Answered("sms", "", "", text, at) if any(one.isalpha() for one in text) else None


def _receipt(got: Deliver, at: datetime) -> Receipt:
    said = {name.lower(): value for name, value in _FIELD.findall(got.data.decode("latin-1"))}
    number = (got.options.get(pdu.MESSAGE_STATE) or b"\x00")[-1]
    state = _BY_NUMBER.get(number) or _STATES.get(said.get("stat", "").upper()[:9], "unknown")
    if got.is_intermediate and state != "delivered":
        state = "on_the_way"
    reference = got.options.get(pdu.RECEIPTED_ID, b"").rstrip(b"\x00").decode("latin-1") or said.get("id", "")
    reference, error = keepable(reference), said.get("err", "")
    gone = state == "failed" and error in _NOBODY
    kind: RejectedKind | None = "bad_address" if gone else "other" if state == "failed" else None
    return Receipt("sms", reference, state, at, kind=kind, permanent=gone, said=error)


def _without_header(got: Deliver) -> tuple[bytes, tuple[int, int, int] | None]:
    """The words without the header of a long message's part: its mark, how many there are, which this is."""
    if got.esm_class & pdu.UDH and got.data and got.data[0] < len(got.data):
        return got.data[1 + got.data[0] :], _mark_in(got.data[1 : 1 + got.data[0]])
    sar = [got.options.get(tag) for tag in (pdu.SAR_REFERENCE, pdu.SAR_TOTAL, pdu.SAR_NUMBER)]
    if all(sar):
        mark, total, number = (int.from_bytes(it or b"", "big") for it in sar)
        return got.data, (mark & LARGEST_MARK, total, number)
    return got.data, None


def _mark_in(header: bytes) -> tuple[int, int, int] | None:
    """Of a part its mark, which may stand behind other elements: ports, or a language's table (3GPP TS 23.040, 9.2.3.24)."""
    while len(header) >= 2:
        kind, said, header = header[0], header[2 : 2 + header[1]], header[2 + header[1] :]
        if kind == 0 and len(said) == 3:
            return said[0], said[1], said[2]
        if kind == 8 and len(said) == 4:
            return int.from_bytes(said[:2], "big"), said[2], said[3]
    return None


def _international(number: str) -> str:
    """As the book has it: networks and gateways leave the + away."""
    return f"+{number}" if number.isdecimal() and len(number) > 6 else number


def signature_of(body: bytes, at: str, secret: bytes) -> str:
    """What a gateway writes beside a webhook: HMAC-SHA256 over the moment (epoch seconds), a full stop and the raw body."""
    return hmac.new(secret, at.encode() + b"." + body, hashlib.sha256).hexdigest()


def read_webhook(
    body: bytes, *, signed_at: str, signature: str, secret: bytes, at: datetime
) -> list[Receipt | Answered]:
    """A gateway's webhook: one event or a list of them. Raises Forged for anything that is not surely its own."""
    if len(secret) < 16:
        raise Forged("No webhook is taken without a secret of at least 16 bytes.")
    if not hmac.compare_digest(signature_of(body, signed_at, secret).encode(), signature.encode()):
        raise Forged("The signature of this webhook is not that of its body.")
    if not (signed_at.isascii() and signed_at.isdecimal() and len(signed_at) <= 12):
        raise Forged("The moment of this webhook is no number of seconds.")
    if abs(at - datetime.fromtimestamp(int(signed_at), UTC)) > TOLERANCE:
        raise Forged("This webhook was signed more than five minutes away from now.")
    try:
        # A text that was cut within a letter spoils that letter alone, and an id of a thousand digits nothing.
        told = json.loads(body.decode(json.detect_encoding(body), "replace"), parse_int=str)
    except (ValueError, RecursionError):
        raise Forged("This webhook is signed but is no JSON.") from None
    events = told if isinstance(told, list) else [told]
    return [found for event in events if isinstance(event, dict) and (found := _event(event, at))]


def _event(event: dict[str, object], at: datetime) -> Receipt | Answered | None:
    said = {
        name: keepable(str(event.get(name, "")))
        for name in ("id", "reference", "state", "error", "from", "to", "text")
    }
    if said["text"]:
        sender = _international(said["from"])
        return Answered("sms", sender, said["to"], said["text"], at, reference=said["id"])
    if not (said["id"] or said["reference"]):
        return None
    states: dict[str, State] = {it: it for it in ("delivered", "on_the_way", "expired", "failed")}
    state = states.get(said["state"], "unknown")
    kind: RejectedKind | None = KINDS.get(said["error"], "other") if state == "failed" else None
    gone = kind == "bad_address"
    return Receipt(
        "sms", said["id"] or said["reference"], state, at, kind=kind, permanent=gone, said=said["error"],
        ours=said["reference"],
    )  # fmt: skip
