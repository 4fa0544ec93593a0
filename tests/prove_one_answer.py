"""The proof of "one answer everywhere", in full or as a sample: how many people, how many rows that differ.

python -m tests.prove_one_answer          the bars in full
python -m tests.prove_one_answer sample   what the suite checks each time
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import reference
from tests.generative.deciding import Case, by_engine, by_reference, differences, written
from tests.generative.faults import FAULTS, MISTAKES
from tests.generative.nasty import Nasty
from tests.generative.oddities import MOMENTS
from tests.generative.strategies import LISTS, Wild
from tests.generative.variants import VARIANTS
from tests.people import fresh_payments
from tests.spec.reading import written_strategy
from tideover.engine.policy.strategy import read_strategy

FULL = {
    "people": 100_000,
    "a_book": 2_000,
    "strategies": 200,
    "engines": 2_000,
    "spark": 500,
    "faults": 1_500,
}
SAMPLE = {"people": 3_000, "a_book": 600, "strategies": 4, "engines": 300, "spark": 0, "faults": 900}


def run(full: bool) -> dict[str, object]:
    """Every figure of the proof; `differing_rows` must be 0 and `faults_missed` empty."""
    size = FULL if full else SAMPLE
    return {
        "reference": against_reference(size["people"], size["a_book"]),
        "strategies": with_any_strategy(size["strategies"]),
        "engines": across_engines(size["engines"], size["spark"]),
        "faults": fault_injection(size["faults"]),
    }


def against_reference(people: int, a_book: int) -> dict[str, object]:
    """Books of every moment and variant, decided by Polars and by the reference."""
    found: dict[str, object] = {"people": 0, "books": 0, "differing_rows": 0, "first_difference": None}
    spent = 0.0
    for number in range(-(-people // a_book)):
        at = MOMENTS[number % len(MOMENTS)]
        nasty = Nasty(1_000 + number, a_book, at=at)
        variant = list(VARIANTS)[number % len(VARIANTS)]
        case = VARIANTS[variant](Case(nasty.book, at))
        began = time.process_time()
        expected = by_reference(case)
        spent += time.process_time() - began
        with _book(nasty.book) as folder:
            differing = differences(by_engine(case, folder), expected)
        found["people"] += a_book
        found["books"] += 1
        found["differing_rows"] += len(differing)
        if differing and not found["first_difference"]:
            found["first_difference"] = repr((number, variant, differing[0]))
    return found | {"reference_people_a_second": round(found["people"] / spent)}


def with_any_strategy(count: int) -> dict[str, object]:
    """Made-up strategies of any name and order, each on a book of its own."""
    found: dict[str, object] = {
        "strategies": count,
        "people": 0,
        "differing_rows": 0,
        "first_difference": None,
    }
    for number in range(count):
        with tempfile.TemporaryDirectory(prefix="tideover-proof-") as place:
            folder = written_strategy(Wild(number).files, Path(place) / "strategy")
            nasty = Nasty(20_000 + number, 300)
            strategy, as_written = read_strategy(folder, LISTS), reference.read_strategy(folder)
            case = Case(nasty.book, nasty.at, strategy=strategy, as_written=as_written)
            answer = by_engine(case, written(nasty.book, Path(place) / "book"))
        differing = differences(answer, by_reference(case))
        found["people"] += 300
        found["differing_rows"] += len(differing)
        if differing and not found["first_difference"]:
            found["first_difference"] = repr((number, differing[0]))
    return found


def across_engines(people: int, on_spark: int) -> dict[str, object]:
    """One book on DuckDB, and one on Spark, against Polars."""
    found: dict[str, object] = {}
    for engine, count in (("duckdb", people), ("spark", on_spark)):
        if not count:
            continue
        nasty = Nasty(500 + count, count)
        case = Case(nasty.book, nasty.at)
        with _book(nasty.book) as folder:
            began = time.monotonic()
            answer = by_engine(case, folder, engine, _spark() if engine == "spark" else None)
            took = time.monotonic() - began
            differing = differences(answer, by_engine(case, folder))
        found[engine] = {"people": count, "differing_rows": len(differing), "seconds": round(took, 1)}
    return found


def fault_injection(people: int) -> dict[str, object]:
    """Every known fault, one at a time: does the cross-check see it?"""
    nasty = Nasty(41, people, at=MOMENTS[2], missing=False)
    nasty.book |= fresh_payments(nasty.at)
    case = Case(nasty.book, nasty.at)
    expected = by_reference(case)
    with _book(nasty.book) as folder:
        missed = [
            name
            for name, fault in {**FAULTS, **MISTAKES}.items()
            if not _is_seen(fault, case, folder, expected)
        ]
    return {"faults": len(FAULTS), "mistakes": len(MISTAKES), "faults_missed": missed}


def _is_seen(fault, case, folder, expected) -> bool:
    with pytest.MonkeyPatch.context() as patch:
        return bool(differences(by_engine(fault(patch, case), folder), expected))


@contextmanager
def _book(rows) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tideover-proof-") as place:
        yield written(rows, Path(place) / "book")


def _spark():
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("tideover proof")
    for name, value in (("spark.ui.enabled", "false"), ("spark.sql.shuffle.partitions", "4")):
        builder = builder.config(name, value)
    return builder.getOrCreate()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(full="sample" not in sys.argv[1:]), indent=1) + "\n")
