"""Made-up books: realistic, seeded, and the same on every machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._chunk import tables_of
from tideover.engine.facts.made_up._frames import Tables
from tideover.engine.facts.made_up._journeys import feeds, lender
from tideover.engine.facts.made_up._shelving import Shelves, place
from tideover.kit.errors import Refused

__all__ = ["DAY_OF_THE_BOOK", "TooFewBorrowers", "make_book"]

DAY_OF_THE_BOOK = date(2026, 11, 20)
"""The day on which a book is taken unless another is given."""

LARGEST_UNPARTITIONED = 1_000_000
"""Borrowers above which a book is cut into buckets."""

_BORROWERS_AT_ONCE = 40_000
_AT_ONCE = 2
_SOURCE = "made-up"

Progress = Callable[[str, int, int], None]
"""Told the step, how far it is, and of how much."""


class TooFewBorrowers(Refused):
    """A book needs at least one borrower, and a number that its ids can hold."""


def make_book(
    borrowers: int,
    seed: int,
    out: Path,
    *,
    at: date = DAY_OF_THE_BOOK,
    history: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Make up a book as it is known when `at` begins (UTC), and put it at `out`, in place of an earlier book.

    Borrower number i is the same in every book of that seed and day, however large. `history` also writes what was
    known before, so that past days can be replayed. Besides the borrowers, a book holds about a fifth as many people
    who stand in somebody else's loan.
    """
    return _make(borrowers, seed, out, at=at, history=history, progress=progress)


def _make(
    borrowers: int,
    seed: int,
    out: Path,
    *,
    at: date,
    history: bool,
    progress: Progress | None,
    at_once: int = _BORROWERS_AT_ONCE,
    largest_unpartitioned: int = LARGEST_UNPARTITIONED,
) -> Path:
    if not 0 < borrowers < 10**8:
        raise TooFewBorrowers(f"A book of {borrowers} borrowers cannot be made: choose 1 to 99,999,999.")
    day = at.toordinal() - date(1970, 1, 1).toordinal()
    with place(out) as folder:
        shelves = Shelves(folder, in_buckets=borrowers > largest_unpartitioned, history=history)
        _fill(shelves, borrowers, seed, day, history, at_once, progress)
        if progress:
            progress("joining", borrowers, borrowers)
        shelves.join()
        shelves.quality().write(folder)
        shelves.stamp(source=_SOURCE, created_at=day * clock.DAY).write(folder)
    return out


def _fill(
    shelves: Shelves, borrowers: int, seed: int, day: int, history: bool, at_once: int, progress: Progress | None
) -> None:
    """Make and write the chunks, two at a time: numpy and Parquet let go of the interpreter."""

    def make(first: int) -> Tables:
        numbers = np.arange(first, min(first + at_once, borrowers), dtype=np.int64)
        tables = tables_of(seed, numbers, day, history)
        if first == 0:
            tables |= {"lender": lender(day), "feeds": feeds(day, history)}
        shelves.put(first // at_once, tables)
        return tables

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done, tables in enumerate(_in_turn(pool, make, range(0, borrowers, at_once)), 1):
            shelves.count(tables)
            if progress:
                progress("borrowers", min(done * at_once, borrowers), borrowers)


def _in_turn(pool: ThreadPoolExecutor, make: Callable[[int], Tables], firsts: range) -> Iterator[Tables]:
    """Results in order, with no more of them waiting than are being made."""
    waiting = []
    for first in firsts:
        waiting.append(pool.submit(make, first))
        if len(waiting) >= _AT_ONCE:
            yield waiting.pop(0).result()
    for it in waiting:
        yield it.result()
