"""Duties that still wait late in their time: a person is told before their day, and need not be once they have left after all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import BigIntegerField, Exists, OuterRef, Q, Value, When
from django.db.models import Case as Which
from django.db.models.functions import Cast, Replace, Substr

from tideover.book.queries import chunks
from tideover.delivery.because import says
from tideover.delivery.models import Message
from tideover.delivery.restored import BECAUSE as BEFORE_RESTORE
from tideover.support.closing import close_by_itself, message_of
from tideover.support.models import DUTY, FROM_MESSAGE, Case

SEEN_TO = ("bereavement", BEFORE_RESTORE)
"""Where duties rest because of what a person was told, and looks at already; or left before a backup was restored."""

OVER = Q(state="accepted") | Q(state__in=("suppressed", "unknown"), because__in=SEEN_TO)
"""Messages that leave nothing more to do."""

NUMBER = When(
    from_row__startswith=FROM_MESSAGE,
    then=Cast(Substr("from_row", len(FROM_MESSAGE) + 1), BigIntegerField()),
)
"""The message that a case came from; asked first, for no database says in which order it reads conditions."""

LEFT = "It has left after all."
CAME_BACK = "It had left after all, and came back."
LEFT_AFTER_ALL = "left-"
"""In place of where it came from: should the message come back, that is another case."""


def close_left(*, at: datetime) -> int:
    """Close the cases of duties that have left after all, or that nobody may be told of now. How many.

    Whoever sees to one already keeps it, and reads what became of it.
    """
    waiting = Case.objects.filter(kind=DUTY, state__in=("open", "taken"), from_row__startswith=FROM_MESSAGE)
    of_its_message = Message.objects.filter(OVER, pk=OuterRef("number"))
    # Those that wait on stay where they are: under a stop they may be very many.
    rows = (
        waiting.annotate(number=Which(NUMBER))
        .filter(Q(state="taken") | Exists(of_its_message))
        .order_by("pk")
    )
    cases = {message_of(it): it for it in rows}
    by_why: dict[str, list[Case]] = {}
    for number, why in _became(cases).items():
        by_why.setdefault(why, []).append(cases.pop(number))
    came_back = [it.pk for it in cases.values() if it.state == "taken" and it.note == LEFT]
    Case.objects.filter(pk__in=came_back, state="taken").update(note=CAME_BACK)
    return sum(_told(some, why, at) for why, some in by_why.items())


def _became(numbers: Iterable[int]) -> Mapping[int, str]:
    """Of messages that leave nothing more to do, by number, why."""
    found: dict[int, str] = {}
    for some in chunks(numbers):
        rows = Message.objects.filter(OVER, pk__in=some).values_list("pk", "state", "because")
        found |= {pk: LEFT if state == "accepted" else says(because) for pk, state, because in rows}
    return found


@transaction.atomic
def _told(cases: Iterable[Case], why: str, at: datetime) -> int:
    """Close those that nobody took; whoever took one reads it, save where a note of theirs stands. How many were closed."""
    done, ours = 0, {it.pk: it for it in cases}
    for some in chunks(ours):
        unsaid = [pk for pk in some if ours[pk].note is None]
        Case.objects.filter(pk__in=unsaid, state="taken").update(note=why)
        closed = close_by_itself(some, why=why, at=at)
        from_row = Replace("from_row", Value(FROM_MESSAGE), Value(LEFT_AFTER_ALL))
        Case.objects.filter(pk__in=closed).update(from_row=from_row)
        done += len(closed)
    return done
