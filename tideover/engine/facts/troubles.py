"""What can be wrong with one value or one row, as expressions over the row as it came and as it was read.

The raw value of column x stands in `raw:x`, the value read in `x`. A trouble in a value without which the row cannot
be understood sets the row aside; in any other value it makes that value unknown, and is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from .kinds import ON_DISK
from .known import STANDARDS
from .tables import Column, Kind, Table

TROUBLES: dict[str, str] = {
    "missing_value": "a value is missing without which the row means nothing",
    "unreadable_value": "a value cannot be read as what its column holds",
    "placeholder_date": "a day or moment is a stand-in such as 1900-01-01 or 9999-12-31",
    "negative_amount": "a number that cannot be below zero is",
    "amount_too_large": "an amount is above what the engine can pack, 2^45 minor units",
    "unknown_currency": "there is no such currency in ISO 4217",
    "unknown_timezone": "there is no such IANA time zone",
    "unknown_language": "there is no such language",
    "unknown_country": "there is no such country in ISO 3166-1",
    "dates_out_of_order": "something ended before it began",
    "recorded_in_future": "the row was recorded after the book was made",
    "unknown_code": "the code is not in the closed list of its column",
    "orphan": "the person, loan or contact it belongs to is not in the book",
    "due_before_disbursed": "the instalment falls due before the loan was paid out",
    "settled_before_disbursed": "the instalment was settled before the loan was paid out",
    "mixed_currency": "its currency is not the loan's",
    "duplicate_row": "the same row stands there twice",
    "duplicate_version": "two rows with one key were recorded at one moment and differ; one of them is believed",
    "same_second": "a later version was recorded within the same second",
}
"""Every reason for which a row is set aside, a value read as unknown or only noted, in words."""

MADE_UNKNOWN = frozenset(TROUBLES) - {"orphan", "unknown_code"}
"""Of those that set no row aside, the ones after which the value is unknown; the others keep it."""

HARMLESS = frozenset({"same_second"})
"""Reasons that say nothing against the source."""

_FIRST, _LAST = date(1900, 1, 1), date(2200, 1, 1)
_LARGEST_AMOUNT = 2**45 - 1
_DATED = (Kind.DAY, Kind.MOMENT)
_NUMBERS = (Kind.MONEY, Kind.COUNT, Kind.RATE)


@dataclass(frozen=True)
class Trouble:
    """One way in which one column of a row can be wrong."""

    code: str
    column: str
    found: pl.Expr

    @property
    def label(self) -> str:
        return f"{self.code}:{self.column}"


def raw(name: str) -> pl.Expr:
    """The value as it came."""
    return pl.col(f"raw:{name}")


def stops(table: Table, column: Column, trouble: Trouble) -> bool:
    """Whether the row cannot be understood with this trouble, and is set aside.

    An end that cannot be read could hide that a consent was withdrawn; a hold protects whatever its end says. A value
    with a stand-in is replaced by it, save an amount: nobody may owe or be owed a sum that was guessed.
    """
    needed = column.required and column.otherwise is None
    grave = column.ends or column.kind is Kind.MONEY or trouble.code == "negative_amount"
    return needed or (grave and not table.protects)


def of_value(column: Column, came: pl.DataType | None) -> Iterator[Trouble]:
    """What can be wrong with a value of this column, which came as that type, or not at all."""
    value = pl.col(column.name)
    if came is not None and (came != ON_DISK[column.kind] or came == pl.String):
        yield Trouble("unreadable_value", column.name, value.is_null() & _is_filled(column, came))
    if column.kind in _DATED:
        yield Trouble("placeholder_date", column.name, _is_placeholder(column))
    if column.kind in _NUMBERS and not column.negative:
        yield Trouble("negative_amount", column.name, value < 0)
    if column.kind is Kind.MONEY:
        yield Trouble("amount_too_large", column.name, value.abs() > _LARGEST_AMOUNT)
    if standard := STANDARDS.get(column.name):
        yield Trouble(standard.trouble, column.name, standard.is_unknown(value))


def _is_filled(column: Column, came: pl.DataType) -> pl.Expr:
    """Whether something stood in the column, blanks aside."""
    value = raw(column.name)
    return value.str.contains(r"\S") if came == pl.String else value.is_not_null()


def _is_placeholder(column: Column) -> pl.Expr:
    """A far future is what some systems write for "not ended", and reads as that; elsewhere it is a stand-in."""
    early = pl.col(column.name) <= _at(column, _FIRST)
    return early if column.ends else early | (pl.col(column.name) >= _at(column, _LAST))


def _at(column: Column, on: date) -> pl.Expr:
    return pl.lit(
        on if column.kind is Kind.DAY else datetime(on.year, on.month, on.day, 23, 59, 59, tzinfo=UTC)
    )


def missing(table: Table) -> Iterator[Trouble]:
    """Values that must be there and are not."""
    for column in table.every:
        if column.required and column.otherwise is None:
            yield Trouble("missing_value", column.name, pl.col(column.name).is_null())


def out_of_order(table: Table) -> Iterator[Trouble]:
    """Ends before their beginnings."""
    if not table.protects:
        for first, second in table.in_order:
            yield Trouble("dates_out_of_order", second, pl.col(second) < pl.col(first))


def recorded_after(created_at: int | None) -> Iterator[Trouble]:
    """Rows from the future of the book."""
    if created_at is not None:
        made = datetime.fromtimestamp(created_at, UTC)
        yield Trouble("recorded_in_future", "recorded_at", pl.col("recorded_at").dt.truncate("1s") > made)
