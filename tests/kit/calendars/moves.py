"""When clocks move between 2026 and 2028, found by looking at every noon and halving."""

from datetime import date
from functools import cache
from itertools import pairwise

from tests.kit.calendars.oracle import EPOCH, wall

FIRST, LAST = (date(2026, 1, 1) - EPOCH.date()).days, (date(2029, 1, 1) - EPOCH.date()).days


def offset(zone, at):
    return int(wall(zone, at).utcoffset().total_seconds())


@cache
def moves_of(zone):
    """(moment, seconds the clock is put forward) of each move."""
    noons = [day * 86_400 + 43_200 for day in range(FIRST, LAST)]
    found = []
    for before, after in pairwise(noons):
        if offset(zone, before) != offset(zone, after):
            at = _halve(zone, before, after)
            found.append((at, offset(zone, at) - offset(zone, at - 1)))
    return tuple(found)


def _halve(zone, before, after):
    old = offset(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if offset(zone, middle) == old else (before, middle)
    return after
