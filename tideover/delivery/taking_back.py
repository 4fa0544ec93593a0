"""Undo of a stop: whoever asked us to stop and did not mean it gets back just what stood before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.book.actions import record
from tideover.book.models import FACTS, Fact
from tideover.book.newest import newest
from tideover.book.surrogates import surrogate_of
from tideover.delivery import outbox
from tideover.delivery.answers import SOURCE, source_of
from tideover.delivery.models import Answer, Message
from tideover.kit.errors import Refused
from tideover.strategy.models import Decision

UNDOABLE = frozenset({"stop"})
"""What changed facts alone; whatever a person of ours already works on is talked about, not undone."""
CONFIRMS = "opt_out_confirmed"
WISHES = ("consents", "preferences")
TAKEN_BACK = ":taken-back-"


class NothingToUndo(Refused):
    """There is no such answer to take back."""


@transaction.atomic
def take_back(*, message: Message, kind: str, at: datetime) -> Answer:
    """Consents and wishes stand again as before the answer. What was cancelled meanwhile stays so. Raises NothingToUndo.

    The like of it to the same message is taken back with it: what was said twice was meant once.
    """
    answers = list(Answer.objects.filter(message=message, kind=kind).order_by("-at", "-pk"))
    if not answers or kind not in UNDOABLE:
        raise NothingToUndo("There is nothing to undo.")
    answer, sources = answers[0], [source_of(it) for it in answers]
    later = max(at, answer.at + timedelta(seconds=1))  # facts are told to the second; the last one holds
    for table in WISHES:
        rows = [_before(it, sources) for it in _written_by(answer, sources, table)]
        record(table, rows, source="taken back", at=later)
    _may_be_said_again(answers)
    _keep_back_confirmation(answer.person_id, later)
    her = surrogate_of(answer.person_id)
    note(action="stop_taken_back", by=person_actor(her), at=at, about=her, detail={"answer": answer.pk})
    return answer


def still_rests(answer: Answer, people: Collection[str], *, at: datetime) -> bool:
    """Whether all that this answer stopped for these people is stopped yet; also where it stopped nothing."""
    refused = FACTS["consents"].objects.filter(provenance=source_of(answer), person_id__in=people)
    written = list(refused.values_list("pk", flat=True))
    wishes = newest("consents", person_id__in=people) if written else []
    given_back = any(it.withdrawn_at is None and it.pk > max(written) for it in wishes)
    its_own = Q(hold_id__startswith=f"told-{answer.pk}-") | Q(hold_id__startswith=f"bereavement-{answer.pk}-")
    holds = newest("holds", its_own, person_id__in=people)
    return not given_back and all(it.until_at is None or it.until_at > at for it in holds)


def _keep_back_confirmation(person: str, at: datetime) -> None:
    """That we have stopped is not told any more, where it was not told yet."""
    confirms = Decision.objects.filter(person_id=person, purpose=CONFIRMS, taken_at__isnull=True)
    confirms.update(taken_at=int(at.timestamp()))
    outbox.cancel([person], at=at, because="taken_back", purpose=CONFIRMS)


def _written_by(answer: Answer, sources: Sequence[str], table: str) -> list[Fact]:
    """The facts that these answers changed and nobody has since."""
    at_once = Q(provenance=SOURCE, recorded_at=int(answer.at.timestamp()))  # as answers were kept once
    hers = newest(table, person_id=answer.person_id)
    its_own = FACTS[table].objects.filter(Q(provenance__in=sources) | at_once, person_id=answer.person_id)
    changed = set(its_own.values_list("pk", flat=True))
    return [it for it in hers if it.pk in changed]


def _may_be_said_again(answers: Iterable[Answer]) -> None:
    """The marks of what was pressed are free: whoever presses once more on the same page means it anew."""
    pressed = [it for it in answers if it.text is None and TAKEN_BACK not in it.outside_id]
    for it in pressed:
        it.outside_id = f"{it.outside_id[:170]}{TAKEN_BACK}{it.pk}"
    Answer.objects.bulk_update(pressed, ["outside_id"])


def _before(fact: Any, sources: Sequence[str]) -> dict[str, object]:
    """What stood before: the version before, or the same key with nothing said."""
    key = {name: getattr(fact, name) for name in fact.table.key}
    earlier = (
        type(fact).objects.filter(**key, recorded_at__lt=fact.recorded_at).exclude(provenance__in=sources)
    )
    found = earlier.order_by("-recorded_at", "-id").first()
    if found is None:
        return key
    stood: dict[str, object] = found.as_row
    return stood
