"""A book opened for reading: tables in engine types, as they stand now or as they were known at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import narwhals as nw

from .buckets import BUCKETS
from .quality import Quality, read_quality
from .shelves import PEOPLE, Shelf
from .sources import Engine
from .staging import CURRENT, HISTORY
from .stamp import Stamp, check_content
from .tables import TABLES, Table
from .versions import in_force, without_later_ends


@dataclass(frozen=True)
class Book:
    """What a lender knows. Nothing is read before a frame is collected."""

    shelf: Shelf
    engine: Engine
    at: int | None = None
    bucket: int | None = None

    @property
    def stamp(self) -> Stamp:
        return self.shelf.stamp

    @cached_property
    def tables(self) -> dict[str, nw.LazyFrame]:
        """The tables this book has, by name, with every column of the contract; a missing table is not in it."""
        return {name: self.frame(name) for name in self.shelf.names}

    @cached_property
    def missing(self) -> dict[str, str]:
        """Tables the book has not, and what each one's absence costs."""
        return {name: table.cost_if_missing for name, table in TABLES.items() if name not in self.shelf.names}

    @property
    def assumes(self) -> tuple[str, ...]:
        """What the source assumed rather than knew."""
        return tuple(self.stamp.assumes)

    @cached_property
    def quality(self) -> Quality:
        """What the import found."""
        return read_quality(self.shelf.folder)

    @cached_property
    def _frames(self) -> dict[str, nw.LazyFrame]:
        """Frames that were asked for; each takes milliseconds to describe, and a trial opens a book a day."""
        return {}

    def frame(self, name: str) -> nw.LazyFrame:
        """The table, or an empty one with its columns where the book has none. KeyError: not in the contract."""
        if name not in self._frames:
            table = TABLES[name]
            known = name in self.shelf.names
            self._frames[name] = (
                self._frame(table) if known else self.engine.scan((), self.shelf.wanted(table))
            )
        return self._frames[name]

    @cached_property
    def neighbours(self) -> nw.LazyFrame:
        """People of other shards on whom this one depends, with the columns of borrowers; they are not decided here."""
        return self._frame(TABLES[PEOPLE], apart=True)

    def as_of(self, at: int) -> Book:
        """The book as it was known at that moment (epoch seconds): later rows unseen, later ends unknown."""
        return replace(self, at=at if self.at is None else min(at, self.at))

    def shards(self) -> Iterator[Book]:
        """The book in 64 pieces that can be decided one by one; its own only piece if it is not cut or a cluster reads it."""
        if self.stamp.buckets is None or self.bucket is not None or self.engine.shares_work:
            yield self
        else:
            yield from (replace(self, bucket=bucket) for bucket in range(BUCKETS))

    def verify(self) -> None:
        """Read every file and refuse the book if one is not as it was written."""
        check_content(self.shelf.folder, self.stamp)

    def _frame(self, table: Table, *, apart: bool = False) -> nw.LazyFrame:
        scan = self._scan_apart if apart else self._scan
        if self.at is None:
            return scan(table, CURRENT)
        return without_later_ends(table, self._known(table, self.at, scan), self.at)

    def _known(self, table: Table, at: int, scan: Callable[[Table, str], nw.LazyFrame]) -> nw.LazyFrame:
        latest = self.stamp.latest_recorded_at.get(table.name)
        if latest is None or latest <= at:
            return scan(table, CURRENT)
        if self.shelf.has_history(table):
            return in_force(table, scan(table, HISTORY), at)
        return scan(table, CURRENT).filter(nw.col("recorded_at") <= at)

    def _scan_apart(self, table: Table, part: str) -> nw.LazyFrame:
        files = self.shelf.neighbours(part, self.bucket)
        return self.engine.scan(files, self.shelf.wanted(table, versions=part == HISTORY))

    def _scan(self, table: Table, part: str) -> nw.LazyFrame:
        files = self.shelf.files(table, part, bucket=self.bucket)
        return self.engine.scan(files, self.shelf.wanted(table, versions=part == HISTORY))
