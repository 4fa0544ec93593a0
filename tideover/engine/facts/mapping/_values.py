"""A column of values and the kind it is of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from tideover.engine.facts.tables import Kind

UTC_MOMENT = pl.Datetime("us", "UTC")

DTYPES: dict[Kind, pl.DataType | type[pl.DataType]] = {
    Kind.KEY: pl.String,
    Kind.TEXT: pl.String,
    Kind.CODE: pl.String,
    Kind.DAY: pl.Date,
    Kind.MOMENT: UTC_MOMENT,
    Kind.MONEY: pl.Int64,
    Kind.COUNT: pl.Int64,
    Kind.RATE: pl.Int64,
    Kind.FLAG: pl.Boolean,
}

_SAID = {
    Kind.TEXT: "a text",
    Kind.DAY: "a day",
    Kind.MOMENT: "a moment",
    Kind.MONEY: "an amount of money",
    Kind.COUNT: "a whole number",
    Kind.RATE: "a rate",
    Kind.FLAG: "true or false",
    None: "nothing known",
}


@dataclass(frozen=True)
class Value:
    """An expression over a frame's columns, and its kind; None when it is NULL throughout, which fits any kind.

    Keys, codes and texts are one kind here: TEXT.
    """

    expr: pl.Expr
    kind: Kind | None
    zero: bool = False

    @property
    def said(self) -> str:
        """The kind in words."""
        return _SAID[self.kind]

    def fits(self, kind: Kind) -> bool:
        """Whether it can be stored as that kind. A literal 0 is also no money and no interest."""
        wanted = Kind.TEXT if kind in {Kind.KEY, Kind.CODE} else kind
        return self.kind in {None, wanted} or (self.zero and wanted in {Kind.MONEY, Kind.RATE})


def literal(value: bool | int | date | datetime | str | None) -> Value:
    """A plain value, the same in every row."""
    if value is None:
        return Value(pl.lit(None), None)
    kind = _kind(value)
    return Value(pl.lit(value, dtype=DTYPES[kind]), kind, zero=value == 0 and kind is Kind.COUNT)


def said_kind(kind: Kind) -> str:
    """A kind of the contract in words."""
    return _SAID[Kind.TEXT if kind in {Kind.KEY, Kind.CODE} else kind]


def unified(values: Iterable[Value]) -> Kind | None:
    """The one kind that all of these are; None when they differ, or nothing is known of any."""
    known = [value for value in values if value.kind is not None]
    kinds = {value.kind for value in known if not value.zero} or {value.kind for value in known}
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    return kind if kind is not None and all(value.fits(kind) for value in known) else None


def _kind(value: bool | int | date | datetime | str) -> Kind:
    if isinstance(value, bool):
        return Kind.FLAG
    if isinstance(value, int):
        return Kind.COUNT
    if isinstance(value, datetime):
        return Kind.MOMENT
    return Kind.DAY if isinstance(value, date) else Kind.TEXT
