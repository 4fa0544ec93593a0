"""What local clocks show: offsets, local days, and the quarter hours of a span of days.

Zones come from the `tzdata` package and not from the machine: governments move clocks at short notice, and
the same facts must give the same decision on every machine that has the same locked dependencies.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from tideover.kit.calendars.windows import QUARTER_MINUTES, QUARTERS_A_DAY
from tideover.kit.errors import Refused
from tideover.kit.nearest import did_you_mean

DAY = 86_400
QUARTER = QUARTER_MINUTES * 60
SLOT_QUARTERS = 8  # a slot is two hours
_SAMPLE = 3 * 3600  # no zone has ever moved its clock twice, and back, within three hours

Moments = npt.NDArray[np.int64]


class UnknownZone(Refused):
    """No such time zone."""


@cache
def zone_names() -> frozenset[str]:
    """Every known time zone, such as "Europe/Riga"."""
    listed = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return frozenset(listed.split())


@cache
def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name, the same on every machine."""
    if name not in zone_names():
        raise UnknownZone(f"There is no time zone {name!r}.{did_you_mean(name, zone_names())}")
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def offset_at(zone: str, at: int) -> int:
    """Seconds to add to UTC to read the local clock at that moment."""
    offset = datetime.fromtimestamp(at, zone_of(zone)).utcoffset() or timedelta()
    return offset.days * DAY + offset.seconds


def local_day(zone: str, at: int) -> int:
    """The local date at that moment, as a day number."""
    return (at + offset_at(zone, at)) // DAY


def local_minute(zone: str, at: int) -> int:
    """Minutes since local midnight on the wall clock at that moment."""
    return (at + offset_at(zone, at)) % DAY // 60


def quarter_from(at: int) -> int:
    """The first start of a quarter hour (UTC) at or after that moment."""
    return -(-at // QUARTER) * QUARTER


def moment_of(zone: str, day: int, minute: int) -> int:
    """The first moment the local clock shows that minute of that day, or has passed it if it is skipped."""
    wall = day * DAY + minute * 60
    for start, end, offset in offset_spans(zone, wall - DAY, wall + DAY):
        if wall - offset < end:
            return max(start, wall - offset)
    raise AssertionError("no offset reaches 24 hours, so the last span holds the wall time")


@lru_cache(maxsize=4096)
def offset_spans(zone: str, from_at: int, until_at: int) -> tuple[tuple[int, int, int], ...]:
    """(from, until, offset seconds) without gaps over [from_at, until_at), split where the clock moves."""
    starts, offsets = [from_at], [offset_at(zone, from_at)]
    sampled = from_at
    while sampled < until_at:
        following = min(sampled + _SAMPLE, until_at)
        if offset_at(zone, following) != offsets[-1]:
            starts.append(_moves_at(zone, sampled, following))
            offsets.append(offset_at(zone, following))
        sampled = following
    if starts[-1] == until_at and len(starts) > 1:
        del starts[-1], offsets[-1]
    return tuple(zip(starts, [*starts[1:], until_at], offsets, strict=True))


def _moves_at(zone: str, before: int, after: int) -> int:
    """The first moment with the new offset, between one with the old and one with the new."""
    old = offset_at(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if offset_at(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


@dataclass(frozen=True)
class Quarters:
    """A run of 15-minute UTC quarters as one zone's clocks show them; arrays of one length.

    `first` and `last` are the local quarter of the week (0-671) at the quarter's first and last second. They
    differ only where an offset is not a multiple of 15 minutes, as before 1972. `whole` is false where the
    clock moves in the middle of the quarter or the quarter straddles two slots: such a quarter is never used.
    """

    starts: Moments
    day: Moments
    first: Moments
    last: Moments
    whole: npt.NDArray[np.bool_]


@lru_cache(maxsize=1024)
def quarters_of(zone: str, from_day: int, days: int) -> Quarters:
    """The quarters of the UTC days [from_day, from_day + days), as shown by that zone's clocks."""
    starts = (
        np.arange(from_day * QUARTERS_A_DAY, (from_day + days) * QUARTERS_A_DAY, dtype=np.int64) * QUARTER
    )
    spans = offset_spans(zone, from_day * DAY, (from_day + days) * DAY)
    offsets = _offsets(spans, starts)
    day, first = _of_the_week(starts + offsets)
    _, last = _of_the_week(starts + offsets + (QUARTER - 1))
    moved = offsets != _offsets(spans, starts + (QUARTER - 1))
    whole = ~moved & (first // SLOT_QUARTERS == last // SLOT_QUARTERS)
    return Quarters(starts, day, first, last, whole)


def _offsets(spans: tuple[tuple[int, int, int], ...], moments: Moments) -> Moments:
    begins = np.array([span[0] for span in spans], dtype=np.int64)
    offsets = np.array([span[2] for span in spans], dtype=np.int64)
    return offsets[np.searchsorted(begins, moments, side="right") - 1]


def _of_the_week(wall: Moments) -> tuple[Moments, Moments]:
    days = wall // DAY
    weekdays = (days + 3) % 7  # day 0, 1970-01-01, was a Thursday
    return days, weekdays * QUARTERS_A_DAY + wall % DAY // QUARTER
