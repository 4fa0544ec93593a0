"""Which days to suggest: her payday first, then the end of the week and of the month. Pure; nothing is looked up."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tideover.repayment.promises.whereabouts import Whereabouts

FEW, MOST = 3, 4
"""How many earlier payments tell a habit, and how many days are offered."""

NEAR = 1
"""Days around a payday that count as it: weekends move pay."""


@dataclass(frozen=True)
class Choice:
    """A day to choose. `is_payday`: money usually comes in then."""

    on: date
    is_payday: bool = False


def usual_day(paid_on: Sequence[date]) -> int | None:
    """The day of the month around which she mostly pays; None where there is no such habit."""
    if len(paid_on) < FEW:
        return None
    near = {
        day: sum(abs(it.day - day) <= NEAR for it in paid_on) for day in sorted({it.day for it in paid_on})
    }
    exact = Counter(it.day for it in paid_on)
    best = max(near, key=lambda day: (near[day], exact[day], -day))
    return best if 3 * near[best] >= 2 * len(paid_on) else None


def next_on(day: int, after: date) -> date:
    """The next date with that day of the month, or the month's last day where it is too short."""
    year, month = after.year, after.month
    while True:
        found = date(year, month, min(day, monthrange(year, month)[1]))
        if found > after:
            return found
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def choices(today: date, *, latest: date, payday: int | None, where: Whereabouts) -> tuple[Choice, ...]:
    """Three days or four within what is allowed, in order; each one on which money can move."""
    pay = next_on(payday, today) if payday else None
    found = {where.working_after(pay): True} if pay else {}
    for on in _usual(today, where):
        found.setdefault(on, False)
    allowed = [Choice(on, is_payday) for on, is_payday in found.items() if today <= on <= latest]
    return tuple(sorted(allowed[:MOST], key=lambda it: it.on))


def _usual(today: date, where: Whereabouts) -> Iterable[date]:
    """The last working day of this week and of this month, and whole weeks from now."""
    week = [today + timedelta(days=n) for n in range(1, 9)]
    ends = (it for it in week if where.is_working(it) and not where.is_working(it + timedelta(days=1)))
    yield next(ends, today + timedelta(days=2))
    month_end = where.working_before(next_on(31, today))
    if month_end > today:
        yield month_end
    for weeks in (1, 2, 3):
        yield where.working_after(today + timedelta(weeks=weeks))
