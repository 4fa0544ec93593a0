"""Days on which no interest is charged, laid over a schedule: each period asks for its share of the days that do not rest.

Pure: whole days, whole minor units, rounded in favour of whoever pays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # pouring counts its days by what stands here
    from tideover.repayment.ledger.pouring import Step

MONTH = timedelta(days=30)
"""How long the first period is where nobody wrote down when the money was paid out."""


@dataclass(frozen=True, order=True)
class Range:
    """Days that rest, from one to the day before another; without an end until somebody ends it."""

    start: date
    end: date | None = None

    @property
    def said(self) -> list[str | None]:
        """As it is kept."""
        return [self.start.isoformat(), self.end.isoformat() if self.end else None]

    @property
    def last(self) -> date | None:
        """The last day that rests."""
        return self.end - timedelta(days=1) if self.end else None

    def days_in(self, start: date, end: date) -> int:
        """How many of the days from one to the day before another rest."""
        return max((min(self.end or end, end) - max(self.start, start)).days, 0)


def ranges_of(said: Iterable[Sequence[Any]]) -> tuple[Range, ...]:
    """As they were kept."""
    return tuple(
        Range(date.fromisoformat(start), date.fromisoformat(end) if end else None) for start, end in said
    )


def merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """In order, none of which touches another."""
    found: list[Range] = []
    for it in sorted(ranges, key=lambda one: (one.start, one.end or date.max)):
        before = found[-1] if found else None
        if before is None or (before.end is not None and before.end < it.start):
            found.append(it)
        elif before.end is not None:
            found[-1] = Range(before.start, max(before.end, it.end) if it.end else None)
    return tuple(found)


def from_day_on(ranges: Iterable[Range], on: date) -> tuple[Range, ...]:
    """What of them lies on a day or after it."""
    later = (Range(max(it.start, on), it.end) for it in ranges if it.end is None or it.end > on)
    return tuple(later)


def free_days(ranges: Iterable[Range], start: date, end: date) -> int:
    """Days that do not rest, from one to the day before another."""
    return max((end - start).days, 0) - sum(it.days_in(start, end) for it in ranges)


def let_rest(steps: list[Step], ranges: tuple[Range, ...], *, began_on: date | None) -> None:
    """Charge each period for the days of it that do not rest. What a schedule tells as settled stays as it was."""
    starts = _starts(steps, began_on)
    for it in steps:
        it.rests = ranges
        start = starts[it.due_on]
        days = (it.due_on - start).days
        if it.ended_on is None and days > 0:
            charged = it.due["interest"] * free_days(ranges, start, it.due_on) // days
            it.rested, it.due["interest"] = it.due["interest"] - charged, charged


def _starts(steps: list[Step], began_on: date | None) -> Mapping[date, date]:
    """When the period of each due day began: on the due day before it, the first when the money was paid out."""
    days = sorted({it.due_on for it in steps})
    if not days:
        return {}
    first = began_on if began_on is not None and began_on < days[0] else days[0] - MONTH
    return dict(zip(days, [first, *days], strict=False))
