"""A made-up book with its history, two strategies, and one trial of them that many tests look at."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from tideover.engine.decision.setup import read_setup
from tideover.engine.facts import TABLES, Book, Kind, open_book, write_book
from tideover.engine.facts.made_up import make_book
from tideover.engine.measure import Words, simulate
from tideover.engine.policy.content import SHIPPED
from tideover.kit.days import read_moment

START = read_moment("2026-11-02T06:00:00Z")
DAY = 86_400
DAYS = 3


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """Where the book lies."""
    return make_book(150, 7, tmp_path_factory.mktemp("books") / "made", history=True)


@pytest.fixture(scope="session")
def book(folder):
    return open_book(folder)


@pytest.fixture(scope="session")
def everyday():
    return read_setup("everyday")


@pytest.fixture(scope="session")
def quieter(tmp_path_factory):
    """The everyday strategy that reminds later, teaches less often and holds out more people."""
    copy = tmp_path_factory.mktemp("strategies") / "quieter"
    shutil.copytree(SHIPPED / "strategies" / "everyday", copy)
    told = (copy / "strategy.yaml").read_text("utf-8")
    for name, value in {"due_soon_days": 1, "lesson_rest_days": 90, "hold_out": 2_000}.items():
        told, times = re.subn(rf"\b{name}: \d+", f"{name}: {value}", told)
        assert times == 1
    (copy / "strategy.yaml").write_text(told, "utf-8")
    return read_setup(str(copy))


@pytest.fixture(scope="session")
def words(everyday):
    return Words.of(everyday.strategy.lists, everyday.rules)


@pytest.fixture(scope="session")
def trial(book, everyday, quieter, words, tmp_path_factory):
    """Three days of everybody under both strategies: `report`, and the folder `out` with its rows."""
    out = tmp_path_factory.mktemp("trials") / "whole"
    plans = {"everyday": everyday.plan, "quieter": quieter.plan}
    report = simulate(book, plans, START, START + (DAYS - 1) * DAY, out=out, words=words)
    return SimpleNamespace(report=report, out=out)


def rows_of(out: Path, strategy: str, day: str | None = None) -> pl.DataFrame:
    """The decisions a trial wrote, of one day or all."""
    name = f"{day}.parquet" if day else "*.parquet"
    return pl.read_parquet(out / strategy / "decisions" / name).sort("at", "borrower_id")


def on_disk(rows: Mapping[str, list[dict] | pl.DataFrame], out: Path) -> Book:
    """A book written from rows in engine units."""
    frames = {
        name: _as_on_disk(name, pl.DataFrame(it, infer_schema_length=None)) for name, it in rows.items()
    }
    write_book(frames, out, source="made-up", assumes={}, checked=False)
    return open_book(out)


def _as_on_disk(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    kinds = {it.name: it.kind for it in TABLES[table].every}
    moments = [name for name, kind in kinds.items() if kind is Kind.MOMENT]
    days = [name for name, kind in kinds.items() if kind is Kind.DAY]
    return rows.with_columns(
        *(pl.from_epoch(pl.col(name).cast(pl.Int64), "s").cast(pl.Datetime("us", "UTC")) for name in moments),
        *(pl.col(name).cast(pl.Int32).cast(pl.Date) for name in days),
    )
