"""A night under two releases: the book is decided by both, and each person's rows are taken from hers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl

from tideover.engine.decision.whole_book import PARTS, decide_book
from tideover.engine.facts import Book
from tideover.engine.facts.written import in_polars, written_rows
from tideover.strategy.models import Release
from tideover.strategy.releases import setup_of
from tideover.strategy.shares import InForce, in_share

Progress = Callable[[str], None]


def decide_everybody(
    book: Book, now: InForce, at: int, folder: Path, *, progress: Progress = lambda _: None
) -> None:
    """Write the night's answer to `folder`. Where nothing ramps it is one pass over the book, as ever."""
    if now.ramping is None:
        (setup,) = now.setups
        decide_book(book, setup, at, folder, progress=progress)
        return
    decided = {}
    for release in (now.live, now.ramping):
        if release is not None:
            decided[release.hash] = folder.with_name(f"{folder.name}.{release.hash[:12]}")
            decide_book(book, setup_of(release.hash), at, decided[release.hash], progress=progress)
    progress("taking each person's rows from hers")
    _joined(decided, now, _in_share(book, now.ramping, at), folder)
    for each in decided.values():
        shutil.rmtree(each)


def _in_share(book: Book, release: Release, at: int) -> pl.DataFrame:
    people = book.as_of(at).frame("borrowers").select("borrower_id", "seed")
    return in_polars(in_share(people, release.hash, release.share).select("borrower_id"))


def _joined(decided: dict[str, Path], now: InForce, mine: pl.DataFrame, folder: Path) -> None:
    """Rows of those in the share from the new release, of all others from the old one."""
    building = folder.with_name(f"{folder.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    shutil.copytree(next(iter(decided.values())), building, ignore=shutil.ignore_patterns(*PARTS))
    hers: dict[Path, pl.LazyFrame] = {}
    for release_hash, each in decided.items():
        is_new = now.ramping is not None and release_hash == now.ramping.hash
        decisions = written_rows(each / "decisions")
        hers[each] = decisions.join(mine.lazy(), on="borrower_id", how="semi" if is_new else "anti")
    for part in PARTS:
        (building / part).mkdir()
        pl.concat(_rows(part, hers)).sink_parquet(building / part / "part-00000.parquet")
    shutil.rmtree(folder, ignore_errors=True)
    building.rename(folder)


def _rows(part: str, hers: dict[Path, pl.LazyFrame]) -> list[pl.LazyFrame]:
    """A part of the answer, of those whose decisions count."""
    if part == "decisions":
        return list(hers.values())
    return [
        written_rows(each / part).join(decisions.select("decision_id"), on="decision_id", how="semi")
        for each, decisions in hers.items()
    ]
