"""What Stripe's webhooks tell, in our words: paid, on its way, failed, given back, charged back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from tideover.kit.money import LARGEST, Money, UnknownCurrency
from tideover.repayment.ways.card.settings import StripeSettings
from tideover.repayment.ways.contract import Forged, Heard, HeardKind
from tideover.repayment.ways.signing import require_signature

SCHEME = "v1"


def read_events(body: bytes, signature: str, settings: StripeSettings, at: datetime) -> list[Heard]:
    """One webhook. What is signed and not about a payment of ours is nothing. Raises Forged."""
    signed_at, signatures = _parts(signature)
    require_signature(body, signed_at=signed_at, signatures=signatures, secret=settings.signing, at=at)
    try:
        event = json.loads(body)
        told: Mapping[str, Any] = event["data"]["object"]
        kind, id_, created = (
            str(event["type"]),
            str(event["id"]),
            datetime.fromtimestamp(event["created"], UTC),
        )
    except (ValueError, KeyError, TypeError, RecursionError, OSError, OverflowError):
        raise Forged("It is signed but is no event.") from None
    if bool(event.get("livemode")) != settings.is_live:
        raise Forged("The event is of the other mode: tests and real money are kept apart.")
    if settings.account and event.get("account", settings.account) != settings.account:
        raise Forged("The event is of another account.")
    read = READ.get(kind)
    found = read(told) if read and isinstance(told, Mapping) else None
    if found is None:
        return []
    what, minor = found
    return [Heard(id_[:200], what, _money(minor, told), min(created, at), about=_ours(told), ref=_ref(told))]


def _parts(header: str) -> tuple[str, list[str]]:
    """The moment and every signature in `Stripe-Signature`."""
    pairs = [it.strip().partition("=") for it in header.split(",")]
    signed_at = next((value for name, _, value in pairs if name == "t"), "")
    return signed_at, [value for name, _, value in pairs if name == SCHEME]


Found = tuple[HeardKind, object] | None


def _completed(told: Mapping[str, Any]) -> Found:
    """The page was gone through. Cards are paid then; a debit or transfer only begins."""
    return ("paid" if told.get("payment_status") == "paid" else "on_its_way"), told.get("amount_total")


def _refunded(told: Mapping[str, Any]) -> Found:
    return "refunded", told.get("amount_refunded")


def _dispute_closed(told: Mapping[str, Any]) -> Found:
    return ("charge_back_won", told.get("amount")) if told.get("status") == "won" else None


def _is(kind: HeardKind, amount: str) -> Callable[[Mapping[str, Any]], Found]:
    return lambda told: (kind, told.get(amount))


READ: dict[str, Callable[[Mapping[str, Any]], Found]] = {
    "checkout.session.completed": _completed,
    "checkout.session.async_payment_succeeded": _is("paid", "amount_total"),
    "checkout.session.async_payment_failed": _is("failed", "amount_total"),
    "checkout.session.expired": _is("failed", "amount_total"),
    "payment_intent.processing": _is("on_its_way", "amount"),
    "payment_intent.succeeded": _is("paid", "amount_received"),
    "charge.refunded": _refunded,
    "charge.dispute.funds_withdrawn": _is("charged_back", "amount"),
    "charge.dispute.closed": _dispute_closed,
}
"""A failed attempt (`payment_intent.payment_failed`) ends nothing: on the page she may try another card."""


def _ref(told: Mapping[str, Any]) -> str:
    """The payment intent, under which session, charge and dispute belong together."""
    found = told.get("id") if told.get("object") == "payment_intent" else told.get("payment_intent")
    return str(found or "")[:200]


def _ours(told: Mapping[str, Any]) -> str:
    metadata = told.get("metadata")
    return str(metadata.get("tideover") or "")[:64] if isinstance(metadata, Mapping) else ""


def _money(minor: object, told: Mapping[str, Any]) -> Money | None:
    if not isinstance(minor, int) or isinstance(minor, bool) or not 0 < minor <= LARGEST:
        return None
    try:
        return Money(minor, str(told.get("currency")).upper())
    except UnknownCurrency:
        return None
