"""The lease queue: decisions are taken in, people are claimed by a worker, outcomes are written once.

Recorded first, sent second. A worker holds a claim with a fencing number: whoever comes back after the lease has
passed finds another number and can change nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from tideover.book.actions import record
from tideover.book.models import FACTS
from tideover.delivery.models import Message
from tideover.kit.calendars import offset_at, zone_names
from tideover.strategy.models import Decision
from tideover.strategy.telling import words

A_CLAIM = 500
DAY = 86_400
GONE = ("accepted", "unknown")
"""States of a contact that left, or may have: it counts from the moment at which it did, not from the one it was planned for."""

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No letters that look like digits: a code is read over the phone."""


def take(*, at: datetime, most: int = 5_000) -> int:
    """Put the contacts that were decided on into the outbox, and into the facts as queued. How many."""
    decisions = list(Decision.objects.filter(taken_at__isnull=True).order_by("send_at")[:most])
    if not decisions:
        return 0
    zones = _zones(it.person_id for it in decisions)
    made = [_message(it, zones.get(it.person_id, "UTC")) for it in decisions]
    with transaction.atomic():
        Message.objects.bulk_create(made, batch_size=A_CLAIM, ignore_conflicts=True)
        kept = set(
            Message.objects.filter(contact_id__in=[it.contact_id for it in made]).values_list(
                "contact_id", flat=True
            )
        )
        Decision.objects.filter(pk__in=[it.pk for it in decisions]).update(taken_at=int(at.timestamp()))
        note([it for it in made if it.contact_id in kept], "queued", at=at)
    return len(kept)


def note(messages: Sequence[Message], state: str, *, at: datetime) -> None:
    """The contacts as facts, in a new state; queued ones with what else they are about."""
    channels = words().lists.channels
    rows = [
        {
            "contact_id": it.contact_id, "person_id": it.person_id, "channel": it.channel, "purpose": it.purpose,
            "subject": it.subject, "send_at": at if state in GONE else it.send_at, "use_by": it.use_by, "state": state,
            "cost": channels[it.channel].cost, "decision_id": it.decision_id or "",
        }
        for it in messages
    ]  # fmt: skip
    record("contacts", rows, source="delivery", at=at)
    topics = [
        {"contact_id": it.contact_id, "loan_id": subject}
        for it in messages
        for subject, _ in it.occasion.get("topics", [])
        if state == "queued" and subject and subject != it.subject
    ]
    record("contact_topics", topics, source="delivery", at=at)


def _message(decision: Decision, zone: str) -> Message:
    purpose = words().lists.purposes[decision.purpose]
    moment = int(decision.send_at.timestamp())
    return Message(
        contact_id=decision.decision_id, decision=decision, person_id=decision.person_id, purpose=decision.purpose,
        purpose_class=purpose.purpose_class, subject=decision.subject, channel=decision.channel, send_at=decision.send_at,
        use_by=decision.use_by, local_day=divmod(moment + offset_at(zone, moment), DAY)[0], due_at=decision.send_at,
        occasion={"topics": decision.topics, "offers": decision.offers, "lesson": decision.lesson, "tone": decision.tone,
                  "values": decision.values},
        resend=purpose.resend, message_id=secrets.token_hex(16), code=new_code(), language=decision.language,
    )  # fmt: skip


def lease() -> timedelta:
    """How long a worker holds what it claimed."""
    return timedelta(seconds=settings.LEASE_SECONDS)


