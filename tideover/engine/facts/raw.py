"""A folder of plain files named after the tables of the contract: loans.csv, loans.parquet or loans.xlsx."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import fastexcel
import polars as pl

from tideover.kit.nearest import nearest

from .refusals import BookRefused, FileUnreadable, TableUnusable, explained
from .tables import TABLES, Kind, Table

_READ = (".csv", ".parquet", ".xlsx")


def raw_frames(folder: Path) -> dict[str, pl.LazyFrame]:
    """The tables in the folder, as they are."""
    files = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in _READ]
    named = {path: path.stem.lower() for path in files if path.stem.lower() in TABLES}
    twice = sorted(name for name, count in Counter(named.values()).items() if count > 1)
    if twice:
        raise BookRefused(
            explained(
                f"Several files hold {', '.join(twice)}.",
                where=", ".join(path.name for path, name in named.items() if name in twice),
                expected="one file a table",
                do="leave one of them in the folder",
            )
        )
    return {name: _frame(path, TABLES[name]) for path, name in named.items()}


def unused_files(folder: Path) -> list[str]:
    """What is said about data files that are no table of the contract."""
    strange = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in _READ and path.stem.lower() not in TABLES
    ]
    return [f"{path.name} is not used: there is no such table.{_meant(path.stem)}" for path in strange]


def _meant(stem: str) -> str:
    guess = nearest(stem, TABLES)
    return f" If it holds {guess}, name it {guess}." if guess else ""


def _frame(path: Path, table: Table) -> pl.LazyFrame:
    try:
        frame = _open(path)
        schema = frame.collect_schema()
    except (pl.exceptions.PolarsError, fastexcel.FastExcelError, OSError) as error:
        raise _unreadable(path, error) from error
    _refuse_day_numbers(path, table, schema)
    return frame


def _open(path: Path) -> pl.LazyFrame:
    match path.suffix.lower():
        case ".csv":
            # Everything as text: guessing types from the first rows would turn phone 0049 into 49.
            return pl.scan_csv(path, infer_schema=False, encoding="utf8", try_parse_dates=False)
        case ".parquet":
            return pl.scan_parquet(path, hive_partitioning=False)
        case _:
            return _without_float_counts(pl.read_excel(path, engine="calamine")).lazy()


def _without_float_counts(sheet: pl.DataFrame) -> pl.DataFrame:
    """A sheet knows one kind of number: columns that hold whole ones alone become integers."""
    floats = [name for name, dtype in sheet.schema.items() if dtype.is_float()]
    whole = [name for name in floats if sheet[name].drop_nulls().is_finite().all() and _is_whole(sheet[name])]
    return sheet.with_columns(pl.col(whole).cast(pl.Int64)) if whole else sheet


def _is_whole(values: pl.Series) -> bool:
    return bool(((values.drop_nulls() % 1) == 0).all())


def _refuse_day_numbers(path: Path, table: Table, schema: pl.Schema) -> None:
    """20260304 in a date column could be a day number, a spreadsheet's serial number or a date: nobody guesses."""
    dated = [it.name for it in table.every if it.kind in (Kind.DAY, Kind.MOMENT) and it.name in schema]
    numbers = [name for name in dated if schema[name].is_integer() or schema[name].is_float()]
    if numbers:
        raise TableUnusable(
            explained(
                f"Numbers stand where dates belong: {', '.join(numbers)}.",
                where=str(path),
                expected="dates, in text as 2026-03-04 or 2026-03-04T10:00:00Z",
                do="format the columns as dates and save again",
            )
        )


def _unreadable(path: Path, error: Exception) -> FileUnreadable:
    return FileUnreadable(
        explained(
            f"{path.name} cannot be read.",
            where=f"{path}: {' '.join(str(error).split())[:300]}",
            expected="a whole file: Parquet, CSV in UTF-8 with commas and one header line, or an .xlsx workbook",
            do="export it again and compare its size with the original",
        )
    )
