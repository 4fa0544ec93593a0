"""A large book is cut into 64 shards: each person in one, and everything her decision needs beside her."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.facts.engines import ENGINES, rows_of
from tests.engine.facts.given import BORROWER, INSTALMENT, LOAN, NOON, PAYMENT, at, book_of, written
from tideover.engine.facts import Book, open_book, writing
from tideover.kit.ids import seed_of

PEOPLE = [f"person {number}" for number in range(70)]
GUARANTOR = PEOPLE[1]


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Seventy people with a loan each; the second stands surety for the first."""
    monkeypatch.setattr(writing, "LARGEST_UNPARTITIONED", 60)
    loans = [{**LOAN, "loan_id": f"loan of {name}", "borrower_id": name} for name in PEOPLE]
    due = [{**INSTALMENT, "loan_id": loan["loan_id"], "paid": "0", "settled_on": None} for loan in loans]
    paid = [{**due[0], "paid": "50500", "recorded_at": "2026-03-05"}]
    contact = {
        "contact_id": "c",
        "channel": "sms",
        "send_at": NOON,
        "recorded_at": NOON,
        "subject": loans[0]["loan_id"],
    }
    frames = book_of(
        borrowers=[{**BORROWER, "borrower_id": name} for name in PEOPLE],
        loans=loans,
        instalments=[*due, *paid],
        payments=[
            {**PAYMENT, "loan_id": loan["loan_id"], "payment_id": str(n)} for n, loan in enumerate(loans)
        ],
        parties=[
            {"loan_id": loans[0]["loan_id"], "person_id": GUARANTOR, "role": "guarantor", "recorded_at": NOON}
        ],
        contacts=[{**contact, "person_id": PEOPLE[0]}],
        responses=[{"contact_id": "c", "kind": "opened", "at": NOON, "recorded_at": NOON}],
        contact_topics=[{"contact_id": "c", "loan_id": loans[5]["loan_id"], "recorded_at": NOON}],
        promises=[
            {
                "promise_id": "p",
                "loan_id": loans[0]["loan_id"],
                "person_id": GUARANTOR,
                "on": "2026-04-01",
                "made_at": NOON,
                "recorded_at": NOON,
            }
        ],
        feeds=[{"name": "payments", "fresh_until": NOON, "recorded_at": NOON}],
    )
    written(frames, tmp_path / "book", max_bad_share=0.0)
    return tmp_path / "book"


def shard_of(book: Book, person: str) -> Book:
    return next(shard for shard in book.shards() if shard.bucket == seed_of(person) % 64)


def test_a_small_book_is_its_own_only_shard(tmp_path: Path) -> None:
    written(book_of(), tmp_path / "book")

    book = open_book(tmp_path / "book")

    assert list(book.shards()) == [book]


def test_a_cluster_reads_a_cut_book_as_one(large: Path, session_of: Callable[[str], object]) -> None:
    book = open_book(large, "spark", session=session_of("spark"))

    shards = list(book.shards())

    assert shards == [book]


def test_every_person_is_in_exactly_one_shard(large: Path) -> None:
    book = open_book(large)

    shards = list(book.shards())
    found = [row["borrower_id"] for shard in shards for row in rows_of(shard.tables["borrowers"])]

    assert len(shards) == 64
    assert sorted(found) == sorted(PEOPLE)  # type: ignore[type-var]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_whole_book_has_every_row_once(
    large: Path, engine: str, session_of: Callable[[str], object]
) -> None:
    book = open_book(large, engine, session=session_of(engine))

    counts = {name: len(rows_of(frame)) for name, frame in book.tables.items()}

    assert counts == book.stamp.rows
    assert counts["instalments"] == counts["payments"] == 70


def test_a_person_has_her_loans_and_their_rows_beside_her(large: Path) -> None:
    book = open_book(large)

    for person in PEOPLE[::7]:
        shard = shard_of(book, person)
        for name in ("loans", "instalments", "payments"):
            assert f"loan of {person}" in {row["loan_id"] for row in rows_of(shard.tables[name])}


def test_a_guarantor_sees_the_loan_she_stands_for_though_its_borrower_lives_elsewhere(large: Path) -> None:
    book = open_book(large)
    assert seed_of(PEOPLE[0]) % 64 != seed_of(GUARANTOR) % 64

    shard = shard_of(book, GUARANTOR)

    for name in ("loans", "instalments", "payments", "parties", "promises"):
        assert f"loan of {PEOPLE[0]}" in {row["loan_id"] for row in rows_of(shard.tables[name])}
    assert [row["contact_id"] for row in rows_of(shard.tables["contacts"])] == ["c"]
    assert PEOPLE[0] not in {row["borrower_id"] for row in rows_of(shard.tables["borrowers"])}


def test_the_borrower_sees_the_promise_her_guarantor_made(large: Path) -> None:
    shard = shard_of(open_book(large), PEOPLE[0])

    assert [row["promise_id"] for row in rows_of(shard.tables["promises"])] == ["p"]
    assert [row["role"] for row in rows_of(shard.tables["parties"])] == ["guarantor"]


def test_answers_and_topics_stay_with_the_person_they_came_from(large: Path) -> None:
    shard = shard_of(open_book(large), PEOPLE[0])

    assert [row["kind"] for row in rows_of(shard.tables["responses"])] == ["opened"]
    assert len(rows_of(shard.tables["contact_topics"])) == 1


def test_what_is_true_for_all_is_in_every_shard(large: Path) -> None:
    for shard in open_book(large).shards():
        assert len(rows_of(shard.tables["feeds"])) == 1


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_shard_looks_back_as_the_whole_book_does(large: Path, engine: str) -> None:
    book = open_book(large, engine)
    loan = f"loan of {PEOPLE[0]}"

    for moment, paid in ((at("2026-03-04T18:00:00"), 0), (at("2026-03-06"), 50500)):
        for person in (PEOPLE[0], GUARANTOR):
            rows = rows_of(shard_of(book.as_of(moment), person).tables["instalments"])
            assert [row["paid"] for row in rows if row["loan_id"] == loan] == [paid]


def test_a_shard_without_rows_of_a_table_has_the_table_all_the_same(large: Path) -> None:
    for shard in open_book(large).shards():
        assert set(shard.tables) == set(open_book(large).tables)
        assert len(rows_of(shard.tables["promises"])) <= 1


def test_a_large_book_is_whole_by_its_checksums(large: Path) -> None:
    open_book(large).verify()
