"""The days of a loan's rhythm: daily, weekly, every two weeks or monthly, without drift at the end of a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from tideover.kit.days import add_months, date_of, day_of
from tideover.repayment.plans.schedule import Owed

DAYS = {"daily": 1, "weekly": 7, "biweekly": 14}
MONTH_DAYS = 30


def days_from(owed: Owed, after: date) -> Iterator[date]:
    """The days of the loan's own rhythm that come after a day, without end."""
    start = next((it.on for it in owed.steps if it.on > after), owed.ends_on)
    wanted = max(it.on.day for it in owed.steps)
    for n in count():
        found = step(owed, start, n, on_the=wanted)
        if found > after:
            yield found


def step(owed: Owed, start: date, times: int, *, on_the: int | None = None) -> date:
    """So many steps of the rhythm later."""
    if owed.frequency in DAYS:
        return start + timedelta(days=DAYS[owed.frequency] * times)
    return date_of(add_months(day_of(start), times, on_the=on_the))


def is_monthly(owed: Owed) -> bool:
    """Whether a day of the month means something for it."""
    return owed.frequency not in DAYS


def payments_in(owed: Owed, months: int) -> int:
    """How many payments of its rhythm some months have."""
    return months * MONTH_DAYS // DAYS[owed.frequency] if owed.frequency in DAYS else months
