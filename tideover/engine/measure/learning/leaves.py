"""Which leaf people stood in on a past day, as it was known then.

A contact is judged by the leaf it was made in. Today's leaf would tell the answer: whoever did not pay is later now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from tideover.engine.decision.prepared import Prepared
from tideover.engine.decision.whole_book import in_polars
from tideover.engine.facts import Book
from tideover.engine.measure.before import ALWAYS_READ

BY_PERSON = ("borrower_id", "person_id")


@dataclass
class Leaves:
    """Looks leaves up day by day. `book` is best kept in memory, for every day reads it."""

    book: Book
    prepared: Prepared

    def at(self, at: int, people: Iterable[str]) -> pl.DataFrame:
        """person_id, leaf: of these people at a moment. Who was not known then is left out."""
        known, wanted = self.book.as_of(at), pl.Series(sorted(set(people)), dtype=pl.String).implode()
        names = {*self.prepared.recorded, *ALWAYS_READ} & set(known.tables)
        loans = (
            _theirs(known.frame("loans").to_native(), wanted, wanted)
            .select("loan_id")
            .collect()["loan_id"]
            .implode()
        )
        tables = {
            name: _theirs(known.frame(name).to_native(), wanted, loans).collect() for name in sorted(names)
        }
        decisions = in_polars(self.prepared.run(tables, at).decisions)
        return decisions.select(pl.col("borrower_id").alias("person_id"), "leaf")


def _theirs(rows: pl.LazyFrame, people: pl.Series, loans: pl.Series) -> pl.LazyFrame:
    names = rows.collect_schema().names()
    key = next((name for name in BY_PERSON if name in names), None)
    if key is not None:
        return rows.filter(pl.col(key).is_in(people))
    return rows.filter(pl.col("loan_id").is_in(loans)) if "loan_id" in names else rows
