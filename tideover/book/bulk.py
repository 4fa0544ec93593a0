"""Many rows into a table at once: COPY on PostgreSQL, one prepared statement on SQLite. No model is made of a row."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from django.db import connection

BATCH = 20_000


def pour(rows: pl.DataFrame, table: str, *, given: Mapping[str, str] | None = None) -> int:
    """Add rows whose columns are named as the table's; a row whose key is there already stays as it is. How many are new.

    `given` has SQL values that are the same for every row.
    """
    if rows.is_empty():
        return 0
    quote, extra = connection.ops.quote_name, dict(given or {})
    names = ", ".join(quote(name) for name in rows.columns)
    targets = ", ".join(quote(name) for name in [*rows.columns, *extra])
    values = ", ".join([names, *extra.values()])
    with connection.cursor() as cursor:
        staged = stage(rows, table)
        cursor.execute(
            f"INSERT INTO {quote(table)} ({targets}) SELECT {values} FROM {staged} WHERE 1 = 1 "  # noqa: S608 - names of ours
            "ON CONFLICT DO NOTHING"
        )
        count = cursor.rowcount
        cursor.execute(f"DROP TABLE {staged}")
    return max(int(count), 0)


def stage(rows: pl.DataFrame, table: str) -> str:
    """Rows in a temporary table with the types of `table`; its name. Whoever asks drops it."""
    quote = connection.ops.quote_name
    staged, names = quote(f"new_{table}"), ", ".join(quote(name) for name in rows.columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {staged} AS SELECT {names} FROM {quote(table)} WHERE 1 = 0")  # noqa: S608 - names of ours
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {staged} ({names}) FROM STDIN (FORMAT csv)") as copy:
                for part in rows.iter_slices(BATCH):
                    # Text is quoted even where it is empty; what is not quoted and empty is NULL.
                    copy.write(part.write_csv(include_header=False, quote_style="non_numeric"))
        else:
            places = ", ".join(["%s"] * rows.width)
            for part in rows.iter_slices(BATCH):
                cursor.executemany(f"INSERT INTO {staged} ({names}) VALUES ({places})", part.rows())  # noqa: S608 - names of ours
    return staged


def as_json(name: str) -> pl.Expr:
    """A column as JSON text, as a JSON column of the database takes it."""
    encoded = pl.struct(it=pl.col(name)).struct.json_encode()
    return encoded.str.strip_prefix('{"it":').str.strip_suffix("}")
