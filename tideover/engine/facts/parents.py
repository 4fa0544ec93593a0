"""What a row's keys point to: is it in the book, and does the row agree with it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from .tables import TABLES, Column, Table
from .troubles import Trouble

_OF_A_LOAN = ("disbursed_on", "currency")


@dataclass(frozen=True)
class Relation:
    """One column of a table that names a row of another, and the rows of that other table which are in the book."""

    table: Table
    column: Column
    rows: pl.LazyFrame

    @property
    def stops(self) -> bool:
        """Whether a row that points nowhere is set aside, or kept as being about nothing in particular."""
        return self.column.required and self.column.otherwise is None

    @property
    def _to_loans(self) -> bool:
        return self.stops and self.column.names_row_of == "loans"

    def joined(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The frame with a mark where the row was found, and what is needed of it."""
        (key,) = TABLES[self.column.names_row_of].key
        brought = _OF_A_LOAN if self._to_loans else ()
        found = self.rows.select(
            pl.col(key).alias(self.column.name),
            pl.lit(True).alias(self._mark),
            *(pl.col(name).alias(f"loan:{name}") for name in brought),
        )
        return frame.join(found, on=self.column.name, how="left", maintain_order="left")

    @property
    def _mark(self) -> str:
        return f"found:{self.column.name}"

    def points_nowhere(self) -> Trouble:
        """The row names something that is not in the book."""
        value = pl.col(self.column.name)
        return Trouble("orphan", self.column.name, (value != "") & pl.col(self._mark).is_null())

    def disagreements(self, *, further: tuple[str, ...]) -> Iterator[Trouble]:
        """Where the row and its loan cannot both be right; `further` are the source's own columns."""
        if not self._to_loans:
            return
        if self.table.name == "instalments":
            paid_out = pl.col("loan:disbursed_on")
            yield Trouble("due_before_disbursed", "due_on", pl.col("due_on") < paid_out)
            yield Trouble("settled_before_disbursed", "settled_on", pl.col("settled_on") < paid_out)
        if "currency" in further:
            said = pl.col("currency").cast(pl.String).str.strip_chars().str.to_uppercase()
            yield Trouble("mixed_currency", "currency", said != pl.col("loan:currency"))


def relations_of(table: Table, kept: Mapping[str, pl.LazyFrame]) -> tuple[Relation, ...]:
    """The relations of a table to tables that are in the book already."""
    pointing = [column for column in table.columns if column.names_row_of in kept]
    return tuple(Relation(table, column, kept[column.names_row_of]) for column in pointing)
