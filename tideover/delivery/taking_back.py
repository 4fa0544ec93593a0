"""Undo of a stop: whoever asked us to stop and did not mean it gets back just what stood before."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.book.actions import record
from tideover.book.models import FACTS, Fact
from tideover.book.surrogates import surrogate_of
from tideover.delivery import outbox
from tideover.delivery.models import Answer, Message
from tideover.kit.errors import Refused
from tideover.strategy.models import Decision

UNDOABLE = frozenset({"stop"})
"""What changed facts alone; whatever a person of ours already works on is talked about, not undone."""
CONFIRMS = "opt_out_confirmed"
WISHES = ("consents", "preferences")


class NothingToUndo(Refused):
    """There is no such answer to take back."""


@transaction.atomic
def take_back(*, message: Message, kind: str, at: datetime) -> Answer:
    """Consents and wishes stand again as before the answer. What was cancelled meanwhile stays so. Raises NothingToUndo."""
    answer = Answer.objects.filter(message=message, kind=kind).order_by("-at", "-pk").first()
    if answer is None or kind not in UNDOABLE:
        raise NothingToUndo("There is nothing to undo.")
    later = max(at, answer.at + timedelta(seconds=1))  # facts are told to the second; the last one holds
    for table in WISHES:
        rows = [before for it in _written_by(answer, table) if (before := _before(it, answer.at)) is not None]
        record(table, rows, source="taken back", at=later)
    _keep_back_confirmation(answer.person_id, later)
    her = surrogate_of(answer.person_id)
    note(action="stop_taken_back", by=person_actor(her), at=at, about=her, detail={"answer": answer.pk})
    return answer


def _keep_back_confirmation(person: str, at: datetime) -> None:
    """That we have stopped is not told any more, where it was not told yet."""
    confirms = Decision.objects.filter(person_id=person, purpose=CONFIRMS, taken_at__isnull=True)
    confirms.update(taken_at=int(at.timestamp()))
    outbox.cancel([person], at=at, because="taken_back", purpose=CONFIRMS)


def _written_by(answer: Answer, table: str) -> list[Fact]:
    """The newest version of each fact that this answer changed."""
    moment = int(answer.at.timestamp())
    rows = (
        FACTS[table]
        .objects.filter(person_id=answer.person_id, recorded_at=moment)
        .order_by("recorded_at", "id")
    )
    latest = {_key(it): it for it in rows}
    later = FACTS[table].objects.filter(person_id=answer.person_id, recorded_at__gt=moment)
    said_since = {_key(it) for it in later}
    return [it for key, it in latest.items() if key not in said_since]


def _key(fact: Fact) -> tuple[object, ...]:
    return tuple(getattr(fact, name) for name in fact.table.key)


def _before(fact: Fact, answered_at: datetime) -> dict[str, object] | None:
    """What stood before: the version before, or the same key with nothing said."""
    key = {name: getattr(fact, name) for name in fact.table.key}
    earlier = type(fact).objects.filter(**key, recorded_at__lt=int(answered_at.timestamp()))
    found = earlier.order_by("-recorded_at", "-id").first()
    if found is None:
        return key
    return {it.name: getattr(found, it.name) for it in fact.table.columns}
