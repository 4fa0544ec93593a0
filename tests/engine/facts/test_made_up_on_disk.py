"""A made-up book on disk: the same rows however it is made, and a past that can be replayed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tideover.engine.facts import Book, BookRefused, open_book, write_book
from tideover.engine.facts.made_up import DAY_OF_THE_BOOK, CannotMakeBook, Sizes, make_book
from tideover.engine.facts.tables import TABLES

SEED = 11
TODAY = int(datetime.combine(DAY_OF_THE_BOOK, datetime.min.time(), UTC).timestamp())
DAY = 86_400

Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve hundred borrowers with their past, made in one go."""
    return make_book(1_200, SEED, tmp_path_factory.mktemp("whole") / "book", history=True)


def _tables(book: Book) -> Tables:
    return {name: frame.to_native().collect() for name, frame in book.tables.items()}


def _sorted(book: Book) -> Tables:
    return {name: frame.sort(*TABLES[name].key) for name, frame in _tables(book).items()}


def _assert_same(first: Tables, second: Tables) -> None:
    assert first.keys() == second.keys()
    for name, frame in first.items():
        assert_frame_equal(frame, second[name])


def _history(path: Path) -> Tables:
    return {file.stem: pl.read_parquet(file) for file in sorted((path / "history").glob("*.parquet"))}


def test_the_same_seed_makes_the_same_files(whole: Path, tmp_path: Path):
    again = make_book(1_200, SEED, tmp_path / "again", history=True)

    assert open_book(again).stamp == open_book(whole).stamp


def test_another_seed_makes_other_people(whole: Path, tmp_path: Path):
    other = make_book(1_200, SEED + 1, tmp_path / "other")

    assert (
        not open_book(other)
        .tables["loans"]
        .to_native()
        .collect()
        .equals(open_book(whole).tables["loans"].to_native().collect())
    )


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at_once=st.integers(150, 1_300), chunks=st.integers(1, 3))
def test_neither_chunks_nor_threads_change_a_row(whole: Path, tmp_path: Path, at_once: int, chunks: int):
    cut = make_book(1_200, SEED, tmp_path / "cut", history=True, sizes=Sizes(at_once, chunks))

    _assert_same(_tables(open_book(cut)), _tables(open_book(whole)))
    _assert_same(_history(cut), _history(whole))


def test_a_smaller_book_is_the_beginning_of_a_larger_one(whole: Path, tmp_path: Path):
    small = _tables(open_book(make_book(300, SEED, tmp_path / "small")))
    large = _tables(open_book(whole))

    for name in (
        "borrowers",
        "loans",
        "instalments",
        "payments",
        "contacts",
        "promises",
        "standings",
        "holds",
    ):
        assert_frame_equal(small[name], large[name].head(small[name].height))


def test_an_import_of_the_book_sets_no_row_aside(whole: Path, tmp_path: Path):
    frames = {file.stem: pl.scan_parquet(file) for file in (whole / "current").glob("*.parquet")}
    frames |= {name: frame.drop("replaced_at").lazy() for name, frame in _history(whole).items()}

    quality = write_book(frames, tmp_path / "book", source="made-up", assumes={}, created_at=TODAY)

    assert {name: table.set_aside for name, table in quality.tables.items() if table.set_aside} == {}
    assert {name: table.noted for name, table in quality.tables.items() if table.noted} == {}
    assert quality.findings == []
    imported, made = open_book(tmp_path / "book"), open_book(whole)
    assert imported.stamp.versions == made.stamp.versions
    _assert_same(_sorted(imported), _sorted(made))


def test_seeds_are_those_that_an_import_makes(whole: Path, tmp_path: Path):
    frames = {file.stem: pl.scan_parquet(file) for file in (whole / "current").glob("*.parquet")}
    without = frames | {"borrowers": frames["borrowers"].drop("seed")}
    write_book(without, tmp_path / "book", source="made-up", assumes={})

    made, imported = (_sorted(open_book(path))["borrowers"] for path in (whole, tmp_path / "book"))
    assert_frame_equal(made.select("borrower_id", "seed"), imported.select("borrower_id", "seed"))


