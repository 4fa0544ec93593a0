"""One table as it came, turned into the rows to keep and the rows to set aside, as lazy frames. Nothing runs here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

import polars as pl

from .kinds import EXPECTED, ON_DISK, is_readable, read, whole_seconds
from .known import STANDARDS
from .parents import Relation, relations_of
from .tables import Column, Kind, Table
from .troubles import Trouble, missing, of_value, out_of_order, raw, recorded_after, stops

REASON, COLUMN = "reason", "column"
RESERVED = frozenset({REASON, COLUMN, "bucket", "replaced_at"})
"""Names the book itself uses; a source's own columns of these names stay out."""

_JUDGED = "judged:"


@dataclass(frozen=True)
class Reading:
    """How one table is read. `kept` holds the tables of this book that are read already, by name."""

    table: Table
    frame: pl.LazyFrame
    kept: Mapping[str, pl.LazyFrame] = field(default_factory=dict)
    created_at: int | None = None

    @cached_property
    def came(self) -> pl.Schema:
        """Columns and types of the source."""
        return self.frame.collect_schema()

    @cached_property
    def further(self) -> tuple[str, ...]:
        """The source's own columns, besides the contract: welcome when they hold plain values."""
        own = (name for name in self.came if name not in self.table.names and name not in RESERVED)
        return tuple(
            name for name in own if not (self.came[name].is_nested() or self.came[name] == pl.Binary)
        )

    def shape_errors(self) -> list[str]:
        """Columns that are missing, or cannot hold what they should."""
        return [error for column in self.table.every for error in self._errors_of(column)]

    def _errors_of(self, column: Column) -> Iterator[str]:
        if column.name in self.came:
            if not is_readable(self.came[column.name], column.kind):
                yield f"{column.name} holds {self.came[column.name]} where {EXPECTED[column.kind]} belong"
        elif column.required and column.otherwise is None and column.name != "seed":
            yield f"{column.name} is missing ({column.meaning})"

    def unchecked(self) -> pl.LazyFrame:
        """All rows in the types of the contract, believed as they are."""
        return self._finished(self._read())

    def judged(self) -> pl.LazyFrame:
        """Every row as it came (`raw:`), as read, and with the reason for which it is set aside, if any."""
        frame = self._read()
        for relation in self._relations:
            frame = relation.joined(frame)
        return frame.with_columns(_first_of(self._stopping).alias(_JUDGED))

    def to_keep(self, judged: pl.LazyFrame) -> pl.LazyFrame:
        """The good rows, doubtful values made unknown."""
        good = judged.filter(pl.col(_JUDGED).is_null())
        doubts: dict[str, pl.Expr] = {}
        for trouble in self._doubting:
            doubts[trouble.column] = doubts.get(trouble.column, pl.lit(False)) | trouble.found.fill_null(
                False
            )
        return self._finished(
            good.with_columns(
                pl.when(~doubt).then(pl.col(name)).alias(name) for name, doubt in doubts.items()
            )
        )

    def to_set_aside(self, judged: pl.LazyFrame) -> pl.LazyFrame:
        """The bad rows as they came, as text, with `reason` and the `column` it is about."""
        shown = [
            raw(name) if name in self.table.names else pl.col(name) for name in (*self._given, *self.further)
        ]
        codes = [trouble.code for trouble in self._stopping]
        columns = [trouble.column for trouble in self._stopping]
        return judged.filter(pl.col(_JUDGED).is_not_null()).select(
            *(value.cast(pl.String).name.replace("^raw:", "") for value in shown),
            _named(codes).alias(REASON),
            _named(columns).alias(COLUMN),
        )

    def counts(self, judged: pl.LazyFrame) -> pl.LazyFrame:
        """One row: all rows, and how many values of the good rows are doubtful, by label."""
        good = pl.col(_JUDGED).is_null()
        doubts = [(good & it.found.fill_null(False)).sum().alias(it.label) for it in self._noted]
        return judged.select(pl.len().alias("rows"), *doubts)

    @cached_property
    def _given(self) -> tuple[str, ...]:
        return tuple(name for name in self.table.names if name in self.came)

    @cached_property
    def _relations(self) -> tuple[Relation, ...]:
        return relations_of(self.table, self.kept)

    def _read(self) -> pl.LazyFrame:
        own = [pl.col(name) for name in self.further]
        raws = [pl.col(name).alias(f"raw:{name}") for name in self._given]
        return self.frame.select(*raws, *own).with_columns(
            self._value(column).alias(column.name) for column in self.table.every
        )

    def _value(self, column: Column) -> pl.Expr:
        if column.name not in self.came:
            return pl.lit(None, ON_DISK[column.kind])
        value = read(raw(column.name), self.came[column.name], column.kind)
        standard = STANDARDS.get(column.name)
        return standard.spelled(value) if standard else value

    @cached_property
    def _of_values(self) -> tuple[tuple[Column, Trouble], ...]:
        return tuple(
            (column, trouble)
            for column in self.table.every
            for trouble in of_value(column, self.came.get(column.name))
        )

    @cached_property
    def _stopping(self) -> tuple[Trouble, ...]:
        """Troubles that set a row aside, in the order in which they are named."""
        return (
            *(trouble for column, trouble in self._of_values if stops(self.table, column, trouble)),
            *missing(self.table),
            *out_of_order(self.table),
            *recorded_after(self.created_at),
            *(it.points_nowhere() for it in self._relations if it.stops),
            *(trouble for it in self._relations for trouble in it.disagreements(further=self.further)),
        )

    @cached_property
    def _doubting(self) -> tuple[Trouble, ...]:
        """Troubles that make one value unknown."""
        return tuple(trouble for column, trouble in self._of_values if not stops(self.table, column, trouble))

    @cached_property
    def _noted(self) -> tuple[Trouble, ...]:
        """Troubles that are counted and change no row: doubts, links that lead nowhere, codes not in a closed list."""
        astray = (it.points_nowhere() for it in self._relations if not it.stops)
        strange = (
            Trouble("unknown_code", column.name, ~pl.col(column.name).is_in(list(column.codes)))
            for column in self.table.columns
            if column.codes
        )
        return (*self._doubting, *astray, *strange)

    def _finished(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The columns of the contract in order, stand-ins filled in, moments cut to seconds; then the source's own."""
        own = (_whole(name, self.came[name]) for name in self.further)
        return frame.select(*(_finished(column) for column in self.table.every), *own)


def _first_of(troubles: Sequence[Trouble]) -> pl.Expr:
    """The number of the first trouble a row has, NULL when it has none: a byte, where names would cost seconds."""
    number = pl.lit(None, pl.UInt8)
    for place, trouble in reversed([*enumerate(troubles)]):
        number = pl.when(trouble.found).then(pl.lit(place, pl.UInt8)).otherwise(number)
    return number


def _named(names: Sequence[str]) -> pl.Expr:
    return pl.col(_JUDGED).replace_strict(range(len(names)), names, return_dtype=pl.String)


def _whole(name: str, dtype: pl.DataType) -> pl.Expr:
    """A source's own column; its moments are UTC and cut to seconds like ours."""
    moment = isinstance(dtype, pl.Datetime)
    return whole_seconds(read(pl.col(name), dtype, Kind.MOMENT)) if moment else pl.col(name)


def _finished(column: Column) -> pl.Expr:
    value = pl.col(column.name)
    # recorded_at keeps its fractions until versions of one second have been told apart.
    if column.kind is Kind.MOMENT and column.name != "recorded_at":
        value = whole_seconds(value)
    return value if column.otherwise is None else value.fill_null(_stand_in(column))


def _stand_in(column: Column) -> pl.Expr:
    if column.kind is Kind.MOMENT and isinstance(column.otherwise, int):
        return pl.lit(datetime.fromtimestamp(column.otherwise, UTC), ON_DISK[Kind.MOMENT])
    return pl.lit(column.otherwise, ON_DISK[column.kind])
