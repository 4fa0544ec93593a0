"""Local days and hours of the made-up world as moments in UTC."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from tideover.engine.facts.made_up._countries import ZONES
from tideover.engine.facts.made_up._draws import Draws, Ints
from tideover.engine.facts.made_up._frames import UNKNOWN
from tideover.kit.calendars import offset_spans

DAY = 86_400
FIRST_DAY = 10_957
"""2000-01-01; nothing made up is older."""
LAST_DAY = 27_393
"""2045-01-01; nothing made up is later."""
WEST = -3_600
"""Clocks further behind UTC than this are west of it."""


@lru_cache(maxsize=1)
def _offsets() -> Ints:
    noons = np.arange(FIRST_DAY, LAST_DAY, dtype=np.int64) * DAY + DAY // 2
    rows = []
    for zone in ZONES:
        begins, _, seconds = zip(*offset_spans(zone, FIRST_DAY * DAY, LAST_DAY * DAY), strict=True)
        rows.append(np.array(seconds)[np.searchsorted(begins, noons, side="right") - 1])
    return np.array(rows, dtype=np.int64)


def moment(zone: Ints, day: Ints, minute: Ints | int) -> Ints:
    """When the clock of that zone shows that minute of that local day (by its offset at noon)."""
    known = day != UNKNOWN
    on = np.where(known, day, FIRST_DAY)
    at = on * DAY + np.asarray(minute, dtype=np.int64) * 60 - _offsets()[zone, on - FIRST_DAY]
    return np.where(known, at, UNKNOWN)


def by_day(draws: Draws, what: str, zone: Ints, day: Ints) -> Ints:
    """Some moment of that local day at which the date in UTC is the same, so that every date of a thing agrees."""
    west = _offsets()[zone, 0] < WEST
    minute = 480 + draws.below(what, np.where(west, 470, 770))
    return moment(zone, day, minute) + np.where(day == UNKNOWN, 0, draws.below(what + " second", 60))


def in_office(draws: Draws, what: str, zone: Ints, day: Ints) -> Ints:
    """Some moment of the working hours of that local day."""
    return moment(zone, day, 9 * 60 + draws.below(what, 8 * 60))


@lru_cache(maxsize=1)
def month_starts() -> Ints:
    """First days of the months from FIRST_DAY to LAST_DAY, as day numbers."""
    first, last = (np.datetime64(day, "D").astype("M8[M]") for day in (FIRST_DAY, LAST_DAY))
    starts: Ints = np.arange(first, last).astype("M8[D]").astype(np.int64)
    return starts
