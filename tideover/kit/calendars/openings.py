"""Where a signature is open: per local day and two-hour slot, the first run of allowed quarter hours."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tideover.kit.calendars.signatures import Signature
from tideover.kit.calendars.windows import QUARTERS_A_DAY
from tideover.kit.calendars.zones import QUARTER, SLOT_QUARTERS, Moments, Quarters, quarters_of

SLOTS = QUARTERS_A_DAY // SLOT_QUARTERS
_MARGIN = 1  # UTC days around the local days asked for: no offset reaches 24 hours

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Openings:
    """Three arrays of shape (days, 12): is the slot open at all, and from when until when (exclusive).

    Where a slot is closed its moments are 0 and mean nothing.
    """

    is_open: Flags
    opens: Moments
    closes: Moments


@lru_cache(maxsize=8192)
def openings(signature: Signature, from_day: int, days: int) -> Openings:
    """The first allowed run per slot and local day of zones[0], for the days [from_day, from_day + days)."""
    shown = quarters_of(signature.zones[0], from_day - _MARGIN, days + 2 * _MARGIN)
    cells = (shown.day - from_day) * SLOTS + shown.first % QUARTERS_A_DAY // SLOT_QUARTERS
    asked = (cells >= 0) & (cells < days * SLOTS)
    allowed = asked & _allowed(signature, from_day, days)
    return _first_runs(allowed, cells, shown.starts, days)


def _allowed(signature: Signature, from_day: int, days: int) -> Flags:
    hours = signature.hours.quarters
    blocked = np.fromiter(signature.blocked_days, dtype=np.int64, count=len(signature.blocked_days))
    allowed = np.ones((days + 2 * _MARGIN) * QUARTERS_A_DAY, dtype=np.bool_)
    for zone in signature.zones:
        allowed &= _allowed_in(quarters_of(zone, from_day - _MARGIN, days + 2 * _MARGIN), hours, blocked)
    return allowed


def _allowed_in(shown: Quarters, hours: Flags, blocked: Moments) -> Flags:
    allowed = shown.whole & hours[shown.first] & hours[shown.last]
    if blocked.size:
        allowed &= ~np.isin(shown.day, blocked)
    return allowed


def _first_runs(allowed: Flags, cells: Moments, starts: Moments, days: int) -> Openings:
    same_cell = cells[1:] == cells[:-1]
    goes_on = allowed[1:] & allowed[:-1] & same_cell
    begins = np.flatnonzero(allowed & ~np.concatenate(([False], goes_on)))
    ends = np.flatnonzero(allowed & ~np.concatenate((goes_on, [False])))
    found, first = np.unique(cells[begins], return_index=True)
    is_open = np.zeros(days * SLOTS, dtype=np.bool_)
    opens, closes = np.zeros((2, days * SLOTS), dtype=np.int64)
    is_open[found] = True
    opens[found] = starts[begins[first]]
    closes[found] = starts[ends[first]] + QUARTER
    shape = (days, SLOTS)
    return Openings(is_open.reshape(shape), opens.reshape(shape), closes.reshape(shape))
