"""What a local gateway posts about payments: one event or a list of them as JSON, signed with the secret we share.

`{"id", "kind", "amount", "currency", "at", "payment", "reference", "ref"}`: the amount in minor units, the moment in ISO
8601. `payment` is the code of a payment begun here, `reference` the loan's; one of both says what it is for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import get_args

from tideover.kit.keepable import keepable
from tideover.kit.money import LARGEST, Money, UnknownCurrency
from tideover.repayment.ways.contract import Forged, Heard, HeardKind
from tideover.repayment.ways.environment import secret_in
from tideover.repayment.ways.signing import require_signature

SECRET = "TIDEOVER_PAY_WEBHOOK_SECRET_FILE"  # noqa: S105 - the name of a setting


class HearsGateway:
    """A way whose payments a gateway of the country tells of."""

    environ: Mapping[str, str]

    def hear(self, body: bytes, headers: Mapping[str, str], at: datetime) -> Sequence[Heard]:
        return read_events(body, headers, secret=secret_in(self.environ, SECRET, "the shared secret"), at=at)


def read_events(body: bytes, headers: Mapping[str, str], *, secret: bytes, at: datetime) -> list[Heard]:
    """What was posted, in the order in which it was written. Raises Forged."""
    signed_at, signature = headers.get("X-Timestamp", ""), headers.get("X-Signature", "")
    require_signature(body, signed_at=signed_at, signatures=[signature], secret=secret, at=at)
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Forged("It is signed but is no JSON.") from None
    events = told if isinstance(told, list) else [told]
    return [heard for it in events if isinstance(it, dict) and (heard := _event(it, at))]


def _event(event: Mapping[str, object], at: datetime) -> Heard | None:
    said = {
        name: keepable(str(event.get(name) or "")) for name in ("id", "payment", "reference", "ref", "at")
    }
    kind = next((it for it in get_args(HeardKind) if it == event.get("kind")), None)
    if kind is None or not said["id"]:
        return None
    return Heard(
        said["id"][:200], kind, _money(event), _moment(said["at"], at), about=said["payment"], ref=said["ref"][:200],
        reference=said["reference"],
    )  # fmt: skip


def _money(event: Mapping[str, object]) -> Money | None:
    """The amount; None where it is none that can be meant."""
    minor, currency = event.get("amount"), event.get("currency")
    if not isinstance(minor, int) or isinstance(minor, bool) or not 0 < minor <= LARGEST:
        return None
    try:
        return Money(minor, str(currency))
    except UnknownCurrency:
        return None


def _moment(text: str, at: datetime) -> datetime:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return at
    return min(told, at) if told.tzinfo else at
