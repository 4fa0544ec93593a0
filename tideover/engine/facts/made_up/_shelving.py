"""From chunks to a book on disk: parts are written as they are made, then joined table by table.

The book is believed as it is: it is made in the types of the contract, and its tests check it as an import would.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl

from tideover.engine.facts.buckets import BUCKETS, GUESTS
from tideover.engine.facts.made_up._buckets import Homes, cut_into_buckets, finds_home
from tideover.engine.facts.made_up._frames import Rows, Tables
from tideover.engine.facts.quality import Quality, TableQuality
from tideover.engine.facts.staging import CURRENT, HISTORY
from tideover.engine.facts.stamp import FORMAT, Stamp, checksums_of
from tideover.engine.facts.tables import TABLES, Table
from tideover.engine.facts.versions import REPLACED_AT

_PARTS = "parts"
_COMPRESSION: Literal["lz4"] = (
    "lz4"  # measured: written and read twice as fast as the default, a fifth larger
)


@dataclass(frozen=True)
class Tally:
    """What was written of one chunk, by table."""

    rows: dict[str, int]
    versions: dict[str, int]
    latest: dict[str, int]
    """The greatest recorded_at, epoch seconds."""


@dataclass
class Shelves:
    """A book under construction. Chunks may be put by several threads; their numbers say where they belong."""

    folder: Path
    in_buckets: bool
    history: bool
    rows: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    latest: dict[str, int] = field(default_factory=dict)

    def put(self, chunk: int, tables: Tables) -> Tally:
        """Write the parts of one chunk."""
        homes = Homes.of(tables) if self.in_buckets else None
        rows = {name: self._put(chunk, name, it.latest, CURRENT, homes) for name, it in tables.items()}
        versions = rows
        if self.history:
            ended = ((name, _with_ends(TABLES[name], it)) for name, it in tables.items())
            versions = {name: self._put(chunk, name, frame, HISTORY, homes) for name, frame in ended}
        newest = {name: it.latest["recorded_at"].dt.epoch("s").max() for name, it in tables.items()}
        return Tally(rows, versions, {name: at for name, at in newest.items() if isinstance(at, int)})

    def take(self, tally: Tally) -> None:
        """Count the rows of one chunk in."""
        self.rows.update(tally.rows)
        self.versions.update(tally.versions)
        self.latest |= {name: max(at, self.latest.get(name, at)) for name, at in tally.latest.items()}

    def _put(self, chunk: int, name: str, rows: pl.DataFrame, part: str, homes: Homes | None) -> int:
        if homes and finds_home(TABLES[name]):
            rows = homes.at_home(TABLES[name], rows)
            guests = homes.guests(TABLES[name], rows)
            if guests is not None:
                self._write(chunk, name, guests, f"{GUESTS}/{part}")
        self._write(chunk, name, rows, part)
        return rows.height

    def _write(self, chunk: int, name: str, rows: pl.DataFrame, part: str) -> None:
        folder = self.folder / _PARTS / part / name
        folder.mkdir(parents=True, exist_ok=True)
        rows.write_parquet(folder / f"{chunk:06}.parquet", compression=_COMPRESSION)

    def join(self) -> Iterator[str]:
        """Make the final files of each table, and remove its parts."""
        parts = [CURRENT, HISTORY, f"{GUESTS}/{CURRENT}", f"{GUESTS}/{HISTORY}"]
        for name in self.rows:
            for part in parts:
                folder = self.folder / _PARTS / part / name
                if folder.is_dir() and (CURRENT in part or self.versions[name] > self.rows[name]):
                    self._join(name, sorted(folder.glob("*.parquet")), self.folder / part)
                shutil.rmtree(folder, ignore_errors=True)
            yield name
        shutil.rmtree(self.folder / _PARTS)

    def _join(self, name: str, files: list[Path], target: Path) -> None:
        target.mkdir(parents=True, exist_ok=True)
        if self.in_buckets and finds_home(TABLES[name]):
            cut_into_buckets(files, target / name, _COMPRESSION)
        elif len(files) == 1:
            files[0].rename(target / f"{name}.parquet")
        else:
            pl.scan_parquet(files).sink_parquet(target / f"{name}.parquet", compression=_COMPRESSION)

    def finish(self, *, source: str, created_at: int) -> None:
        """Write quality.json and book.yaml: everything was kept, nothing was checked."""
        tables = {name: TableQuality(rows=count, kept=count) for name, count in self.versions.items()}
        Quality(checked=False, tables=tables).write(self.folder)
        Stamp(
            format=FORMAT,
            source=source,
            created_at=created_at,
            checked=False,
            buckets=BUCKETS if self.in_buckets else None,
            latest_recorded_at=self.latest,
            rows=dict(self.rows),
            versions={name: count for name, count in self.versions.items() if count > self.rows[name]},
            checksums=checksums_of(self.folder),
        ).write(self.folder)


def _with_ends(table: Table, rows: Rows) -> pl.DataFrame:
    """All versions, each with the moment at which the next one became known."""
    versions = rows.versions.sort(*table.key, "recorded_at")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(-1)) for name in table.key)
    return versions.with_columns(pl.when(same).then(pl.col("recorded_at").shift(-1)).alias(REPLACED_AT))