@pytest.mark.parametrize("days_ago", [3, 40, 200])
def test_on_any_past_day_instalments_hold_the_money_that_stood_then(whole: Path, days_ago: int):
    then = TODAY - days_ago * DAY
    past = _tables(open_book(whole).as_of(then))
    stood = (
        past["payments"]
        .filter(pl.col("reversed_at").is_null())
        .group_by("loan_id")
        .agg(pl.col("amount").sum())
    )
    paid = past["instalments"].group_by("loan_id").agg(pl.col("paid").sum())
    both = paid.join(stood, on="loan_id", how="left").with_columns(pl.col("amount").fill_null(0))

    assert both.height > 0
    assert both.filter(pl.col("paid") != pl.col("amount")).is_empty()
    assert past["instalments"].filter(pl.col("settled_on") > then // DAY).is_empty()


def test_on_a_past_day_promises_contacts_and_loans_had_not_ended_yet(whole: Path):
    then = TODAY - 25 * DAY
    today, past = _tables(open_book(whole)), _tables(open_book(whole).as_of(then))
    ended_since = today["promises"].filter((pl.col("made_at") <= then) & (pl.col("ended_at") > then))
    sent_since = today["contacts"].filter((pl.col("send_at") > then) & (pl.col("state") == "accepted"))
    closed_since = today["loans"].filter(pl.col("closed_on") > then // DAY)

    for key, since, was in (
        ("promise_id", ended_since, pl.col("end").is_null() & pl.col("kept_amount").is_null()),
        ("contact_id", sent_since, (pl.col("state") == "queued") & pl.col("outcome").is_null()),
        ("loan_id", closed_since, pl.col("closed_on").is_null()),
    ):
        table = {"promise_id": "promises", "contact_id": "contacts", "loan_id": "loans"}[key]
        before = past[table].join(since.select(key), on=key)
        assert before.height > 0
        assert before.filter(~was).is_empty()


def test_before_its_history_began_a_book_was_empty(whole: Path):
    long_ago = int(datetime(2005, 1, 1, tzinfo=UTC).timestamp())

    assert {
        name for name, frame in _tables(open_book(whole).as_of(long_ago)).items() if frame.height
    } == set()


@pytest.mark.parametrize("history", [False, True])
def test_a_large_book_is_cut_into_buckets_and_loses_nothing(whole: Path, tmp_path: Path, history: bool):
    sizes = Sizes(borrowers_at_once=500, largest_unpartitioned=1_000)
    large = open_book(make_book(1_200, SEED, tmp_path / "large", history=history, sizes=sizes))

    assert large.stamp.buckets == 64
    _assert_same(_sorted(large), _sorted(open_book(whole)))
    if history:
        then = TODAY - 30 * DAY
        _assert_same(_sorted(large.as_of(then)), _sorted(open_book(whole).as_of(then)))


def test_everyone_who_stands_in_a_loan_finds_it_in_her_own_bucket(tmp_path: Path):
    sizes = Sizes(largest_unpartitioned=100)
    large = open_book(make_book(400, SEED, tmp_path / "large", sizes=sizes))
    met = 0
    for shard in large.shards():
        here = _tables(shard)
        people = here["borrowers"].select(person_id="borrower_id")
        standing_in = here["parties"].join(people, on="person_id")
        known = standing_in.join(here["loans"], on="loan_id")
        met += known.height
        assert known.height == standing_in.height
        assert here["loans"]["loan_id"].is_unique().all()
        assert (here["borrowers"]["seed"] % 64).n_unique() <= 1

    assert met == large.stamp.rows["parties"]


def test_a_book_of_another_day_is_known_up_to_that_day(tmp_path: Path):
    book = open_book(make_book(200, SEED, tmp_path / "book", at=date(2024, 3, 1)))

    limit = int(datetime(2024, 3, 1, tzinfo=UTC).timestamp())
    assert max(book.stamp.latest_recorded_at.values()) < limit
    assert book.stamp.created_at == limit


def test_progress_tells_how_far_it_is(tmp_path: Path):
    told: list[tuple[str, int, int]] = []

    make_book(120, SEED, tmp_path / "book", progress=lambda *said: told.append(said), sizes=Sizes(50, 2))

    assert [said for said in told if said[0] == "making"] == [("making", n, 120) for n in (50, 100, 120)]
    assert told[-1][1] == told[-1][2] == len(TABLES)


@pytest.mark.parametrize(
    ("borrowers", "day"), [(0, date(2026, 1, 1)), (10**8, date(2026, 1, 1)), (5, date(1999, 1, 1))]
)
def test_a_book_that_cannot_be_made_is_refused_in_plain_words(tmp_path: Path, borrowers: int, day: date):
    with pytest.raises(CannotMakeBook, match="choose"):
        make_book(borrowers, SEED, tmp_path / "book", at=day)

    assert list(tmp_path.iterdir()) == []


def test_what_is_no_book_is_left_alone(tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")

    with pytest.raises(BookRefused):
        make_book(5, SEED, tmp_path)

    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_a_book_takes_the_place_of_an_earlier_one(tmp_path: Path):
    make_book(50, SEED, tmp_path / "book", history=True)

    make_book(10, SEED, tmp_path / "book")

    assert not (tmp_path / "book" / "history").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["book"]
