"""The end of an import: the book, what was set aside, what lies beside it, and the count of everything."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tideover.engine.facts.writing import write_book

from ._assume import said
from ._model import Mapping
from ._summary import Counted, FileCount, Summary, TableCount
from ._work import REASON, Work

_REASONS_TOLD = 20


@dataclass(frozen=True)
class Made:
    """Everything a mapping asks for, still to be computed."""

    work: Work
    tables: dict[str, pl.LazyFrame]
    beside: dict[str, pl.LazyFrame]
    raw: dict[str, pl.LazyFrame]
    paths: dict[str, tuple[str, ...]]


def write(mapping: Mapping, made: Made, out: Path, tell: Callable[[str], None], started: float) -> Summary:
    """Write the book and all that belongs to it; the summary is also kept as `import.json`."""
    tell("writing the book")
    assumes = said(mapping.assume)
    quality = write_book(made.tables, out, source=mapping.source, assumes=assumes)
    asides = [(one.frame, one.rows.collect()) for one in made.work.asides]
    _keep(asides, out)
    summary = Summary(
        source=mapping.source,
        out=out,
        files=tuple(_file(name, made, asides) for name in mapping.files),
        set_aside=tuple(counted for name, rows in asides for counted in _by_reason(name, rows)),
        left_out=tuple(Counted(one.frame, one.because, _count(one.count)) for one in made.work.left_out),
        tables={
            name: TableCount(one.rows, one.kept, sum(one.set_aside.values()))
            for name, one in quality.tables.items()
        },
        beside={name: _beside(name, rows, out) for name, rows in made.beside.items()},
        assumes=tuple(assumes),
        stands_in=_stands_in(mapping),
        seconds=round(time.perf_counter() - started, 3),
    )
    summary.write(out / "import.json")
    return summary


def _file(name: str, made: Made, asides: list[tuple[str, pl.DataFrame]]) -> FileCount:
    gone = sum(rows.height for frame, rows in asides if frame == f"file {name}")
    return FileCount(name, made.paths[name], _count(made.raw[name].select(pl.len())), gone)


def _keep(asides: list[tuple[str, pl.DataFrame]], out: Path) -> None:
    """Rows that were set aside before they reached a table, one file per step that did so."""
    for number, (name, rows) in enumerate(asides):
        if rows.height:
            folder = out / "set_aside" / "sources"
            folder.mkdir(parents=True, exist_ok=True)
            rows.write_parquet(folder / f"{number:03} {name}.parquet")


def _by_reason(frame: str, rows: pl.DataFrame) -> list[Counted]:
    """The commonest reasons; the value in a reason makes many of one mistake, so the rest is told as one number."""
    counts = rows.group_by(REASON).len().sort(["len", REASON], descending=[True, False])
    told = [Counted(frame, reason, number) for reason, number in counts.head(_REASONS_TOLD).iter_rows()]
    rest = rows.height - sum(one.rows for one in told)
    return [*told, Counted(frame, "other values like these", rest)] if rest else told


def _beside(name: str, rows: pl.LazyFrame, out: Path) -> int:
    frame = rows.collect()
    frame.write_parquet(out / f"{name}.parquet")
    return frame.height


def _stands_in(mapping: Mapping) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(
            f"{version.recorded_at}: {version.because}" for block in blocks for version in block.versions
        )
        for name, blocks in mapping.tables.items()
    }


def _count(rows: pl.LazyFrame) -> int:
    return int(rows.collect().item())
