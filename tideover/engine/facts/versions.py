"""Versions of a row: told apart at import, and looked up for a past moment by narwhals on any engine.

At import each table becomes `current`, one row a key, and `history`, every version with `replaced_at`, the moment the
next one became known. A replay is then a plain filter; where a history lacks `replaced_at`, versions are ranked.
"""

from __future__ import annotations

import narwhals as nw

from tideover.engine.arithmetic import floor_day

from .tables import Column, Kind, Table

REPLACED_AT = "replaced_at"
_DAY = 86_400


def in_force(table: Table, history: nw.LazyFrame, at: int) -> nw.LazyFrame:
    """The version of each row that was known at that moment (epoch seconds)."""
    known = history.filter(nw.col("recorded_at") <= at)
    if REPLACED_AT in history.collect_schema().names():
        # NULL is "not yet replaced"; spelled out, because engines read a NULL condition as "no".
        return known.filter(nw.col(REPLACED_AT).is_null() | (nw.col(REPLACED_AT) > at)).drop(REPLACED_AT)
    newest = nw.col("recorded_at").rank("ordinal", descending=True).over(*table.key)
    return known.with_columns(newest.alias("version:")).filter(nw.col("version:") == 1).drop("version:")


def without_later_ends(table: Table, frame: nw.LazyFrame, at: int | nw.Expr) -> nw.LazyFrame:
    """The rows with every end that lies after the moment unknown, and all that an end would tell.

    `at` is one moment, or an expression where each row has its own.
    """
    ends = [column for column in table.every if column.ends]
    told = [column for column in table.every if column.told_by]
    frame = frame.with_columns(_unless_later(column, at) for column in ends) if ends else frame
    return frame.with_columns(_once_ended(column) for column in told) if told else frame


def _unless_later(column: Column, at: int | nw.Expr) -> nw.Expr:
    """A day counts as later when it comes after the UTC day of the moment."""
    limit = _day_of(at) if column.kind is Kind.DAY else at
    return nw.when(nw.col(column.name) <= limit).then(nw.col(column.name)).alias(column.name)


def _day_of(at: int | nw.Expr) -> int | nw.Expr:
    return at // _DAY if isinstance(at, int) else floor_day(at)


def _once_ended(column: Column) -> nw.Expr:
    return nw.when(~nw.col(column.told_by).is_null()).then(nw.col(column.name)).alias(column.name)
