"""The answer depends on the facts alone: not on their order, their neighbours, the threads, or the engine."""

import hashlib
import json
import os
import random
import subprocess
import sys

import pytest

from tests.generative.deciding import about, by_engine, by_plan, differences, in_memory, only, written
from tests.generative.nasty import Nasty
from tideover.engine.decision.prepared import Prepared
from tideover.engine.facts import books, buckets, writing


def test_the_order_of_rows_changes_nothing(sample, tmp_path):
    chance = random.Random(5)
    shuffled = {table: chance.sample(rows, len(rows)) for table, rows in sample.case.book.items()}

    answer = by_engine(sample.case, written(shuffled, tmp_path / "book"))

    assert differences(answer, sample.answer) == []


def test_strangers_change_nobodys_answer(sample, tmp_path):
    strangers = Nasty(77, 200, at=sample.case.at, missing=False)
    theirs = {
        table: [_renamed(row) for row in rows] for table, rows in strangers.book.items() if table != "feeds"
    }
    both = {
        table: sample.case.book.get(table, []) + theirs.get(table, [])
        for table in {*sample.case.book, *theirs}
    }
    known = {table: rows for table, rows in both.items() if table in sample.case.book}

    answer = by_engine(sample.case, written(known, tmp_path / "book"))

    assert len(answer["decisions"]) == len(sample.answer["decisions"]) + 200
    assert differences(only(answer, set(sample.nasty.named)), sample.answer) == []


def _renamed(row):
    """The same row about other people: no id of one book is an id of the other."""
    ids = {name for name in row if name.endswith("_id") or name == "subject"} - {"address_id", "decision_id"}
    return {name: f"x{value}" if name in ids and value else value for name, value in row.items()}


def test_seven_shards_answer_as_the_whole_book(sample, tmp_path, monkeypatch):
    for module in (buckets, books):
        monkeypatch.setattr(module, "BUCKETS", 7)
    monkeypatch.setattr(writing, "LARGEST_UNPARTITIONED", 10)

    answer = by_engine(sample.case, written(sample.case.book, tmp_path / "book"))

    assert (tmp_path / "book" / "current" / "loans" / "bucket=06").is_dir()
    assert differences(answer, sample.answer) == []


def test_what_became_known_later_changes_nothing(sample, tmp_path):
    known = {
        table: [row for row in rows if row["recorded_at"] <= sample.case.at]
        for table, rows in sample.case.book.items()
    }

    answer = by_engine(sample.case, written(known, tmp_path / "book"))

    assert differences(answer, sample.answer) == []


def test_deciding_twice_gives_the_same_answer(sample):
    assert by_engine(sample.case, sample.folder) == sample.answer


ANSWER = """
import sys
from pathlib import Path
from tests.generative.deciding import Case, by_engine
from tests.generative.test_same_answer import digest
print(digest(by_engine(Case({}, int(sys.argv[2])), Path(sys.argv[1]))))
"""


def digest(answer):
    return hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()


@pytest.mark.parametrize("threads", ["1", "3"])
def test_the_number_of_threads_changes_nothing(threads, sample):
    command = [sys.executable, "-c", ANSWER, str(sample.folder), str(sample.case.at)]

    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "POLARS_MAX_THREADS": threads}
    )

    assert done.stdout.strip() == digest(sample.answer)


def test_one_borrower_gets_the_books_answer(sample):
    tables = in_memory(sample.folder, sample.case.at)
    prepared = Prepared(sample.case.plan)
    names = sample.nasty.named[::29]

    answers = [by_plan(prepared, about(name, tables), sample.case.at) for name in names]

    assert len(answers) == 11
    for name, answer in zip(names, answers, strict=True):
        assert differences(only(answer, {name}), only(sample.answer, {name})) == []


def test_duckdb_answers_as_polars_does(sample):
    answer = by_engine(sample.case, sample.folder, engine="duckdb")

    assert differences(answer, sample.answer) == []
