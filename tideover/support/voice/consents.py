"""What she allows: one class of purposes in one channel, given and taken back with one press each, under the words she saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.book.actions import record
from tideover.book.consents import agreed_text
from tideover.book.newest import newest
from tideover.book.surrogates import surrogate_of
from tideover.delivery import outbox
from tideover.delivery.models import Message
from tideover.engine.decision.candidates import NEVER_REFUSED
from tideover.kit.errors import Refused
from tideover.strategy.telling import words
from tideover.support.voice.facts import SOURCE, columns

CHANNELS = ("email", "sms", "app", "push", "letter", "call")
CLASSES = ("reminder", "collection", "status", "help", "lesson", "survey", "offer")
"""What may be refused. Duties, receipts and answers to what she starts always come."""

ALL = "all"


class UnknownConsent(Refused):
    """There is no such consent to give or to take back."""


@dataclass(frozen=True)
class Consent:
    """What she said about a class in a channel: allowed, stopped, or nothing yet."""

    channel: str
    purpose_class: str
    state: str
    since: datetime | None


def consents_of(person_id: str, channel: str) -> list[Consent]:
    """What she said about each class in a channel; a stop of all stands for each that was not said since."""
    rows = {(it.channel, it.purpose_class): it for it in newest("consents", person_id=person_id)}
    return [
        _said(channel, each, [rows.get((c, p)) for c in (channel, ALL) for p in (each, ALL)])
        for each in CLASSES
    ]


def _said(channel: str, purpose_class: str, rows: list[object]) -> Consent:
    """The engine takes a refusal of any of these for a refusal, so the page says the same."""
    known = [it for it in rows if it is not None]
    for it in known:
        granted, withdrawn = it.granted_at, it.withdrawn_at  # type: ignore[attr-defined]
        if withdrawn is not None and (granted is None or withdrawn >= granted):
            return Consent(channel, purpose_class, "stopped", withdrawn)
    given = [it.granted_at for it in known if it.granted_at is not None]  # type: ignore[attr-defined]
    return Consent(channel, purpose_class, "allowed" if given else "not_said", given[0] if given else None)


@transaction.atomic
def allow(
    *, person_id: str, channel: str, purpose_class: str, text: str, language: str, at: datetime
) -> None:
    """She allows it, in these very words. What stopped it more widely is split up, so that the rest stays stopped."""
    _check(channel, purpose_class)
    text_hash = agreed_text(text, language=language, at=at)
    rows: list[dict[str, object]] = [
        {
            "person_id": person_id, "channel": channel, "purpose_class": purpose_class, "granted_at": at, "withdrawn_at": None,
            "text_hash": text_hash, "shown_in": "portal",
        }
    ]  # fmt: skip
    for wide in _stops_over(person_id, channel, purpose_class):
        rows += _split(wide, channel, purpose_class)
    record("consents", rows, source=SOURCE, at=at)
    _noted("consent_given", person_id, channel, purpose_class, at)


@transaction.atomic
def stop(*, person_id: str, channel: str, purpose_class: str, at: datetime) -> None:
    """She takes it back; what waits of it does not leave."""
    _check(channel, purpose_class)
    mine = [
        it
        for it in newest("consents", person_id=person_id, channel=channel)
        if it.purpose_class == purpose_class
    ]
    key = {"person_id": person_id, "channel": channel, "purpose_class": purpose_class}
    record("consents", [{**(columns(mine[0]) if mine else key), "withdrawn_at": at}], source=SOURCE, at=at)
    waiting = Message.objects.filter(
        person_id=person_id, state="queued", channel=channel, purpose_class=purpose_class
    )
    for purpose in set(waiting.values_list("purpose", flat=True)):
        outbox.cancel(
            [person_id], at=at, because="opted_out", channel=channel, purpose=purpose, keep=NEVER_REFUSED
        )
    _noted("consent_taken_back", person_id, channel, purpose_class, at)


def _stops_over(person_id: str, channel: str, purpose_class: str) -> list[object]:
    """Refusals that cover more than this one thing."""
    exact = (channel, purpose_class)
    rows = [it for it in newest("consents", person_id=person_id) if (it.channel, it.purpose_class) != exact]
    return [
        it
        for it in rows
        if it.channel in (channel, ALL) and it.purpose_class in (purpose_class, ALL)
        and it.withdrawn_at is not None and (it.granted_at is None or it.withdrawn_at >= it.granted_at)
    ]  # fmt: skip


def _split(wide: object, channel: str, purpose_class: str) -> list[dict[str, object]]:
    """The wide stop ends, and each of its other parts is a stop of its own, as old as it was."""
    was = columns(wide)  # type: ignore[arg-type]
    lists = words().lists
    channels = list(lists.channels) if was["channel"] == ALL else [was["channel"]]
    refusable = [it for it in lists.classes if it not in NEVER_REFUSED]
    classes = refusable if was["purpose_class"] == ALL else [was["purpose_class"]]
    parts = [
        {**was, "channel": c, "purpose_class": p, "granted_at": None}
        for c in channels for p in classes if (c, p) != (channel, purpose_class)
    ]  # fmt: skip
    known = {(it.channel, it.purpose_class) for it in newest("consents", person_id=was["person_id"])}
    fresh = [it for it in parts if (it["channel"], it["purpose_class"]) not in known]
    return [{**was, "granted_at": None, "withdrawn_at": None}, *fresh]


def _check(channel: str, purpose_class: str) -> None:
    if channel not in CHANNELS or purpose_class not in CLASSES:
        raise UnknownConsent("This cannot be allowed or stopped here.")


def _noted(action: str, person_id: str, channel: str, purpose_class: str, at: datetime) -> None:
    her = surrogate_of(person_id)
    note(
        action=action,
        by=person_actor(her),
        at=at,
        about=her,
        detail={"channel": channel, "class": purpose_class},
    )
