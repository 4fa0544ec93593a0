"""The book of a trial on one of its days: what people did as it was recorded, what the lender did only up to the start.

After the start the strategy that is tried speaks in the lender's place. So the contacts, promises, talks begun by us
and visits that the book holds from then on are left out; they answered another strategy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import narwhals as nw

from tideover.engine.facts import Book

STOPS_AT_START: tuple[str, ...] = ("contacts", "contact_topics")
"""Tables frozen as they were known at the start; queued contacts still leave and still count."""

SINCE_START: Mapping[str, Callable[[int], nw.Expr]] = {
    "promises": lambda start: nw.col("made_at") <= start,
    "visits": lambda start: nw.col("at") <= start,
    "conversations": lambda start: (nw.col("at") <= start) | ~(nw.col("by").fill_null("") == "us"),
}
"""Rows of these tables that stay: what was there at the start, or came from the person."""


@dataclass
class Yesterdays:
    """The rows of a book day by day, each table computed once a day for all strategies."""

    book: Book
    start: int
    _at: int | None = None
    _rows: dict[str, nw.LazyFrame] = field(default_factory=dict)
    _frozen: dict[str, nw.LazyFrame] = field(default_factory=dict)

    def on(self, at: int) -> Callable[[str], nw.LazyFrame]:
        """The rows of each table as known at that moment, without what the lender did after the start."""
        if at != self._at:
            self._at, self._rows = at, {}
        known = self.book.as_of(at)

        def rows(table: str) -> nw.LazyFrame:
            if table in STOPS_AT_START:
                return self._at_start(table)
            if table not in self._rows:
                self._rows[table] = _settled(self._kept(table, known.frame(table)))
            return self._rows[table]

        return rows

    def _kept(self, table: str, rows: nw.LazyFrame) -> nw.LazyFrame:
        return rows.filter(SINCE_START[table](self.start)) if table in SINCE_START else rows

    def _at_start(self, table: str) -> nw.LazyFrame:
        if table not in self._frozen:
            self._frozen[table] = _settled(self.book.as_of(self.start).frame(table))
        return self._frozen[table]


def _settled(rows: nw.LazyFrame) -> nw.LazyFrame:
    return rows.collect().lazy()
