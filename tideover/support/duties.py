"""Duties that still wait late in their time: a person is told before their day, and need not be once they have left after all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from tideover.access.actors import SYSTEM
from tideover.access.audit import note
from tideover.delivery.because import says
from tideover.delivery.models import Message
from tideover.delivery.restored import BECAUSE as BEFORE_RESTORE
from tideover.support.models import DUTY, FROM_MESSAGE, Case

SEEN_TO = ("bereavement", BEFORE_RESTORE)
"""Where duties rest because of what a person was told, and looks at already; or left before a backup was restored."""

LEFT = "It has left after all."
CAME_BACK = "It had left after all, and came back."
LEFT_AFTER_ALL = "left-"
"""In place of where it came from: should the message come back, that is another case."""


def close_left(*, at: datetime) -> int:
    """Close the cases of duties that have left after all, or that nobody may be told of now. How many.

    Whoever sees to one already keeps it, and reads what became of it.
    """
    waiting = Case.objects.filter(kind=DUTY, state__in=("open", "taken"), from_row__startswith=FROM_MESSAGE)
    cases = {int(it.from_row.removeprefix(FROM_MESSAGE)): it for it in waiting.order_by("pk")}
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
    rows = Message.objects.filter(pk__in=numbers)
    rest = rows.filter(state__in=("suppressed", "unknown"), because__in=SEEN_TO)
    return dict.fromkeys(rows.filter(state="accepted").values_list("pk", flat=True), LEFT) | {
        pk: says(because) for pk, because in rest.values_list("pk", "because")
    }


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
