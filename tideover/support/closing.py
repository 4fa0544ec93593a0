"""Cases that close by themselves, since nothing is left to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tideover.access.actors import SYSTEM
from tideover.access.audit import note
from tideover.support.models import FROM_MESSAGE, Case


def message_of(case: Case) -> int:
    """The number of the message that a case came from."""
    return int(case.from_row.removeprefix(FROM_MESSAGE))


def close_by_itself(
    cases: Iterable[int], *, why: str, at: datetime, outcome: str = "nothing_to_do"
) -> list[int]:
    """Close those of these that nobody took yet, in a transaction. Which."""
    still_open = list(
        Case.objects.filter(pk__in=cases, state="open").select_for_update().values_list("pk", flat=True)
    )
    Case.objects.filter(pk__in=still_open).update(state="closed", outcome=outcome, note=why, closed_at=at)
    for pk in still_open:
        note(action="case_closed", by=SYSTEM, at=at, about=f"case:{pk}", detail={"outcome": outcome})
    return still_open
