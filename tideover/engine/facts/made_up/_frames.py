"""From columns of numbers to tables of the contract, and several versions of one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tideover.engine.facts.made_up._draws import Flags, Ints
from tideover.engine.facts.tables import TABLES, Column, Kind

UNKNOWN = int(np.iinfo(np.int64).min)
"""Stands for an unknown day, moment, amount or count until a table is made."""

_TYPES: dict[Kind, pl.DataType] = {
    Kind.DAY: pl.Date(),
    Kind.MOMENT: pl.Datetime("us", "UTC"),
    Kind.FLAG: pl.Boolean(),
    **dict.fromkeys((Kind.KEY, Kind.TEXT, Kind.CODE), pl.String()),
}

Values = Ints | Flags | pl.Series | str | int | None


def coded(names: Sequence[str | None], codes: Ints) -> pl.Series:
    """The name at each position; a None among the names reads as NULL."""
    return pl.Series(list(names), dtype=pl.String).gather(codes)


def gathered(texts: pl.Series, rows: Ints | Flags) -> pl.Series:
    """The texts at those rows."""
    return texts.filter(rows) if rows.dtype == np.bool_ else texts.gather(rows)


def glued(*parts: str | pl.Series) -> pl.Series:
    """Texts put together row by row."""
    return pl.select(pl.concat_str(*(pl.lit(part) for part in parts))).to_series()


def numbered(numbers: Ints, width: int = 0) -> pl.Series:
    """Numbers as text, with zeros in front up to that width."""
    texts = pl.Series(numbers).cast(pl.String)
    return texts.str.zfill(width) if width else texts


def frame(table: str, **columns: Values) -> pl.DataFrame:
    """A table of the contract; columns that are not given are NULL. Days and moments come as numbers."""
    strange = set(columns) - set(TABLES[table].names)
    if strange:
        raise ValueError(f"table {table} has no column {', '.join(sorted(strange))}")
    return pl.select(*(_column(column, columns.get(column.name)) for column in TABLES[table].every))


def _column(column: Column, values: Values) -> pl.Expr:
    kind = _TYPES.get(column.kind, pl.Int64())
    if isinstance(values, np.ndarray):
        return _typed(pl.Series(values), kind).alias(column.name)
    if isinstance(values, pl.Series):
        return pl.lit(values).alias(column.name)
    return pl.lit(values, dtype=kind).alias(column.name)


def _typed(values: pl.Series, kind: pl.DataType) -> pl.Expr:
    if values.dtype == pl.Boolean:
        return pl.lit(values)
    known = pl.when(pl.lit(values) != UNKNOWN).then(pl.lit(values))
    if kind == pl.Date():
        return known.cast(pl.Int32).cast(kind)
    return (known * 1_000_000).cast(kind) if kind == pl.Datetime("us", "UTC") else known


@dataclass(frozen=True)
class Rows:
    """One table: the latest version of every row, and the versions before it."""

    latest: pl.DataFrame
    earlier: tuple[pl.DataFrame, ...] = ()

    @property
    def versions(self) -> pl.DataFrame:
        """Every version of every row."""
        return pl.concat((*self.earlier, self.latest))


Tables = dict[str, Rows]
