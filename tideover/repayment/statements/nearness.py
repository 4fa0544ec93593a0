"""Lines that may be one: of the same amount, booked on days not far apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet

from tideover.repayment.statements.models import StatementLine
from tideover.repayment.statements.pieces import in_pieces

LATER = timedelta(days=10)
"""How far apart a bank may put the day of one booking."""

Lines = list[StatementLine]


def of_amounts(rows: QuerySet[StatementLine], amounts: set[int]) -> Iterator[StatementLine]:
    """Those of some amounts, by day."""
    for some in in_pieces(sorted(amounts), 500):
        yield from rows.filter(amount__in=some).order_by("booked_on", "pk")


def near(old: StatementLine, new: StatementLine) -> bool:
    """Booked so close to each other that a bank may have moved one to the other."""
    return abs(old.booked_on - new.booked_on) <= LATER


def moved(line: StatementLine, state: str, at: datetime) -> StatementLine:
    """The line in another state."""
    line.state, line.moved_at = state, at
    line.save(update_fields=["state", "moved_at"])
    return line
