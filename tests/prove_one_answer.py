"""The proof of "one answer everywhere", in full or as a sample: how many people, how many rows that differ.

python -m tests.prove_one_answer                   the bars in full
python -m tests.prove_one_answer sample            as many as the suite checks each time
python -m tests.prove_one_answer full reference    one part: reference, strategies, one by one, faults, or an engine
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests import reference
from tests.generative.deciding import (
    Case,
    about,
    by_engine,
    by_plan,
    by_reference,
    differences,
    in_memory,
    only,
    written,
)
from tests.generative.faults import FAULTS, MISTAKES
from tests.generative.nasty import Nasty
from tests.generative.oddities import MOMENTS
from tests.generative.strategies import LISTS, Wild
from tests.generative.variants import VARIANTS
from tests.people import fresh_payments
from tests.spec.reading import written_strategy
from tideover.engine.decision.prepared import Prepared
from tideover.engine.policy.strategy import read_strategy

FULL = {
    "people": 100_000,
    "a_book": 2_000,
    "strategies": 200,
    "engines": ("prepared", "duckdb", "spark"),
    "of_engines": 100_000,
    "an_engines_book": 20_000,
    "one_by_one": 1_000,
    "faults": 1_500,
}
SAMPLE = {
    "people": 3_000,
    "a_book": 600,
    "strategies": 4,
    "engines": ("prepared", "duckdb"),
    "of_engines": 300,
    "an_engines_book": 300,
    "one_by_one": 20,
    "faults": 900,
}


def run(full: bool, only: str = "") -> dict[str, object]:
    """Every figure of the proof, told as it is found; `passed` where no row differs and no fault is missed."""
    size = FULL if full else SAMPLE
    parts = {
        "reference": lambda: against_reference(size["people"], size["a_book"]),
        "strategies": lambda: with_any_strategy(size["strategies"]),
        "one by one": lambda: one_by_one(size["one_by_one"]),
        "faults": lambda: fault_injection(size["faults"]),
        **{
            name: partial(across_engine, name, size["of_engines"], size["an_engines_book"])
            for name in size["engines"]
        },
    }
    found = {}
    for name, part in parts.items():
        if only in ("", name):
            found[name] = part()
            sys.stdout.write(f"{name}: {json.dumps(found[name])}\n")
            sys.stdout.flush()
    differing = sum(it.get("differing_rows", 0) + len(it.get("faults_missed", ())) for it in found.values())
    return found | {"passed": differing == 0}


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


def across_engine(engine: str, people: int, a_book: int) -> dict[str, object]:
    """Books on another engine or on a prepared plan, against Polars."""
    found = {"people": 0, "differing_rows": 0, "seconds": 0.0}
    for number in range(-(-people // a_book)):
        nasty = Nasty(500 + number, a_book, at=MOMENTS[number % len(MOMENTS)])
        case = Case(nasty.book, nasty.at)
        with _book(nasty.book) as folder:
            expected = by_engine(case, folder)
            began = time.monotonic()
            answer = _answer(engine, case, folder)
            found["seconds"] = round(found["seconds"] + time.monotonic() - began, 1)
        found["people"] += a_book
        found["differing_rows"] += len(differences(answer, expected))
    return found


def _answer(engine, case, folder):
    if engine == "prepared":
        return by_plan(Prepared(case.plan), in_memory(folder, case.at), case.at)
    return by_engine(case, folder, engine, _spark() if engine == "spark" else None)


def one_by_one(people: int) -> dict[str, object]:
    """People of a book each decided alone, from the rows about them, against the answer of the whole book."""
    nasty = Nasty(7, people, missing=False)
    case = Case(nasty.book, nasty.at)
    prepared, differing = Prepared(case.plan), 0
    with _book(nasty.book) as folder:
        together, tables = by_engine(case, folder), in_memory(folder, case.at)
        for name in nasty.named:
            alone = by_plan(prepared, about(name, tables), case.at)
            differing += len(differences(only(alone, {name}), only(together, {name})))
    return {"people": len(nasty.named), "differing_rows": differing}


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
    size, part, *_ = [*sys.argv[1:], "", ""]
    sys.exit(0 if run(full=size != "sample", only=part)["passed"] else 1)
