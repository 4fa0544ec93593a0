"""One table of a book under construction: read, judged, its versions told apart, and written to its place."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tideover.kit.ids import seed_of

from .quality import TableQuality
from .reading import COLUMN, REASON, Reading
from .refusals import FileUnreadable, explained
from .splitting import Split, split

CURRENT, HISTORY, SET_ASIDE = "current", "history", "set_aside"
_EXAMPLES = 3


@dataclass(frozen=True)
class Site:
    """The folder in which a book is being built."""

    folder: Path
    kept: dict[str, pl.LazyFrame] = field(default_factory=dict)
    keeps_history: bool = True

    def place(self, part: str, table: str) -> Path:
        """The file of a table in one part of the book."""
        (self.folder / part).mkdir(parents=True, exist_ok=True)
        return self.folder / part / f"{table}.parquet"

    def work(self, table: str) -> Path:
        """A folder for files that do not stay."""
        path = self.folder / "work" / table
        path.mkdir(parents=True, exist_ok=True)
        return path

    def clear_work(self) -> None:
        """Remove the files that do not stay."""
        shutil.rmtree(self.folder / "work", ignore_errors=True)


def build_table(site: Site, reading: Reading, *, checked: bool) -> TableQuality:
    """Write the table's files and say what was found."""
    name = reading.table.name
    try:
        return _build(site, reading, checked=checked)
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise FileUnreadable(
            explained(
                f"The table {name} cannot be read to its end.",
                where=f"{name}: {' '.join(str(error).split())[:400]}",
                expected="whole files: Parquet, or CSV in UTF-8 with commas and one header line",
                do="export the table again and compare its size with the original",
            )
        ) from error


def _build(site: Site, reading: Reading, *, checked: bool) -> TableQuality:
    table, work = reading.table, site.work(reading.table.name)
    counted = _stage(reading, work) if checked else _stage_unchecked(reading, work)
    parts = split(table, work / "staged.parquet", work)
    if not site.keeps_history:
        parts.history.clear()
    _join_parts(site, table.name, parts)
    aside = _write_set_aside(site, table.name, [*counted.set_aside, *parts.set_aside])
    rows = counted.rows or parts.rows["history"] + sum(parts.reasons.values())
    return TableQuality(
        rows=rows,
        kept=parts.rows["history"],
        set_aside=aside.counts,
        noted=counted.noted,
        examples=aside.examples,
    )


@dataclass(frozen=True)
class _Counted:
    rows: int
    noted: dict[str, int] = field(default_factory=dict)
    set_aside: list[Path] = field(default_factory=list)


@dataclass(frozen=True)
class _Aside:
    counts: dict[str, int]
    examples: dict[str, list[str]]


def _stage(reading: Reading, work: Path) -> _Counted:
    judged = reading.judged()
    kept, aside = work / "staged.parquet", work / "judged.parquet"
    good = with_seed(reading, reading.to_keep(judged)).sink_parquet(kept, lazy=True)
    bad = reading.to_set_aside(judged).sink_parquet(aside, lazy=True)
    *_, counted = pl.collect_all([good, bad, reading.counts(judged)], engine="streaming")
    numbers: Mapping[str, int] = counted.row(0, named=True)
    noted = {label: count for label, count in numbers.items() if label != "rows" and count}
    return _Counted(numbers["rows"], noted, [aside])


def _stage_unchecked(reading: Reading, work: Path) -> _Counted:
    with_seed(reading, reading.unchecked()).sink_parquet(work / "staged.parquet")
    return _Counted(0)


def with_seed(reading: Reading, rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows; borrowers with their seeds. Seeds are made here and nowhere else, so that draws are the same on every engine."""
    if reading.table.name != "borrowers":
        return rows
    seed = pl.col("borrower_id").map_batches(_seeds, return_dtype=pl.Int64, is_elementwise=True)
    return rows.with_columns(seed.alias("seed"))


def _seeds(ids: pl.Series) -> pl.Series:
    return pl.Series([None if one is None else seed_of(one) for one in ids], dtype=pl.Int64)


def _join_parts(site: Site, name: str, parts: Split) -> None:
    for part, files in ((CURRENT, parts.current), (HISTORY, parts.history)):
        if len(files) == 1:
            files[0].rename(site.place(part, name))
        elif files:
            # Parts without second versions stand in a history without `replaced_at`: NULL, not yet replaced.
            pl.concat(map(pl.scan_parquet, files), how="diagonal").sink_parquet(site.place(part, name))
    site.kept[name] = pl.scan_parquet(site.place(CURRENT, name))


def _write_set_aside(site: Site, name: str, files: list[Path]) -> _Aside:
    rows = pl.concat([pl.scan_parquet(file) for file in files], how="diagonal") if files else pl.LazyFrame()
    by_reason = (
        rows.group_by(REASON).len().sort(REASON).collect(engine="streaming") if files else pl.DataFrame()
    )
    if by_reason.is_empty():
        return _Aside({}, {})
    path = site.place(SET_ASIDE, name)
    rows.sink_parquet(path)
    counts = dict(by_reason.iter_rows())
    return _Aside(counts, {reason: _examples(path, reason) for reason in counts})


def _examples(path: Path, reason: str) -> list[str]:
    """The first rows with that reason, by the column it is about: enough to know what to look for."""
    found = pl.scan_parquet(path).filter(pl.col(REASON) == reason).head(_EXAMPLES).collect()
    named = (row for row in found.iter_rows(named=True))
    return [f"{row[COLUMN]} {row.get(row[COLUMN]) or 'empty'!r}" for row in named]
