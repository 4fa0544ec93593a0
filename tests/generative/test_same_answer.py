"""The answer depends on the facts alone: not on their order, their neighbours, the threads, or the engine."""

import hashlib
import json
import os
import random
import subprocess
import sys

import polars as pl
import pytest

from tests.generative.deciding import KEYS, by_engine, differences, rows_of, written
from tests.generative.nasty import Nasty
from tideover.engine.decision.prepared import Prepared
from tideover.engine.facts import books, buckets, open_book, writing


def only(answer, names):
    """The part of an answer that is about these people."""
    decisions = [row for row in answer["decisions"] if row["borrower_id"] in names]
    ids = {row["decision_id"] for row in decisions}
    return {"decisions": decisions} | {
        part: [row for row in answer[part] if row["decision_id"] in ids] for part in ("topics", "offers")
    }


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
    book = open_book(sample.folder).as_of(sample.case.at)
    tables = {name: book.frame(name).to_native().collect() for name in book.tables}
    prepared = Prepared(sample.case.plan)
    names = sample.nasty.named[::29]

    answers = [_prepared(prepared, _about(name, tables), sample.case.at) for name in names]

    assert len(answers) == 11
    for name, answer in zip(names, answers, strict=True):
        assert differences(only(answer, {name}), only(sample.answer, {name})) == []


def _prepared(prepared, tables, at):
    decided = prepared.run(tables, at)
    return {part: rows_of(getattr(decided, part)) for part in KEYS}


def _about(name, tables):
    """Everything about one person: her rows, the loans she stands in with all their rows, and whom those involve."""
    stands_in = (
        tables["parties"].filter(pl.col("person_id") == name)["loan_id"] if "parties" in tables else []
    )
    loans = tables["loans"].filter((pl.col("borrower_id") == name) | pl.col("loan_id").is_in(list(stands_in)))
    ids = set(loans["loan_id"])
    topics = (
        tables["contact_topics"]
        if "contact_topics" in tables
        else pl.DataFrame({"loan_id": [], "contact_id": []})
    )
    said = set(topics.filter(pl.col("loan_id").is_in(list(ids)))["contact_id"])
    people = {name, *loans["borrower_id"]}
    if "contacts" in tables:
        about = pl.col("subject").is_in(list(ids)) | pl.col("contact_id").is_in(list(said))
        people |= set(tables["contacts"].filter(about)["person_id"])
    return {table: _rows_about(frame, people, ids, said) for table, frame in tables.items()}


def _rows_about(frame, people, loans, said):
    kept = [
        pl.col(column).is_in(list(people))
        for column in ("borrower_id", "person_id")
        if column in frame.columns
    ]
    if "loan_id" in frame.columns:
        kept.append(pl.col("loan_id").is_in(list(loans)))
    if "contact_id" in frame.columns and "person_id" not in frame.columns:
        kept = []  # responses and topics of any contact of these people; others join nothing
    return frame.filter(pl.any_horizontal(kept).fill_null(False)) if kept else frame


def test_duckdb_answers_as_polars_does(sample):
    answer = by_engine(sample.case, sample.folder, engine="duckdb")

    assert differences(answer, sample.answer) == []
