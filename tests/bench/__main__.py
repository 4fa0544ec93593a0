"""Run every measure and write docs/benchmarks.md: python -m tests.bench [--borrowers N] [--quick]."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import tideover.cli._allocator  # noqa: F401 - every measure inherits the environment of a command
from tideover.engine.facts.made_up import make_book

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
NAMES = {
    "ten": "ten times as many borrowers, read, decided and written",
    "decide_duckdb": "a tenth of the borrowers on DuckDB",
    "decide_spark": "a tenth of the borrowers on Spark, local[2], JVM start apart",
    "decide_cluster": "a tenth of the borrowers on Spark, two executors of one core, JVM start apart",
}
BARS = {"ten": "12 times the time of the whole book, 16,000 MB"}
BY_HAND = "\n## Where the time goes\n"
"""What stands below this heading on the page is written by people and stays."""


def measure(name: str, book: Path) -> dict[str, float]:
    """One measure in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.measures", name, str(book)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        return {}
    return json.loads(done.stdout.splitlines()[-1])


def best(name: str, book: Path, times: int) -> dict[str, float]:
    """The fastest of several runs, since other work on the machine only ever slows."""
    runs = [it for it in (measure(name, book) for _ in range(times)) if it]
    return min(runs, key=lambda it: it.get("seconds", 0.0), default={})


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--borrowers", type=int, default=1_000_000)
    parser.add_argument("--ten", type=Path, help="also a made-up book of ten times as many")
    parser.add_argument("--small", type=Path, help="a made-up book of 100,000 with its history")
    parser.add_argument("--engines", default="", help="also duckdb,spark,cluster, on a tenth of the people")
    parser.add_argument("--book", type=Path, help="a made-up book that is already there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        small = given.small or make_book(100_000, 1, Path(place) / "small", history=True)
        large = given.book or make_book(given.borrowers, 1, Path(place) / "large")
        rows = [("bare", best("bare", large, 3)), ("decide", best("decide", large, 2))]
        rows += [("one", measure("one", small)), ("trial", measure("trial", small))]
        rows += [
            (f"decide_{engine}", measure(f"decide_{engine}", small))
            for engine in filter(None, given.engines.split(","))
        ]
        if given.ten:
            rows.append(("ten", measure("decide", given.ten)))
    _, mark, kept = PAGE.read_text("utf-8").partition(BY_HAND)
    PAGE.write_text(page(dict(rows), given.borrowers) + mark + kept, "utf-8")
    print(PAGE.read_text("utf-8"))


def page(found: dict[str, dict[str, float]], borrowers: int) -> str:
    """The figures as a page."""
    bare, whole, one, trial = (found.get(name, {}) for name in ("bare", "decide", "one", "trial"))
    ratio = whole["seconds"] / bare["seconds"] if whole and bare else float("nan")
    lines = [
        "# Benchmarks",
        "",
        f"Made by `make bench` on {datetime.now(UTC).date()}: {os.cpu_count()} cores, "  # noqa: ISC004
        f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB, Python {platform.python_version()}. "
        "Full shipped strategy, all rules, all tables; ratios within one run. Seconds on another machine differ; ratios should not.",
        "",
        "| what | figure | bar |",
        "| --- | --- | --- |",
        f"| {borrowers:,} borrowers: a bare read and group of the same files | {_seconds(bare)} | |",
        f"| the same, read, decided and written | {_seconds(whole)} | |",
        f"| ratio | {ratio:.1f} | at most 6, aim for 3 |",
        f"| memory | {whole.get('memory_mb', float('nan')):,.0f} MB | under 4,000 MB |",
        f"| one borrower, facts in memory | p50 {one.get('p50_ms', 0):.0f} ms, p99 {one.get('p99_ms', 0):.0f} ms | 40 and 100 ms |",
        f"| a thousand at once | {one.get('thousand_ms', 0):.0f} ms | under three times one |",
        f"| 100,000 borrowers x 30 days x 2 strategies | {_seconds(trial)} | under 90 s |",
    ]
    lines += [
        f"| {NAMES[name]} | {_seconds(found[name])}, {found[name].get('memory_mb', 0):,.0f} MB | {BARS.get(name, '')} |"
        for name in ("ten", "decide_duckdb", "decide_spark", "decide_cluster")
        if name in found
    ]
    return "\n".join(lines) + "\n"


def _seconds(it: dict[str, float]) -> str:
    return f"{it['seconds']:.1f} s ({it['cpu_seconds']:.1f} s of processor)" if it else "failed"


if __name__ == "__main__":
    main()
