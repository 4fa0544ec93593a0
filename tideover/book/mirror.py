"""The Parquet mirror: what the database knows, as a book that the engine reads. Only new rows are read and written.

`<data>/mirror/<table>/<number>.parquet` hold the rows as they came. `<data>/mirror/book` is made of them: what
each key says now, kept up from night to night.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import structlog

from tideover.book.fetching import drop_damaged, fetch
from tideover.book.queries import assumed
from tideover.engine.facts import TABLES, Book, can_renew, open_book, renew_book, write_book
from tideover.engine.facts.slots import engine_schema
from tideover.kit.errors import Refused

log = structlog.get_logger()
ESSENTIAL = ("borrowers", "loans", "instalments", "feeds")
"""Tables that a book of ours always has, be they empty: nothing recorded yet is not the same as a table nobody keeps."""

APPLIED = "applied.json"
"""In the book's folder: of which moment it is, in which columns, and the last file of each table in it. Written last of all."""


def mirrored(folder: Path, *, at: datetime) -> Book:
    """The book as the database has it now. `at` is when it was read: what is recorded later is not in it."""
    return _whole(folder, lambda: _kept_up(folder, int(at.timestamp())))


def mirrored_then(folder: Path, out: Path, *, at: datetime) -> Book:
    """The book with every version of every row, for a moment that has passed: written whole, beside the nightly one."""
    return _whole(folder, lambda: _with_history(folder, out, int(at.timestamp())))


def _whole(folder: Path, made: Callable[[], Book]) -> Book:
    """The book; where that fails, once more without what files may be damaged: the database has it all."""
    try:
        return made()
    except (Refused, pl.exceptions.PolarsError, OSError, ValueError):
        damaged, book = drop_damaged(folder), folder / "book"
        if not damaged and not book.is_dir():
            raise
        log.warning("mirror_written_anew", damaged=damaged)
        shutil.rmtree(book, ignore_errors=True)
        return made()


def _kept_up(folder: Path, moment: int) -> Book:
    fetch(folder)
    book = folder / "book"
    if not _renewed(folder, book, moment):
        _write(folder, book, moment)
    return open_book(book)


def _with_history(folder: Path, out: Path, moment: int) -> Book:
    fetch(folder)
    _write_book(folder, out, moment, history=True)
    return open_book(out)


def _renewed(folder: Path, book: Path, moment: int) -> bool:
    """Put what is new into the book of the night before. False where there is none that fits, or it is of a later moment."""
    try:
        fits = can_renew(book) and (book / APPLIED).is_file() and bool(open_book(book))
    except Refused:
        fits = False
    if not fits:
        return False
    applied = json.loads((book / APPLIED).read_text("utf-8"))
    if applied["at"] > moment or applied.get("columns") != _columns():
        return False
    rows = {}
    for name in TABLES:
        files = [it for it in _files(folder / name) if it.stem > applied["files"].get(name, "")]
        waiting = book / f"later-{applied['at']}" / name
        if files or waiting.is_file():
            parts = [*([waiting] if waiting.is_file() else []), *files]
            rows[name] = pl.concat([pl.read_parquet(it) for it in parts])
    known = pl.col("recorded_at") <= moment
    new = {name: it.filter(known).drop("id") for name, it in rows.items()}
    renew_book(book, new, assumes=dict.fromkeys(assumed(), True), created_at=moment)
    _note_applied(folder, book, moment, {name: it.filter(~known) for name, it in rows.items()})
    return True


def _write(folder: Path, book: Path, moment: int) -> None:
    _write_book(folder, book, moment, history=False)
    later = {
        name: pl.scan_parquet(files).filter(pl.col("recorded_at") > moment).collect()
        for name in TABLES
        if (files := _files(folder / name))
    }
    _note_applied(folder, book, moment, later)


def _write_book(folder: Path, out: Path, moment: int, *, history: bool) -> None:
    frames = {}
    for name in TABLES:
        files = _files(folder / name)
        if files:
            rows = pl.scan_parquet(files).drop("id")
            frames[name] = rows if history else rows.filter(pl.col("recorded_at") <= moment)
        elif name in ESSENTIAL:
            frames[name] = pl.LazyFrame(schema=engine_schema(name))
    quality = write_book(
        frames, out, source="database", assumes=dict.fromkeys(assumed(), True), checked=False, created_at=moment,
        max_bad_share=1.0, history=history,
    )  # fmt: skip
    for name, it in quality.tables.items():
        if (
            it.bad
        ):  # a file is sent back for its bad rows; our own database is not, and everybody else is decided
            log.warning("rows_set_aside", table=name, rows=it.bad, because=sorted(it.set_aside))


def _note_applied(folder: Path, book: Path, moment: int, later: dict[str, pl.DataFrame]) -> None:
    """What is in the book now. Rows recorded while the night was under way wait for the next one."""
    waiting = book / f"later-{moment}"
    earlier = [it for it in book.glob("later-*") if it != waiting]
    waiting.mkdir(exist_ok=True)
    for name, rows in later.items():
        if rows.height:
            rows.write_parquet(waiting / name)
    last = {name: files[-1].stem for name in TABLES if (files := _files(folder / name))}
    written = book / f"{APPLIED}.new"
    written.write_text(json.dumps({"at": moment, "columns": _columns(), "files": last}), "utf-8")
    written.replace(book / APPLIED)
    for it in earlier:
        shutil.rmtree(it)


def _columns() -> dict[str, list[str]]:
    return {name: list(it.names) for name, it in TABLES.items()}


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.parquet"))
