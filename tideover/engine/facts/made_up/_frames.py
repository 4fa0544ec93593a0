"""From columns of numbers to tables of the contract, and several versions of one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tideover.engine.facts.kinds import ON_DISK, UTC_MICROSECONDS
from tideover.engine.facts.made_up._draws import Flags, Ints
from tideover.engine.facts.tables import TABLES, Column, Kind

UNKNOWN = int(np.iinfo(np.int64).min)
"""Stands for an unknown day, moment, amount or count until a table is made."""

Values = Ints | Flags | pl.Series | str | int | None


def coded(names: Sequence[str | None], codes: Ints) -> pl.Series:
    """The name at each position; a None among the names reads as NULL."""
    return pl.Series(list(names), dtype=pl.String).gather(codes)


def gathered(texts: pl.Series, rows: Ints, *, otherwise: str | None = None) -> pl.Series:
    """The texts at those rows; `otherwise` where a row is negative."""
    if len(rows) and rows.min() < 0:
        texts = pl.concat((texts, pl.Series([otherwise], dtype=pl.String)))
        rows = np.where(rows < 0, len(texts) - 1, rows)
    return texts.gather(rows)


def glued(*parts: str | pl.Series) -> pl.Series:
    """Texts put together row by row."""
    return pl.select(pl.concat_str(*(pl.lit(part) for part in parts))).to_series()


def numbered(numbers: Ints, width: int = 0) -> pl.Series:
    """Numbers as text, with zeros in front up to that width."""
    texts = pl.Series(numbers).cast(pl.String)
    return texts.str.zfill(width) if width else texts


def moments(seconds: Ints) -> pl.Series:
    """Epoch seconds as timestamps on disk; UNKNOWN as NULL."""
    return pl.select(_typed(pl.Series(seconds), Kind.MOMENT)).to_series()


def frame(table: str, **columns: Values) -> pl.DataFrame:
    """A table of the contract; columns that are not given are NULL. Days and moments come as numbers."""
    strange = set(columns) - set(TABLES[table].names)
    if strange:
        raise ValueError(f"table {table} has no column {', '.join(sorted(strange))}")
    return pl.select(*(_column(column, columns.get(column.name)) for column in TABLES[table].every))


def _column(column: Column, values: Values) -> pl.Expr:
    if isinstance(values, np.ndarray):
        return _typed(pl.Series(values), column.kind).alias(column.name)
    if isinstance(values, pl.Series):
        return pl.lit(values).alias(column.name)
    return pl.lit(values, dtype=ON_DISK[column.kind]).alias(column.name)


def _typed(values: pl.Series, kind: Kind) -> pl.Expr:
    if kind is Kind.FLAG:
        return pl.lit(values)
    known = pl.when(pl.lit(values) != UNKNOWN).then(pl.lit(values))
    if kind is Kind.DAY:
        return known.cast(pl.Int32).cast(pl.Date)
    return (known * 1_000_000).cast(UTC_MICROSECONDS) if kind is Kind.MOMENT else known


def _nothing() -> tuple[pl.DataFrame, ...]:
    return ()


@dataclass(frozen=True)
class Rows:
    """One table: the latest version of every row, and on demand the versions before it."""

    latest: pl.DataFrame
    earlier: Callable[[], tuple[pl.DataFrame, ...]] = _nothing

    @property
    def versions(self) -> pl.DataFrame:
        """Every version of every row."""
        return pl.concat((self.latest, *self.earlier()))


Tables = dict[str, Rows]


def ending(table: pl.DataFrame, *, began: str, ended: str, **before: str | int | None) -> Rows:
    """A table whose rows were recorded when they began, and again when they ended.

    `before` says what other columns held until then.
    """
    return changing(table, pl.col(ended).is_not_null(), table[began], **{ended: None}, **before)


def changing(
    table: pl.DataFrame, changed: pl.Expr | Flags, first_at: pl.Series, **before: str | int | None
) -> Rows:
    """A table of which some rows changed once: what they held before, and since when."""

    def earlier() -> tuple[pl.DataFrame, ...]:
        chosen = table.select(changed).to_series() if isinstance(changed, pl.Expr) else pl.Series(changed)
        values = (pl.lit(value, table.schema[name]).alias(name) for name, value in before.items())
        return (table.with_columns(*values, first_at.alias("recorded_at")).filter(chosen),)

    return Rows(table, earlier)