def new_code() -> str:
    """Eight letters and digits that say this message is ours."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(8))


def _zones(people: Iterable[str]) -> dict[str, str]:
    rows = FACTS["borrowers"].objects.filter(borrower_id__in=set(people)).order_by("recorded_at")
    known = zone_names()
    return {person: zone for person, zone in rows.values_list("borrower_id", "timezone") if zone in known}


def is_anything_due(*, at: datetime, channels: Sequence[str] = ()) -> bool:
    """Is there a message whose moment has come?"""
    return _due(at, channels).exists()


def _due(at: datetime, channels: Sequence[str]) -> QuerySet[Message]:
    due = Message.objects.filter(state="queued", due_at__lte=int(at.timestamp()))
    return due.filter(channel__in=channels) if channels else due


def claim(*, worker: str, at: datetime, most: int = A_CLAIM, channels: Sequence[str] = ()) -> list[Message]:
    """Messages whose moment has come, one a person, leased to this worker."""
    with transaction.atomic():
        due = _due(at, channels).order_by("due_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        busy = set(
            Message.objects.filter(state__in=("claimed", "sending")).values_list("person_id", flat=True)
        )
        chosen: dict[str, Message] = {}
        for it in due[: most * 2]:
            if it.person_id not in busy and len(chosen) < most:
                chosen.setdefault(it.person_id, it)
        mine = [it.pk for it in chosen.values()]
        until = int((at + lease()).timestamp())
        Message.objects.filter(pk__in=mine, state="queued").update(
            state="claimed", worker=worker, lease_until=until, fence=F("fence") + 1
        )
        mine_now = Message.objects.filter(pk__in=mine, worker=worker, state="claimed")
        return list(mine_now.select_related("decision"))


def renew(messages: Sequence[Message], *, worker: str, at: datetime) -> int:
    """Hold on to what this worker still holds. A lease that is over is not taken back: whoever slept through it has lost it."""
    held = Message.objects.filter(
        pk__in=[it.pk for it in messages], worker=worker, state__in=("claimed", "sending")
    )
    moment = int(at.timestamp())
    return held.filter(lease_until__gt=moment).update(lease_until=int((at + lease()).timestamp()))


def free_orphans(*, at: datetime) -> int:
    """Messages whose worker died: those not yet on their way are due again; for the others nobody knows, so none is sent twice.

    Only what may be repeated without harm (receipts, codes, duties) goes out again, with the same message id.
    """
    late = Q(lease_until__lt=int(at.timestamp()))
    with transaction.atomic():
        back = Message.objects.filter(late, state="claimed").update(
            state="queued", worker="", fence=F("fence") + 1
        )
        lost = list(Message.objects.select_for_update().filter(late, state="sending"))
        for it in lost:
            settle(it, "unknown", at=at, because="worker_lost")
    return back + len(lost)


def begin(message: Message, *, at: datetime) -> bool:
    """Write down that it is about to leave. False: the claim is no longer ours, or somebody wrote about the person."""
    held = Message.objects.filter(
        pk=message.pk, fence=message.fence, state="claimed", lease_until__gt=int(at.timestamp())
    )
    return bool(
        held.update(
            state="sending", body=message.body, address_id=message.address_id, language=message.language, attempts=F("attempts") + 1
        )
    )  # fmt: skip


@transaction.atomic
def settle(message: Message, state: str, *, at: datetime, because: str = "", reference: str = "") -> bool:
    """Write down what became of it, once. False: the claim is no longer ours."""
    moment = int(at.timestamp())
    held = Message.objects.filter(pk=message.pk, fence=message.fence, state__in=("claimed", "sending"))
    if state == "unknown" and message.resend:
        again = int((at + timedelta(minutes=2)).timestamp())
        changed = held.update(
            state="queued", due_at=again, maybe_twice=True, fence=F("fence") + 1, because=because
        )
    else:
        changed = held.update(
            state=state, because=because, reference=reference, ended_at=moment, fence=F("fence") + 1
        )
    if changed:
        note([message], state, at=at)
    return bool(changed)


def postpone(message: Message, *, until: datetime, because: str) -> bool:
    """Not now: it is looked at again at that moment."""
    held = Message.objects.filter(pk=message.pk, fence=message.fence, state__in=("claimed", "sending"))
    moment = int(until.timestamp())
    return bool(held.update(state="queued", due_at=moment, because=because, worker="", fence=F("fence") + 1))


def cancel(
    people: Iterable[str],
    *,
    at: datetime,
    because: str,
    channel: str = "",
    keep: Sequence[str] = (),
    purpose: str = "",
) -> int:
    """Nothing that is queued for these people, by this channel or any, leaves any more, save the purpose classes to keep."""
    waiting = Message.objects.filter(person_id__in=set(people), state="queued").exclude(
        purpose_class__in=keep
    )
    waiting = waiting.filter(channel=channel) if channel else waiting
    waiting = waiting.filter(purpose=purpose) if purpose else waiting
    with transaction.atomic():
        queued = list(waiting.select_for_update())
        Message.objects.filter(pk__in=[it.pk for it in queued]).update(
            state="suppressed", because=because, ended_at=int(at.timestamp()), fence=F("fence") + 1
        )
        note(queued, "suppressed", at=at)
    return len(queued)
