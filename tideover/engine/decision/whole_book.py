"""A whole book decided and written, shard by shard: decisions/, topics/, offers/, set_aside/ as Parquet, and run.json."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw

from tideover.engine.decision.decide import Decisions, Facts, decide
from tideover.engine.decision.rows import ENGINE_VERSION
from tideover.engine.decision.setup import Setup
from tideover.engine.facts import Book, BookRefused
from tideover.engine.facts.backends import backend_of
from tideover.engine.facts.written import engine_rows, in_polars, write_rows, written_rows
from tideover.kit.days import iso_moment

if TYPE_CHECKING:
    import polars as pl

PARTS = ("decisions", "topics", "offers")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Run:
    """What a run decided, from what, and where it lies."""

    out: Path
    at: int
    strategy: str
    strategy_hash: str
    rules_hash: str
    tables_hash: str
    content_hash: str
    engine: str
    source: str
    assumes: tuple[str, ...]
    missing: dict[str, str]
    people: int

    def frame(self, part: str) -> pl.LazyFrame:
        """Decisions, topics or offers as they were written."""
        return written_rows(self.out / part)

    def lazy(self, part: str) -> nw.LazyFrame:
        """The same rows with moments as epoch seconds, as the engine has them."""
        return engine_rows(self.out / part)


def decide_book(book: Book, setup: Setup, at: int, out: Path, *, progress: Progress = lambda _: None) -> Run:
    """Decide everybody in a book as of a moment and write the answer to `out`, replacing an earlier one.

    Moments are written as UTC timestamps. Raises Refused; then an earlier answer is left as it was.
    """
    known = book.as_of(at)
    plan = setup.plan(at)
    people = _count(known)
    if not people:
        raise BookRefused("The book has nobody in it: its table borrowers has no row at that moment.")
    building = out.with_name(out.name + ".building")
    shutil.rmtree(building, ignore_errors=True)
    shards = list(known.shards())
    for number, shard in enumerate(shards):
        of = f" ({number + 1} of {len(shards)})" if len(shards) > 1 else ""
        backend = backend_of(shard.engine)
        facts = Facts(shard.frame, backend, at, shard.assumes, shard.neighbours if len(shards) > 1 else None)
        said = partial(_say, progress, of)
        made = decide(facts, plan, content_hash=setup.content_hash, progress=said)
        progress(f"writing{of}")
        _write(made, building, number)
    _copy_set_aside(book, building)
    run = Run(
        out, at, setup.strategy.name, setup.strategy.hash, plan.rules.hash, plan.published.hash, setup.content_hash,
        book.engine.name, book.stamp.source, book.assumes, dict(book.missing), people,
    )  # fmt: skip
    told = {key: value for key, value in asdict(run).items() if key != "out"}
    told |= {"at": iso_moment(at), "engine_version": ENGINE_VERSION}
    (building / "run.json").write_text(json.dumps(told, indent=1, ensure_ascii=False), "utf-8")
    shutil.rmtree(out, ignore_errors=True)
    building.rename(out)
    return run


def _say(progress: Progress, of: str, step: str) -> None:
    progress(f"{step.replace('_', ' ')}{of}")


def _count(book: Book) -> int:
    counted = book.frame("borrowers").select(nw.len()).collect()
    return int(counted.item())


def _write(made: Decisions, out: Path, number: int) -> None:
    for part in PARTS:
        write_rows(getattr(made, part), out / part / f"part-{number:05}.parquet")


def _copy_set_aside(book: Book, out: Path) -> None:
    source = book.shelf.folder / "set_aside"
    if source.is_dir():
        shutil.copytree(source, out / "set_aside")
    else:
        (out / "set_aside").mkdir(parents=True, exist_ok=True)


__all__ = ["PARTS", "Run", "decide_book", "in_polars"]
