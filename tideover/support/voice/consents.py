"""What she allows: one class of purposes in one channel, given and taken back with one press each, under the words she saw."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.book.actions import record
from tideover.book.consents import agreed_text
from tideover.book.models import Fact
from tideover.book.newest import newest
from tideover.book.surrogates import surrogate_of
from tideover.delivery import outbox
from tideover.delivery.models import Message
from tideover.engine.decision.candidates import NEVER_REFUSED
from tideover.kit.errors import Refused
from tideover.strategy.telling import words
from tideover.support.voice.facts import SOURCE

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
    consent: dict[str, object] = {
        "person_id": person_id, "channel": channel, "purpose_class": purpose_class, "granted_at": at, "text_hash": text_hash,
        "shown_in": "portal",
    }  # fmt: skip
    record("consents", given(consent), source=SOURCE, at=at)
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
    record("consents", [ended(mine[0].as_row if mine else key, at=at)], source=SOURCE, at=at)
    waiting = Message.objects.filter(
        person_id=person_id, state="queued", channel=channel, purpose_class=purpose_class
    )
    for purpose in set(waiting.values_list("purpose", flat=True)):
        outbox.cancel(
            [person_id], at=at, because="opted_out", channel=channel, purpose=purpose, keep=NEVER_REFUSED
        )
    _noted("consent_taken_back", person_id, channel, purpose_class, at)


def ended(
    consent: Mapping[str, object], *, at: datetime, said_at: datetime | None = None
) -> dict[str, object]:
    """The row of a stop told now. A consent of a day to come, by a clock that was ahead, does not outlive it."""
    granted_at = consent.get("granted_at")
    has_been_given = isinstance(granted_at, datetime) and granted_at <= at
    return {**consent, "granted_at": granted_at if has_been_given else None, "withdrawn_at": said_at or at}


def given(consent: Mapping[str, object]) -> list[dict[str, object]]:
    """The rows of a consent wherever it was given. What stopped it more widely before is split up; a stop since stays a stop."""
    person_id, granted_at = str(consent["person_id"]), consent["granted_at"]
    channel, purpose_class = str(consent["channel"]), str(consent["purpose_class"])
    known = newest("consents", person_id=person_id)
    stops = [it for it in known if _is_stop(it)]
    since = [
        it.withdrawn_at for it in stops
        if (it.channel, it.purpose_class) == (channel, purpose_class) and it.withdrawn_at > granted_at
    ]  # fmt: skip
    rows = [{**consent, "withdrawn_at": since[0] if since else None}]
    said = {(it.channel, it.purpose_class) for it in known} | {(channel, purpose_class)}
    for wide in stops:
        covers = wide.channel in (channel, ALL) and wide.purpose_class in (purpose_class, ALL)
        if (
            covers
            and (wide.channel, wide.purpose_class) != (channel, purpose_class)
            and wide.withdrawn_at <= granted_at
        ):
            parts = _parts(wide, channel, purpose_class, said)
            said |= {(str(it["channel"]), str(it["purpose_class"])) for it in parts}
            rows += [{**wide.as_row, "granted_at": None, "withdrawn_at": None}, *parts]
    return rows


def _is_stop(row: Any) -> bool:
    return row.withdrawn_at is not None and (row.granted_at is None or row.withdrawn_at >= row.granted_at)


def _parts(
    wide: Fact, channel: str, purpose_class: str, said: Set[tuple[str, str]]
) -> list[dict[str, object]]:
    """What else a wide stop stopped, each a stop of its own and as old as it was; not what she said something of by itself."""
    was, lists = wide.as_row, words().lists
    channels = list(lists.channels) if was["channel"] == ALL else [str(was["channel"])]
    refusable = [it for it in lists.classes if it not in NEVER_REFUSED]
    classes = refusable if was["purpose_class"] == ALL else [str(was["purpose_class"])]
    return [
        {**was, "channel": c, "purpose_class": p, "granted_at": None}
        for c in channels for p in classes
        if not (channel in (c, ALL) and purpose_class in (p, ALL)) and (c, p) not in said
    ]  # fmt: skip


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
