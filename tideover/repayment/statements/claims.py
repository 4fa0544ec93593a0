"""'I have paid': looked for in what banks tell. Found money ends the hold; what is not found is told with where we looked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tideover.book.actions import record
from tideover.book.models import FACTS
from tideover.book.queries import chunks
from tideover.repayment.statements.models import StatementFile, StatementLine

HOLD = "already_paid"
SOURCE = "statement"
BEFORE = timedelta(days=14)
"""Money that was booked so long before somebody says she paid is what she means: people tell late."""


def money_was_found(found: Iterable[tuple[str, date]], *, at: datetime) -> int:
    """End the holds of loans for which money was said to be under way and is here. How many."""
    days: dict[str, date] = {}
    for loan, on in found:
        days[loan] = max(days.get(loan, on), on)
    ended = [it for it in _open_holds(days, at) if days[it.loan_id] >= (it.from_at - BEFORE).date()]
    rows = [
        {
            "hold_id": it.hold_id, "person_id": it.person_id, "loan_id": it.loan_id, "kind": it.kind, "from_at": it.from_at,
            "until_at": at,
        }
        for it in ended
    ]  # fmt: skip
    if rows:
        record("holds", rows, source=SOURCE, at=at)
    return len(rows)


def _open_holds(loans: Iterable[str], at: datetime) -> list[Any]:
    latest: dict[str, Any] = {}
    for some in chunks(set(loans)):
        rows = FACTS["holds"].objects.filter(kind=HOLD, loan_id__in=some, recorded_at__lte=at)
        latest |= {it.hold_id: it for it in rows.order_by("recorded_at", "id")}
    return [it for it in latest.values() if it.until_at is None or it.until_at > at]


@dataclass(frozen=True)
class Looked:
    """What was looked at for a payment that somebody says she made."""

    found: Sequence[StatementLine]
    """Lines that were matched with her loan since."""

    files: int
    lines: int
    """Movements of the time in question, in all."""

    nearby: Sequence[StatementLine]
    """Money that waits and points to her loan."""

    until: date | None
    """The last day of which a bank has told."""


def looked_for(loan_ids: Sequence[str], *, since: datetime) -> Looked:
    """What banks told about the time from a while before somebody said that she paid."""
    first = (since - BEFORE).date()
    rows = StatementLine.objects.filter(booked_on__gte=first)
    found = rows.filter(loan_id__in=loan_ids, state="matched", amount__gt=0).order_by("booked_on")
    waiting = rows.filter(state__in=("waiting", "kept"), amount__gt=0).order_by("booked_on")
    wanted = set(loan_ids)
    nearby = [it for it in waiting.iterator() if wanted & {loan for loan, _ in it.candidates}]
    last = rows.order_by("-booked_on").values_list("booked_on", flat=True).first()
    files = StatementFile.objects.filter(is_done=True, read_at__gte=int((since - BEFORE).timestamp())).count()
    return Looked(list(found[:20]), files, rows.count(), nearby[:20], last)
