"""Where the files of a book lie, and whether they hold what they should."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from .buckets import GUESTS
from .kinds import ON_DISK
from .needed import check_needed
from .refusals import FileUnreadable, TableUnusable, explained
from .sources import Cast, Wanted
from .staging import CURRENT
from .stamp import Stamp
from .tables import TABLES, Column, Kind, Table
from .versions import REPLACED_AT

PEOPLE = "borrowers"

_CASTS: dict[Kind, Cast] = {
    Kind.KEY: Cast.TEXT,
    Kind.TEXT: Cast.TEXT,
    Kind.CODE: Cast.TEXT,
    Kind.DAY: Cast.DAY,
    Kind.MOMENT: Cast.MOMENT,
    Kind.FLAG: Cast.FLAG,
}


@dataclass(frozen=True)
class Shelf:
    """The folder of one book."""

    folder: Path
    stamp: Stamp

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The tables of the contract that this book has."""
        return tuple(name for name in TABLES if name in self.stamp.rows)

    def has_history(self, table: Table) -> bool:
        """Whether some row of the table has two versions."""
        return table.name in self.stamp.versions

    def files(self, table: Table, part: str, *, bucket: int | None = None) -> tuple[Path, ...]:
        """The files of a table; of one bucket, with the rows that are guests there. People are guests apart."""
        whole = self.folder / part / f"{table.name}.parquet"
        if whole.is_file():
            return (whole,)
        folders = [self.folder / part / table.name]
        if bucket is not None and table.name != PEOPLE:
            folders.append(self.folder / GUESTS / part / table.name)
        within = "*" if bucket is None else f"bucket={bucket:02}"
        return tuple(path for folder in folders for path in sorted(folder.glob(f"{within}/*.parquet")))

    def neighbours(self, part: str, bucket: int | None) -> tuple[Path, ...]:
        """The files of the people of other buckets that a bucket depends on."""
        folder = self.folder / GUESTS / part / PEOPLE / f"bucket={bucket or 0:02}"
        return () if bucket is None else tuple(sorted(folder.glob("*.parquet")))

    def wanted(self, table: Table, *, versions: bool = False) -> list[Wanted]:
        """The columns to read: the contract's, then the source's own; of a history also when a version was replaced."""
        found = self._schemas.get(table.name, {})
        own = [_own(name, dtype) for name, dtype in found.items() if name not in table.names]
        columns = [_of_contract(column, absent=column.name not in found) for column in table.every]
        return [*columns, *own, *([Wanted(REPLACED_AT, Cast.MOMENT)] if versions else [])]

    @cached_property
    def _schemas(self) -> dict[str, dict[str, pl.DataType]]:
        """Columns and types on disk, by table; read from the files' last bytes."""
        return {name: self._schema(TABLES[name]) for name in self.names}

    def _schema(self, table: Table) -> dict[str, pl.DataType]:
        files = self.files(table, CURRENT)
        if not files:
            return {}
        try:
            return dict(pl.read_parquet_schema(files[0]))
        except (pl.exceptions.PolarsError, OSError) as error:
            raise FileUnreadable(
                explained(
                    f"The file of {table.name} cannot be read.",
                    where=f"{files[0]}: {' '.join(str(error).split())[:300]}",
                    expected="a whole Parquet file",
                    do="copy the book again, or import it again",
                )
            ) from None

    def check(self) -> None:
        """Refuse a book without the tables a decision needs, or with columns of another type."""
        check_needed(self.names, where=str(self.folder))
        errors = [error for name in self.names for error in self._type_errors(TABLES[name])]
        if errors:
            raise TableUnusable(
                explained(
                    "Some columns have another type than they should:\n  - " + "\n  - ".join(errors),
                    where=str(self.folder),
                    expected="the types in which write_book leaves them",
                    do="import the book again instead of editing its files",
                )
            )

    def _type_errors(self, table: Table) -> Iterator[str]:
        found = self._schemas[table.name]
        for column in table.every if found else ():
            dtype, wanted = found.get(column.name), ON_DISK[column.kind]
            if dtype is None and column.required and column.otherwise is None:
                yield f"{table.name}.{column.name} is missing"
            elif dtype is not None and dtype != wanted:
                yield f"{table.name}.{column.name} is {dtype}, not {wanted}"


def _of_contract(column: Column, *, absent: bool) -> Wanted:
    return Wanted(column.name, _CASTS.get(column.kind, Cast.NUMBER), absent, column.otherwise)


def _own(name: str, dtype: pl.DataType) -> Wanted:
    if dtype == pl.Date:
        return Wanted(name, Cast.DAY)
    if isinstance(dtype, pl.Datetime):
        return Wanted(name, Cast.MOMENT)
    return Wanted(name, Cast.NUMBER if dtype.is_integer() else Cast.OTHER)
