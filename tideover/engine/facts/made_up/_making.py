"""make_book: borrowers are made in chunks, which are written as they come."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._chunk import tables_of
from tideover.engine.facts.made_up._lender import of_the_lender
from tideover.engine.facts.made_up._place import in_place_of
from tideover.engine.facts.made_up._shelving import Shelves, Tally
from tideover.kit.errors import Refused

DAY_OF_THE_BOOK = date(2026, 11, 20)
"""The day on which a book is taken unless another is given."""

_EPOCH = date(1970, 1, 1)
_EARLIEST, _LATEST = date(2012, 1, 1), date(2040, 1, 1)
_MOST_BORROWERS = 99_999_999  # an id has eight digits
_LARGEST_UNPARTITIONED = 1_000_000
_SOURCE = "made-up"

Progress = Callable[[str, int, int], None]
"""Told the step, how far it is, and of how much."""


class CannotMakeBook(Refused):
    """A book of that size or day cannot be made up."""


@dataclass(frozen=True)
class Sizes:
    """How the work is cut. The rows of the book do not depend on it."""

    borrowers_at_once: int = 20_000
    chunks_at_once: int = 2
    """numpy and Parquet let go of the interpreter, so that threads help."""
    largest_unpartitioned: int = _LARGEST_UNPARTITIONED
    """Borrowers above which a book is cut into buckets."""


def make_book(
    borrowers: int,
    seed: int,
    out: Path,
    *,
    at: date = DAY_OF_THE_BOOK,
    history: bool = False,
    progress: Progress | None = None,
    sizes: Sizes = Sizes(),
) -> Path:
    """Make up a book as it is known when `at` begins (UTC), and put it at `out`, in place of an earlier book.

    Borrower number i is the same in every book of that seed and day, however large. `history` also writes what was
    known before, so that past days can be replayed. Besides the borrowers a book holds about a fifth as many people
    who stand in somebody else's loan.
    """
    _check(borrowers, at)
    day = (at - _EPOCH).days
    with in_place_of(out) as folder:
        shelves = Shelves(folder, in_buckets=borrowers > sizes.largest_unpartitioned, history=history)
        for done, tally in enumerate(_chunks(shelves, borrowers, seed, day, sizes), 1):
            shelves.take(tally)
            _tell(progress, "making", min(done * sizes.borrowers_at_once, borrowers), borrowers)
        for done, name in enumerate(shelves.join(), 1):
            _tell(progress, f"joining {name}", done, len(shelves.rows))
        shelves.finish(source=_SOURCE, created_at=day * clock.DAY)
    return out


def _check(borrowers: int, at: date) -> None:
    if not 0 < borrowers <= _MOST_BORROWERS:
        raise CannotMakeBook(
            f"A book of {borrowers} borrowers cannot be made up: choose 1 to {_MOST_BORROWERS:,}."
        )
    if not _EARLIEST <= at <= _LATEST:
        raise CannotMakeBook(f"A book of {at} cannot be made up: choose a day from {_EARLIEST} to {_LATEST}.")


def _tell(progress: Progress | None, step: str, done: int, of: int) -> None:
    if progress:
        progress(step, done, of)


def _chunks(shelves: Shelves, borrowers: int, seed: int, day: int, sizes: Sizes) -> Iterator[Tally]:
    """Make and write the chunks, a few at a time; what was written comes back in order."""

    def make(first: int) -> Tally:
        until = min(first + sizes.borrowers_at_once, borrowers)
        tables = tables_of(seed, np.arange(first, until, dtype=np.int64), day)
        if first == 0:
            tables |= of_the_lender(day)
        return shelves.put(first // sizes.borrowers_at_once, tables)

    waiting: deque[Future[Tally]] = deque()
    with ThreadPoolExecutor(sizes.chunks_at_once) as pool:
        for first in range(0, borrowers, sizes.borrowers_at_once):
            waiting.append(pool.submit(make, first))
            if len(waiting) > sizes.chunks_at_once:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
