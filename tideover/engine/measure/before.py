"""The book of a trial on one of its days: what people did as it was recorded, what the lender did only up to the start.

After the start the strategy that is tried speaks in the lender's place. So the contacts, promises, talks begun by us
and visits that the book holds from then on are left out; they answered another strategy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import narwhals as nw
import polars as pl

from tideover.engine.decision.whole_book import in_polars
from tideover.engine.facts import Book

STOPS_AT_START: tuple[str, ...] = ("contacts", "contact_topics")
"""Tables frozen as they were known at the start; queued contacts still leave and still count."""

ALWAYS_READ = frozenset({"borrowers", "loans", "feeds"})
"""Tables that every prepared plan looks into, whether an insight of it does or not."""

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
    _rows: dict[str, pl.DataFrame] = field(default_factory=dict)
    _frozen: dict[str, pl.DataFrame] = field(default_factory=dict)

    def on(self, at: int, tables: Iterable[str]) -> dict[str, pl.DataFrame]:
        """The rows of these tables as known at that moment, without what the lender did after the start."""
        if at != self._at:
            self._at, self._rows = at, {}
        return {name: self._table(name, at) for name in tables if name in self.book.shelf.names}

    def _table(self, name: str, at: int) -> pl.DataFrame:
        frozen = name in STOPS_AT_START
        kept = self._frozen if frozen else self._rows
        if name not in kept:
            rows = self.book.as_of(self.start if frozen else at).frame(name)
            if name in SINCE_START:
                rows = rows.filter(SINCE_START[name](self.start))
            kept[name] = in_polars(rows)
        return kept[name]
