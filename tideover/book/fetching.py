"""New rows of the fact tables into files of the mirror: by number, and each row once.

Numbers are given before a transaction commits, so a row may appear with a lower number than one that was read already.
Numbers that were missing are therefore looked for once more the next time.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import quote

import polars as pl
from django.db import connection

from tideover.book.models import fact_table
from tideover.book.queries import framed, in_types
from tideover.engine.facts import TABLES
from tideover.engine.facts.slots import engine_schema

ROWS_A_FILE = 1_000_000
MOST_GAPS = 64
STATE = "fetched.json"


@dataclass
class _State:
    """How far a table was read, in which columns: its last number, the file with which the last reading began, the numbers it missed."""

    columns: list[str] = field(default_factory=list)
    last: int = 0
    files: int = 0
    began: int = 0
    gaps: list[list[int]] = field(default_factory=list)


def fetch(folder: Path) -> None:
    """Bring the files of every table up to what the database has committed."""
    newest = _newest()
    for name in TABLES:
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        state = _state(name, place)
        if newest[name] > state.last or state.gaps:
            _fetch(name, place, state)


def drop_damaged(folder: Path) -> list[str]:
    """Take away what was read of every table of which a file cannot be read any more: it is fetched anew. Their names."""
    damaged = [name for name in TABLES if (folder / name).is_dir() and not _is_whole(folder / name)]
    for name in damaged:
        shutil.rmtree(folder / name)
    return damaged


def _is_whole(place: Path) -> bool:
    try:
        if (place / STATE).is_file():
            _State(**json.loads((place / STATE).read_text("utf-8")))
        for it in place.glob("*.parquet"):
            pl.read_parquet(it)
    except (pl.exceptions.PolarsError, OSError, ValueError, TypeError):
        return False
    return True


def _state(name: str, place: Path) -> _State:
    kept, columns = place / STATE, list(TABLES[name].names)
    if kept.is_file():
        state = _State(**json.loads(kept.read_text("utf-8")))
        if state.columns == columns:
            return state
        kept.unlink()  # the contract has changed since: the table is read anew
    for stray in place.glob("*.parquet"):  # files without a state: nobody knows how far they go
        stray.unlink()
    return _State(columns)


def _newest() -> dict[str, int]:
    """The highest number of every table."""
    tables = " UNION ALL ".join(f"SELECT '{it}', MAX(id) FROM {_quoted(it)}" for it in TABLES)  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        cursor.execute(tables)
        return {str(name): int(last or 0) for name, last in cursor.fetchall()}


def _fetch(name: str, place: Path, state: _State) -> None:
    began, gaps = state.files, list[list[int]]()
    late = _late(name, place, state)
    if late.height:
        late.write_parquet(place / f"{state.files:08}.parquet")
        state.files += 1
    while (rows := _rows(name, f"id > {state.last}")).height:
        gaps += _gaps(rows["id"], state.last)
        rows.write_parquet(place / f"{state.files:08}.parquet")
        state.files, state.last = state.files + 1, int(rows["id"][-1])
    state.began, state.gaps = began, _merged(gaps)
    written = place / f"{STATE}.new"
    written.write_text(json.dumps(asdict(state)), "utf-8")
    written.replace(place / STATE)


def _late(name: str, place: Path, state: _State) -> pl.DataFrame:
    """Rows with numbers that were missing the last time."""
    if not state.gaps:
        return pl.DataFrame({"id": []})
    rows = _rows(name, " OR ".join(f"id BETWEEN {first} AND {last}" for first, last in state.gaps))
    files = [place / f"{number:08}.parquet" for number in range(state.began, state.files)]
    known = pl.scan_parquet([it for it in files if it.is_file()]).select("id").collect()["id"]
    return rows.filter(~pl.col("id").is_in(known.implode()))


def _gaps(numbers: pl.Series, last: int) -> list[list[int]]:
    """The stretches of numbers that are missing."""
    each = pl.DataFrame({"to": numbers}).with_columns(before=pl.col("to").shift(fill_value=last))
    missing = each.filter(pl.col("to") - pl.col("before") > 1)
    return [[before + 1, to - 1] for to, before in missing.iter_rows()]


def _merged(gaps: list[list[int]]) -> list[list[int]]:
    """At most so many stretches, the nearest of them made one."""
    if len(gaps) <= MOST_GAPS:
        return gaps
    apart = sorted(range(1, len(gaps)), key=lambda it: gaps[it][0] - gaps[it - 1][1], reverse=True)
    starts = [0, *sorted(apart[: MOST_GAPS - 1])]
    ends = [*(it - 1 for it in starts[1:]), len(gaps) - 1]
    return [[gaps[first][0], gaps[last][1]] for first, last in zip(starts, ends, strict=True)]


def _rows(name: str, where: str) -> pl.DataFrame:
    columns = ", ".join(connection.ops.quote_name(it) for it in ("id", *TABLES[name].names))
    query = f"SELECT {columns} FROM {_quoted(name)} WHERE {where} ORDER BY id LIMIT {ROWS_A_FILE}"  # noqa: S608 - names and numbers of ours
    schema = {"id": pl.Int64(), **engine_schema(name)}
    uri = _uri()
    if uri is not None:
        return in_types(pl.read_database_uri(query, uri, engine="adbc"), schema)
    with connection.cursor() as cursor:
        cursor.execute(query)
        return framed(cursor.fetchall(), schema)


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(fact_table(name)))


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
