"""Days on which banks move money, and the day on which a person's own money comes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from statistics import median_low
from typing import Any

import holidays

SATURDAY = 5
ENOUGH, STEADY, LONGEST = 3, 2, 20
"""Payments that make a habit, days by which it may vary, and the longest lag that is a payday and no trouble."""


def bank_day(on: date) -> date:
    """That day, or the next on which TARGET is open."""
    while on.weekday() >= SATURDAY or on in _closed(on.year):
        on += timedelta(days=1)
    return on


def payday_lag(instalments: Iterable[Any]) -> int | None:
    """Days after the due day on which she steadily pays; None where there is no such habit."""
    settled = sorted((it for it in instalments if it.settled_on), key=lambda it: it.number)
    lags = [(it.settled_on - it.due_on).days for it in settled[-6:]]
    usual = median_low(lags) if len(lags) >= ENOUGH else 0
    steady = all(abs(it - usual) <= STEADY for it in lags)
    return usual if steady and 0 < usual <= LONGEST else None


@lru_cache(maxsize=8)
def _closed(year: int) -> frozenset[date]:
    return frozenset(holidays.financial_holidays("ECB", years=year))
