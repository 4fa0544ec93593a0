"""What is measured, each in a process of its own so that its memory is its own: python -m tests.bench.measures NAME BOOK."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from tideover.engine.decision.setup import read_setup
from tideover.engine.decision.whole_book import decide_book
from tideover.engine.facts import open_book
from tideover.engine.measure import Words, simulate

AT = 1_795_154_400  # 2026-11-20 06:00 UTC, the day of the made-up books
DAY = 86_400
Figures = dict[str, float]


def bare(folder: Path) -> Figures:
    """Read the same files and group them by loan and by borrower, and nothing else."""

    def scan(name: str) -> pl.LazyFrame:
        return pl.scan_parquet(
            sorted((folder / "current").glob(f"{name}*/**/*.parquet"))
            or folder / "current" / f"{name}.parquet"
        )

    instalments = (
        scan("instalments")
        .group_by("loan_id")
        .agg(
            pl.col("principal", "interest", "fees", "paid").sum(),
            pl.col("due_on").min(),
            pl.col("settled_on").max(),
            pl.len(),
        )
    )
    payments = scan("payments").group_by("loan_id").agg(pl.col("amount").sum(), pl.col("paid_at").max())
    contacts = scan("contacts").group_by("person_id").agg(pl.len().alias("contacts"), pl.col("send_at").max())
    loans = scan("loans").join(instalments, on="loan_id", how="left").join(payments, on="loan_id", how="left")
    people = loans.group_by("borrower_id").agg(
        pl.col("paid", "amount").sum(), pl.col("due_on").min(), pl.len()
    )
    whole = scan("borrowers").join(people, on="borrower_id", how="left")
    whole = whole.join(contacts, left_on="borrower_id", right_on="person_id", how="left")
    return timed(lambda: whole.collect(engine="streaming"))


def decide(folder: Path, engine: str = "polars") -> Figures:
    """Read, decide and write the whole book under the shipped strategy and all rules."""
    setup = read_setup()
    with tempfile.TemporaryDirectory() as out:
        return timed(lambda: decide_book(open_book(folder, engine), setup, AT, Path(out) / "today"))


def decide_on_spark(folder: Path, master: str) -> Figures:
    """The same on Spark; the start of the JVM and of the session is measured apart."""
    from pyspark.sql import SparkSession

    start = time.perf_counter()
    settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.driver.memory": "6g",
                "spark.executor.memory": "4g", "spark.sql.shuffle.partitions": "8"}  # fmt: skip
    builder = SparkSession.builder.master(master).appName("bench")
    for name, value in settings.items():
        builder = builder.config(name, value)
    builder.getOrCreate().range(1).count()
    started = time.perf_counter() - start
    return {**decide(folder, "spark"), "start_seconds": started}


def one(folder: Path) -> Figures:
    """One borrower with her facts in memory, and a thousand at once; milliseconds."""
    book = open_book(folder).as_of(AT)
    prepared = read_setup().prepared(AT, book.assumes)
    tables = {name: frame.collect().to_native() for name, frame in book.tables.items()}
    people = tables["borrowers"].get_column("borrower_id")
    each = [
        _milliseconds(lambda c=c: prepared.run(c, AT))
        for c in (cut(tables, [it]) for it in people.head(330).to_list())
    ][30:]
    thousand = cut(tables, people.head(1000).to_list())
    many = [_milliseconds(lambda: prepared.run(thousand, AT)) for _ in range(12)][2:]
    return {
        "p50_ms": statistics.median(each),
        "p99_ms": sorted(each)[int(len(each) * 0.99)],
        "thousand_ms": statistics.median(many),
    }


def trial(folder: Path) -> Figures:
    """Thirty days under two strategies, everybody."""
    book, setup = open_book(folder), read_setup()
    words = Words.of(setup.strategy.lists, setup.rules)
    start = AT - 30 * DAY
    with tempfile.TemporaryDirectory() as out:
        makers = {"everyday": setup.plan, "again": read_setup().plan}
        return timed(lambda: simulate(book, makers, start, start + 29 * DAY, out=Path(out), words=words))


def cut(tables: dict[str, pl.DataFrame], people: list[str]) -> dict[str, pl.DataFrame]:
    """The rows about some people and their loans."""
    loans = set(tables["loans"].filter(pl.col("borrower_id").is_in(people))["loan_id"])
    keys = {"borrower_id": set(people), "person_id": set(people), "loan_id": loans}
    found = {}
    for name, frame in tables.items():
        key = next((key for key in keys if key in frame.columns), None)
        found[name] = frame.filter(pl.col(key).is_in(keys[key])) if key else frame
    return found


def timed(work: Callable[[], object]) -> Figures:
    """Seconds of wall and of processors, and the most memory the process ever held, in MB."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - cpu,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


MEASURES: dict[str, Callable[[Path], Figures]] = {
    "bare": bare,
    "decide": decide,
    "decide_duckdb": lambda folder: decide(folder, "duckdb"),
    "decide_spark": lambda folder: decide_on_spark(folder, "local[2]"),
    "decide_cluster": lambda folder: decide_on_spark(folder, "local-cluster[2,1,4096]"),
    "one": one,
    "trial": trial,
}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](Path(sys.argv[2]))))
