"""Small books to start from: one person, one loan, two instalments, in the words a lender's file would use."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import narwhals as nw
import polars as pl

from tideover.engine.facts import TABLES, Kind, Quality, write_book

NOON = "2026-03-04T12:00:00Z"
"""When everything below was known, unless a test says otherwise."""

Row = dict[str, object]

BORROWER: Row = {
    "borrower_id": "anna",
    "language": "lv",
    "country": "LV",
    "timezone": "Europe/Riga",
    "recorded_at": NOON,
}
LOAN: Row = {
    "loan_id": "car",
    "borrower_id": "anna",
    "kind": "instalment",
    "currency": "EUR",
    "principal": "100000",
    "disbursed_on": "2026-01-15",
    "recorded_at": NOON,
}
INSTALMENT: Row = {
    "loan_id": "car",
    "number": "1",
    "due_on": "2026-02-15",
    "principal": "50000",
    "interest": "500",
    "fees": "0",
    "paid": "50500",
    "settled_on": "2026-02-14",
    "recorded_at": NOON,
}
PAYMENT: Row = {
    "payment_id": "p1",
    "loan_id": "car",
    "paid_at": "2026-02-14T09:00:00Z",
    "amount": "50500",
    "recorded_at": NOON,
}


def frame(*rows: Row) -> pl.DataFrame:
    """Rows as text, as a CSV file would hold them; a value no row has is no column."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in names}, schema=dict.fromkeys(names, pl.String)
    )


def book_of(**tables: list[Row]) -> dict[str, pl.DataFrame]:
    """The smallest book, with tables added or replaced."""
    rows: dict[str, list[Row]] = {
        "borrowers": [BORROWER],
        "loans": [LOAN],
        "instalments": [
            INSTALMENT,
            {**INSTALMENT, "number": "2", "due_on": "2026-03-15", "paid": "0", "settled_on": None},
        ],
        **tables,
    }
    return {name: frame(*found) for name, found in rows.items()}


def written(
    frames: dict[str, pl.DataFrame], out: Path, *, max_bad_share: float = 1.0, **more: object
) -> Quality:
    """The book at `out`, however bad."""
    return write_book(frames, out, source="a test", assumes={}, max_bad_share=max_bad_share, **more)  # type: ignore[arg-type]


def at(text: str) -> int:
    """Epoch seconds of an ISO moment."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def set_aside(book: Path, table: str) -> list[Row]:
    """The rows of a table that were set aside."""
    path = book / "set_aside" / f"{table}.parquet"
    return pl.read_parquet(path).to_dicts() if path.is_file() else []


def kept(book: Path, table: str) -> list[Row]:
    """The current rows of a table, as they lie on disk."""
    return pl.read_parquet(book / "current" / f"{table}.parquet").to_dicts()


def engine_types(table: str) -> dict[str, nw.dtypes.DType]:
    """What the engine should see of a table."""
    numbers = {Kind.DAY, Kind.MOMENT, Kind.MONEY, Kind.COUNT, Kind.RATE}
    return {
        column.name: nw.Int64()
        if column.kind in numbers
        else nw.Boolean()
        if column.kind is Kind.FLAG
        else nw.String()
        for column in TABLES[table].every
    }
