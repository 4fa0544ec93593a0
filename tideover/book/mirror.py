"""The Parquet mirror: what the database knows, as a book that the engine reads. Kept by watermark: only new rows are read.

`<data>/mirror/<table>/<first id>-<last id>.parquet` hold the rows as they came; `<data>/mirror/book` is made of them.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import polars as pl
from django.db import connection

from tideover.book.models import fact_table
from tideover.book.queries import assumed, framed, in_types
from tideover.engine.facts import TABLES, Book, open_book, write_book
from tideover.engine.facts.slots import engine_schema

ROWS_A_FILE = 1_000_000
ESSENTIAL = ("borrowers", "loans", "instalments", "feeds")
"""Tables that a book of ours always has, be they empty: nothing recorded yet is not the same as a table nobody keeps."""


def mirrored(folder: Path, *, at: datetime) -> Book:
    """The book as the database has it now. `at` is when it was read: what is recorded later is not in it."""
    frames = {name: _table(name, folder / name) for name in TABLES}
    kept = {name: rows for name, rows in frames.items() if rows is not None}
    write_book(
        kept,
        folder / "book",
        source="database",
        assumes=dict.fromkeys(assumed(), True),
        checked=False,
        created_at=int(at.timestamp()),
    )
    return open_book(folder / "book")


def _table(name: str, folder: Path) -> pl.LazyFrame | None:
    """All rows of a table, the new ones added to its files first; None where nobody ever recorded any."""
    folder.mkdir(parents=True, exist_ok=True)
    last = max((int(path.stem.split("-")[1]) for path in folder.glob("*.parquet")), default=0)
    while (rows := _after(name, last)).height:
        first, last = int(rows["id"][0]), int(rows["id"][-1])
        rows.drop("id").write_parquet(folder / f"{first:012}-{last:012}.parquet")
    files = sorted(folder.glob("*.parquet"))
    if files:
        return pl.scan_parquet(files)
    return pl.LazyFrame(schema=engine_schema(name)) if name in ESSENTIAL else None


def _after(name: str, last: int) -> pl.DataFrame:
    columns = ", ".join(connection.ops.quote_name(it) for it in ("id", *TABLES[name].names))
    query = (
        f"SELECT {columns} FROM {connection.ops.quote_name(fact_table(name))} "  # noqa: S608 - names and numbers of ours
        f"WHERE id > {last} ORDER BY id LIMIT {ROWS_A_FILE}"
    )
    schema = {"id": pl.Int64(), **engine_schema(name)}
    uri = _uri()
    if uri is not None:
        return in_types(pl.read_database_uri(query, uri, engine="adbc"), schema)
    with connection.cursor() as cursor:
        cursor.execute(query)
        return framed(cursor.fetchall(), schema)


def _uri() -> str | None:
    """The address for bulk reading on PostgreSQL; None where only Django's own connection may read.

    In a test's own transaction no other connection sees the rows. And two SQLite libraries in one process must not open
    one file: the first to close it drops the other's locks (sqlite.org/howtocorrupt.html, 2.2.1).
    """
    if connection.in_atomic_block or connection.vendor == "sqlite":
        return None
    known = connection.settings_dict
    user = ":".join(quote(str(known[part]), safe="") for part in ("USER", "PASSWORD") if known[part])
    place = ":".join(str(known[part]) for part in ("HOST", "PORT") if known[part])
    return f"postgresql://{user}{'@' if user else ''}{place}/{known['NAME']}"
