"""Shadow: today's list of another system beside our decisions. Nothing is sent; every difference is told with its reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tideover.engine.decision.gate import Gate
from tideover.engine.decision.setup import Setup
from tideover.engine.facts import Book
from tideover.engine.facts.spreadsheet import ContactList, read_contact_list
from tideover.engine.measure.shadow._comparing import OTHERWISE, OURS, SAME, THEIRS, compared
from tideover.engine.measure.shadow._judging import AT_ANOTHER_HOUR, LATER_HOUR, judged
from tideover.engine.measure.shadow._matching import matched
from tideover.engine.measure.shadow._near import near
from tideover.engine.measure.shadow._writing import write_differences
from tideover.engine.measure.words import Words

__all__ = [
    "AT_ANOTHER_HOUR",
    "LATER_HOUR",
    "OTHERWISE",
    "OURS",
    "SAME",
    "THEIRS",
    "Beside",
    "beside",
    "read_list",
    "write_differences",
]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Beside:
    """A day of two systems. `differences` has a row for each contact of either; `set_aside` what could not be matched."""

    source: str
    at: int
    strategy: str
    people: int
    listed: int
    differences: pl.DataFrame = field(repr=False)
    set_aside: pl.DataFrame = field(repr=False)
    not_compared: int = 0
    """Rows of theirs whose topic is none of ours, so that it is left out of the comparison."""

    def of(self, kind: str) -> pl.DataFrame:
        """The rows of one kind."""
        return self.differences.filter(pl.col("kind") == kind)

    @property
    def forbidden(self) -> pl.DataFrame:
        """Their contacts that a rule, hold or wish forbids."""
        return self.differences.filter(pl.col("forbidden_by").is_not_null())


def read_list(path: Path, setup: Setup, overlay: Path | None = None) -> ContactList:
    """Another system's list, with the channels and purposes of this setup. Raises FilesRefused."""
    lists = setup.strategy.lists
    return read_contact_list(path, channels=lists.channels, purposes=lists.purposes, overlay=overlay)


def beside(
    theirs: ContactList,
    decisions: pl.DataFrame,
    book: Book,
    setup: Setup,
    at: int,
    *,
    progress: Progress = lambda _: None,
) -> Beside:
    """Compare a list with the decisions that were made on this book at that moment."""
    known = book.as_of(at)
    progress("reading what is known of the people on the list")
    tables = near(known, _named(theirs, known))
    rows, aside = matched(theirs, tables, at)
    progress("asking what forbids their contacts")
    rows = judged(rows, Gate(setup.plan(at), assumes=known.assumes), tables, at)
    progress("comparing")
    words = Words.of(setup.strategy.lists, setup.rules)
    unknown = theirs.rows.filter(pl.col("said").is_not_null() & pl.col("purpose").is_null()).height
    return Beside(
        known.stamp.source, at, setup.strategy.name, decisions.height, theirs.rows.height + theirs.set_aside.height,
        compared(rows, decisions, words), aside, unknown,
    )  # fmt: skip


def _named(theirs: ContactList, book: Book) -> list[str]:
    """Everybody whom the list names, by person or by loan."""
    loans: pl.LazyFrame = book.frame("loans").to_native()
    owners = (
        loans.filter(pl.col("loan_id").is_in(theirs.rows["loan"].drop_nulls().to_list()))
        .select("borrower_id")
        .collect()
    )
    return sorted({*theirs.rows["person"].drop_nulls(), *owners["borrower_id"].drop_nulls()})
