"""Duties that still wait late in their time: a person is told before their day, and need not be once they have left after all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import BigIntegerField, Exists, OuterRef, Q, When
from django.db.models import Case as Which
from django.db.models.functions import Cast, Substr

from tideover.access.actors import SYSTEM
from tideover.access.audit import note
from tideover.book.queries import chunks
from tideover.delivery.because import says
from tideover.delivery.models import Message
from tideover.delivery.restored import BECAUSE as BEFORE_RESTORE
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
    cases = {int(it.from_row.removeprefix(FROM_MESSAGE)): it for it in rows}
    became = _became(cases) if cases else {}
    done = 0
    for number, case in cases.items():
        if why := became.get(number):
            done += _told(case, why, at)
        elif case.state == "taken" and case.note == LEFT:
            Case.objects.filter(pk=case.pk, state="taken").update(note=CAME_BACK)
    return done


def _became(numbers: Iterable[int]) -> Mapping[int, str]:
    """Of messages that leave nothing more to do, by number, why."""
    found: dict[int, str] = {}
    for some in chunks(numbers):
        rows = Message.objects.filter(OVER, pk__in=[int(str(it)) for it in some]).values_list(
            "pk", "state", "because"
        )
        found |= {pk: LEFT if state == "accepted" else says(because) for pk, state, because in rows}
    return found


@transaction.atomic
def _told(case: Case, why: str, at: datetime) -> int:
    if case.state == "taken":
        if case.note is None:
            Case.objects.filter(pk=case.pk, state="taken").update(note=why)
        return 0
    closed = Case.objects.filter(pk=case.pk, state="open").update(
        state="closed", outcome="nothing_to_do", note=why, closed_at=at,
        from_row=case.from_row.replace(FROM_MESSAGE, LEFT_AFTER_ALL, 1),
    )  # fmt: skip
    if closed:
        note(
            action="case_closed",
            by=SYSTEM,
            at=at,
            about=f"case:{case.pk}",
            detail={"outcome": "nothing_to_do"},
        )
    return closed
