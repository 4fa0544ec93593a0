"""tideover verify contacts: does what was sent keep to what was known when it left? Read from the rows, not from the engine."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from tideover.book.models import FACTS
from tideover.delivery.models import EACH_ITS_OWN, ENDED, Message
from tideover.engine.decision.candidates import NEVER_REFUSED
from tideover.strategy.telling import words

EVERY = "all"


def verify_contacts(*, at: datetime) -> dict[str, int]:
    """How many messages left against a refusal or a hold that stood, came twice, or are held by nobody. All should be 0."""
    left = list(Message.objects.filter(state__in=("accepted", "unknown")).order_by("ended_at"))
    people = {it.person_id for it in left}
    return {
        "messages": len(left),
        "after_a_refusal": sum(_refused(left, people)),
        "during_a_hold_that_stops_everything": sum(_held(left, people)),
        "twice_a_day": _twice(left),
        "held_by_nobody": Message.objects.exclude(state__in=[*ENDED, "queued"])
        .filter(lease_until__lt=int(at.timestamp()) - 60)
        .count(),
    }


def _refused(left: list[Message], people: set[str]) -> list[bool]:
    """Was consent for this channel and class withdrawn, and known to be, before the message left?"""
    said: dict[tuple[str, str, str], list[tuple[datetime, bool]]] = {}
    for row in FACTS["consents"].objects.filter(person_id__in=people).order_by("recorded_at", "id"):
        refused = row.withdrawn_at is not None and (
            row.granted_at is None or row.withdrawn_at >= row.granted_at
        )
        said.setdefault((row.person_id, row.channel, row.purpose_class), []).append(
            (row.recorded_at, refused)
        )
    return [_was_refused(it, said) for it in left if it.purpose_class not in NEVER_REFUSED]


def _was_refused(message: Message, said: dict[tuple[str, str, str], list[tuple[datetime, bool]]]) -> bool:
    keys = (
        (channel, of_class)
        for channel in (message.channel, EVERY)
        for of_class in (message.purpose_class, EVERY)
    )
    left_at = message.ended_at or message.send_at
    for channel, of_class in keys:
        known = [
            refused
            for when, refused in said.get((message.person_id, channel, of_class), [])
            if when < left_at
        ]
        if known and known[-1]:
            return True
    return False


def _held(left: list[Message], people: set[str]) -> list[bool]:
    kinds = [name for name, it in words().lists.holds.items() if not it.passes]
    latest: dict[str, dict[str, tuple[datetime, datetime | None]]] = {}
    for row in (
        FACTS["holds"].objects.filter(person_id__in=people, kind__in=kinds).order_by("recorded_at", "id")
    ):
        latest.setdefault(row.person_id, {})[row.hold_id] = (
            max(row.recorded_at, row.from_at or row.recorded_at),
            row.until_at,
        )
    return [
        any(_stood(it.ended_at, since, until) for since, until in latest.get(it.person_id, {}).values())
        for it in left
    ]


def _stood(at: datetime | None, since: datetime, until: datetime | None) -> bool:
    return at is not None and since < at and (until is None or until > at)


def _twice(left: list[Message]) -> int:
    once_a_day = (it for it in left if it.purpose not in EACH_ITS_OWN)
    counted = Counter((it.person_id, it.purpose, it.subject, it.local_day) for it in once_a_day)
    return sum(1 for count in counted.values() if count > 1)
