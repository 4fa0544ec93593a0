"""From chunks to a book on disk: parts are written as they are made, then joined table by table.

The book is believed as it is: it is made in the types of the contract, and the tests check it as an import would.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tideover.engine.facts.buckets import BUCKETS, GUESTS
from tideover.engine.facts.made_up._buckets import BUCKET, Homes, finds_home
from tideover.engine.facts.made_up._frames import Rows, Tables
from tideover.engine.facts.quality import Quality, TableQuality
from tideover.engine.facts.refusals import BookRefused, explained
from tideover.engine.facts.staging import CURRENT, HISTORY
from tideover.engine.facts.stamp import FORMAT, Stamp, checksums_of
from tideover.engine.facts.stamp import NAME as STAMP
from tideover.engine.facts.tables import TABLES, Table
from tideover.engine.facts.versions import REPLACED_AT

_ROWS_AT_ONCE = 6_000_000
"""Rows held in memory while a table is cut into buckets."""
_PARTS = "parts"


@dataclass
class Shelves:
    """A book under construction. Chunks may arrive in any order; their numbers say where they belong."""

    folder: Path
    in_buckets: bool
    history: bool
    rows: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    latest: dict[str, int] = field(default_factory=dict)

    def put(self, chunk: int, tables: Tables) -> None:
        """Write the parts of one chunk."""
        homes = Homes.of(tables) if self.in_buckets else None
        for name, rows in tables.items():
            self._put(chunk, TABLES[name], rows.latest, CURRENT, homes)
            if self.history:
                self._put(chunk, TABLES[name], _with_ends(TABLES[name], rows), HISTORY, homes)

    def count(self, tables: Tables) -> None:
        """Take the numbers of a chunk into the stamp."""
        for name, rows in tables.items():
            self.rows[name] += rows.latest.height
            self.versions[name] += rows.latest.height + sum(it.height for it in rows.earlier)
            newest = rows.latest["recorded_at"].dt.epoch("s").max()
            if isinstance(newest, int):
                self.latest[name] = max(newest, self.latest.get(name, newest))

    def _put(self, chunk: int, table: Table, rows: pl.DataFrame, part: str, homes: Homes | None) -> None:
        if homes and finds_home(table):
            rows = homes.at_home(table, rows)
            self._write(chunk, homes.guests(table, rows), f"{GUESTS}/{part}", table.name)
        self._write(chunk, rows, part, table.name)

    def _write(self, chunk: int, rows: pl.DataFrame | None, part: str, name: str) -> None:
        if rows is not None:
            folder = self.folder / _PARTS / part / name
            folder.mkdir(parents=True, exist_ok=True)
            rows.write_parquet(folder / f"{chunk:06}.parquet", compression="lz4")

    def join(self) -> None:
        """Make the final files of all parts, and remove the parts as it goes."""
        for folder in sorted((self.folder / _PARTS).glob("*/*")) + sorted((self.folder / _PARTS).glob("*/*/*")):
            if folder.is_dir() and any(folder.glob("*.parquet")):
                self._join(folder)
        shutil.rmtree(self.folder / _PARTS)

    def _join(self, folder: Path) -> None:
        name, part = folder.name, folder.parent.relative_to(self.folder / _PARTS)
        target = self.folder / part
        target.mkdir(parents=True, exist_ok=True)
        files = sorted(folder.glob("*.parquet"))
        if part.name == HISTORY and self.versions[name] == self.rows[name]:
            return
        if self.in_buckets and finds_home(TABLES[name]):
            _cut(files, target / name)
        else:
            pl.scan_parquet(files).sink_parquet(target / f"{name}.parquet")
        shutil.rmtree(folder)

    def stamp(self, *, source: str, created_at: int) -> Stamp:
        """What book.yaml says."""
        return Stamp(
            format=FORMAT,
            source=source,
            created_at=created_at,
            checked=False,
            buckets=BUCKETS if self.in_buckets else None,
            latest_recorded_at=dict(sorted(self.latest.items())),
            rows=dict(sorted(self.rows.items())),
            versions={name: count for name, count in sorted(self.versions.items()) if count > self.rows[name]},
            checksums=checksums_of(self.folder),
        )

    def quality(self) -> Quality:
        """What quality.json says: everything was kept, nothing was checked."""
        tables = {name: TableQuality(rows=count, kept=count) for name, count in sorted(self.versions.items())}
        return Quality(checked=False, tables=tables)


def _with_ends(table: Table, rows: Rows) -> pl.DataFrame:
    """All versions, each with the moment at which the next one became known."""
    versions = rows.versions.sort(*table.key, "recorded_at")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(-1)) for name in table.key)
    return versions.with_columns(pl.when(same).then(pl.col("recorded_at").shift(-1)).alias(REPLACED_AT))


def _cut(files: list[Path], target: Path) -> None:
    """Some parts at a time, cut into buckets; within a bucket rows stay in order of borrowers."""
    for number, group in enumerate(_groups(files)):
        rows = pl.read_parquet(group).sort(BUCKET, maintain_order=True)
        for (bucket,), own in rows.partition_by(BUCKET, as_dict=True, maintain_order=True, include_key=False).items():
            folder = target / f"bucket={bucket:02}"
            folder.mkdir(parents=True, exist_ok=True)
            own.write_parquet(folder / f"{number:04}.parquet")


def _groups(files: list[Path]) -> Iterator[list[Path]]:
    group: list[Path] = []
    count = 0
    for file in files:
        group.append(file)
        count += int(pl.scan_parquet(file).select(pl.len()).collect().item())
        if count >= _ROWS_AT_ONCE:
            yield group
            group, count = [], 0
    if group:
        yield group


@contextmanager
def place(out: Path) -> Iterator[Path]:
    """A folder beside `out` that takes its place in one move when all went well."""
    if out.exists() and not (out.is_dir() and ((out / STAMP).is_file() or not any(out.iterdir()))):
        raise BookRefused(
            explained(
                "A book cannot be made there: something else is in the way.",
                where=str(out),
                expected="a new folder, an empty one, or an earlier book",
                do="choose another folder",
            )
        )
    folder = out.with_name(f".{out.name}.making")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
        shutil.rmtree(out, ignore_errors=True)
        folder.rename(out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
