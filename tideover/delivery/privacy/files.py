"""Files that hold rows about people: the Parquet mirror, the folders of runs, and what a demo laid beside them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.conf import settings

PERSON = ("person_id", "borrower_id")
MADE_AGAIN = "book"
"""The part of the mirror that is written anew by every run: it goes whole."""
OF_A_DEMO = ("book", "today")
"""The book that a demo made up and its first report: needed no more once they are in the database, so they go whole."""
NAMING_REPORT = "report.html"
"""A page of people in words, as runs once had beside them; it goes, the numbers stay."""


@dataclass(frozen=True)
class Blanks:
    """Which rows go, by the values of their columns, and which keys become others."""

    drop: Mapping[str, frozenset[str]]
    replace: Mapping[str, Mapping[str, str]]
    keep: frozenset[str]
    """Tables of which no row goes."""


def decided_in_runs(person_id: str) -> list[dict[str, object]]:
    """Her row of every run, the days of silence too."""
    found = []
    for folder in sorted(_folder("runs").glob("*")):
        files = sorted({*folder.glob("decisions/*.parquet"), *folder.glob("[0-9]*.parquet")})
        if files:
            mine = pl.scan_parquet(files, missing_columns="insert", extra_columns="ignore")
            found += mine.filter(pl.col("borrower_id") == person_id).collect().to_dicts()
    return found


def decisions_of(person_id: str) -> frozenset[str]:
    """The keys of everything that was ever decided about her."""
    return frozenset(str(it["decision_id"]) for it in decided_in_runs(person_id))


def blank(blanks: Blanks) -> int:
    """Take rows out of every file of the mirror and of runs, and remove pages that name people. How many files were written anew."""
    for folder in (_folder("mirror") / MADE_AGAIN, *(_folder(it) for it in OF_A_DEMO if settings.DEMO)):
        shutil.rmtree(folder, ignore_errors=True)
    for report in _folder("runs").rglob(NAMING_REPORT):
        report.unlink(missing_ok=True)
    return sum(_blanked(path, blanks) for path in [*_parquet("mirror"), *_parquet("runs")])


def _folder(name: str) -> Path:
    return Path(settings.DATA) / name


def _parquet(name: str) -> Iterator[Path]:
    return iter(sorted(_folder(name).rglob("*.parquet")))


def _blanked(path: Path, blanks: Blanks) -> bool:
    names = pl.read_parquet_schema(path)
    texts = [name for name, kind in names.items() if kind == pl.String]
    gone = _any(blanks.drop, texts) if path.parent.name not in blanks.keep else pl.lit(value=False)
    changed = _any(blanks.replace, texts)
    if not pl.scan_parquet(path).select((gone | changed).any()).collect().item():
        return False
    rows = pl.read_parquet(path).filter(~gone)
    rows = rows.with_columns(
        pl.col(name).replace(dict(blanks.replace[name])) for name in texts if blanks.replace.get(name)
    )
    half = path.with_suffix(".part")
    rows.write_parquet(half)
    os.replace(half, path)  # noqa: PTH105 - whole or not at all
    return True


def _any(keys: Mapping[str, object], columns: list[str]) -> pl.Expr:
    tests = [
        pl.col(name).is_in(sorted(keys[name])).fill_null(value=False)  # type: ignore[call-overload]
        for name in columns
        if keys.get(name)
    ]
    return pl.any_horizontal(tests) if tests else pl.lit(value=False)
