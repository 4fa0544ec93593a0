"""Calendar tables: every question about time becomes one equi-join on them."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from tideover.kit.calendars.openings import SLOTS, Flags, Openings, openings
from tideover.kit.calendars.signatures import Signature
from tideover.kit.calendars.zones import Moments

AHEAD = 6  # a slot is looked for on the day itself and on the six after it
_KEPT_ROWS = 100_000  # larger tables are made anew rather than kept

Cells = list[int | None]
Columns = dict[str, list[str] | list[int] | Cells]


def day_table(signatures: Iterable[Signature], from_day: int, days: int) -> Columns:
    """One row a signature and local day (of zones[0]); equal lengths, ready for a data frame.

    signature, day; opens_k, closes_k for k = 0..11: epoch seconds, the first run of allowed quarter hours
    inside the slot [2k:00, 2k+2:00) of local wall time, closes exclusive, None if closed all through; next_k:
    days to the next day on which slot k is open, 1..6, None if there is none.
    """
    asked = _distinct(signatures)
    make = _day_table if len(asked) * days <= _KEPT_ROWS else _day_table.__wrapped__
    return _copied(make(asked, from_day, days))


def slot_table(signatures: Iterable[Signature], from_day: int, days: int) -> Columns:
    """One row a signature, slot (0..11) and local day (of zones[0]); equal lengths.

    signature, slot, day; opens_j, closes_j for j = 0..6: as in `day_table`, for that slot on day + j.
    """
    asked = _distinct(signatures)
    make = _slot_table if len(asked) * days * SLOTS <= _KEPT_ROWS else _slot_table.__wrapped__
    return _copied(make(asked, from_day, days))


def _distinct(signatures: Iterable[Signature]) -> tuple[Signature, ...]:
    by_id: dict[str, Signature] = {}
    for signature in signatures:
        if by_id.setdefault(signature.id, signature) != signature:
            raise ValueError(f"Two different signatures share the id {signature.id!r}.")
    return tuple(by_id.values())


def _copied(columns: Columns) -> Columns:
    return {name: values[:] for name, values in columns.items()}


@lru_cache(maxsize=8)
def _day_table(signatures: tuple[Signature, ...], from_day: int, days: int) -> Columns:
    columns: Columns = {
        "signature": [signature.id for signature in signatures for _ in range(days)],
        "day": list(range(from_day, from_day + days)) * len(signatures),
    }
    every = _stacked(signatures, from_day, days)
    today = slice(0, days)
    for name, moments in (("opens", every.opens), ("closes", every.closes)):
        for slot in range(SLOTS):
            columns[f"{name}_{slot}"] = _cells(moments[:, today, slot], every.is_open[:, today, slot])
    ahead = _days_to_next(every.is_open, days)
    for slot in range(SLOTS):
        columns[f"next_{slot}"] = _cells(ahead[:, :, slot], ahead[:, :, slot] > 0)
    return columns


@lru_cache(maxsize=8)
def _slot_table(signatures: tuple[Signature, ...], from_day: int, days: int) -> Columns:
    columns: Columns = {
        "signature": [signature.id for signature in signatures for _ in range(SLOTS * days)],
        "slot": [slot for slot in range(SLOTS) for _ in range(days)] * len(signatures),
        "day": list(range(from_day, from_day + days)) * (SLOTS * len(signatures)),
    }
    every = _stacked(signatures, from_day, days)
    for name, moments in (("opens", every.opens), ("closes", every.closes)):
        for ahead in range(AHEAD + 1):
            then = slice(ahead, ahead + days)
            by_slot = moments[:, then].swapaxes(1, 2)
            columns[f"{name}_{ahead}"] = _cells(by_slot, every.is_open[:, then].swapaxes(1, 2))
    return columns


def _stacked(signatures: tuple[Signature, ...], from_day: int, days: int) -> Openings:
    """The openings of all signatures over the days and six more: shape (signatures, days + 6, 12)."""
    each = [openings(signature, from_day, days + AHEAD) for signature in signatures]
    shape = (len(each), days + AHEAD, SLOTS)
    return Openings(
        np.array([one.is_open for one in each], dtype=np.bool_).reshape(shape),
        np.array([one.opens for one in each], dtype=np.int64).reshape(shape),
        np.array([one.closes for one in each], dtype=np.int64).reshape(shape),
    )


def _days_to_next(is_open: Flags, days: int) -> Moments:
    """Days until each slot is next open, 0 where it is not within the days looked ahead."""
    nearest = np.zeros((is_open.shape[0], days, SLOTS), dtype=np.int64)
    for ahead in range(AHEAD, 0, -1):
        nearest[is_open[:, ahead : ahead + days]] = ahead
    return nearest


def _cells(values: Moments, known: Flags) -> Cells:
    cells = values.astype(np.object_)
    cells[~known] = None
    listed: Cells = cells.ravel().tolist()
    return listed
