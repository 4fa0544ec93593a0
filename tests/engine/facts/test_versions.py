"""At any past moment the book shows what was known then, on every engine, as a slow plain reading of the rows says."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.facts.engines import ENGINES, rows_of
from tests.engine.facts.given import BORROWER, INSTALMENT, LOAN, NOON, Row, at, book_of, written
from tideover.engine.facts import TABLES, Book, Table, open_book
from tideover.engine.facts.versions import REPLACED_AT, in_force

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 40).map(lambda half_days: FIRST + timedelta(hours=12 * half_days))
MAYBE = st.none() | MOMENTS

PROMISE = st.fixed_dictionaries(
    {
        "promise_id": st.sampled_from("abc"),
        "loan_id": st.just("car"),
        "on": MOMENTS.map(datetime.date),
        "made_at": st.just(FIRST),
        "amount": st.integers(0, 10**9),
        "kept_amount": st.none() | st.integers(0, 10**9),
        "ended_at": MAYBE,
        "end": st.sampled_from(["kept", "broken", None]),
        "recorded_at": MOMENTS,
    }
)
SETTLED = st.fixed_dictionaries(
    {
        "loan_id": st.just("car"),
        "number": st.integers(1, 3),
        "due_on": st.just(date(2026, 3, 1)),
        "principal": st.integers(0, 10**12),
        "paid": st.integers(0, 10**12),
        "settled_on": st.none() | MOMENTS.map(datetime.date),
        "recorded_at": MOMENTS,
    }
)


def known_at(table: Table, rows: list[Row], moment: int) -> list[Row]:
    """The oracle: walk over the versions by hand."""
    newest: dict[tuple[object, ...], Row] = {}
    for row in rows:
        name = tuple(row[key] for key in table.key)
        earlier = newest.get(name, {"recorded_at": None})["recorded_at"]
        known = _number(row["recorded_at"]) <= moment  # type: ignore[operator]
        if known and (earlier is None or earlier < row["recorded_at"]):  # type: ignore[operator]
            newest[name] = row
    return [_as_seen(table, row, moment) for row in newest.values()]


def _as_seen(table: Table, row: Row, moment: int) -> Row:
    seen: Row = {}
    for column in table.every:
        value = row.get(column.name)
        number = _number(value)
        ended = (
            column.ends
            and number is not None
            and number > (moment if isinstance(value, datetime) else moment // 86400)
        )
        seen[column.name] = None if ended else number
    for column in table.columns:
        if column.told_by and seen[column.told_by] is None:
            seen[column.name] = None
        elif seen[column.name] is None and column.otherwise is not None:
            seen[column.name] = column.otherwise
    return seen


def _number(value: object) -> object:
    if isinstance(value, datetime):
        return int(value.timestamp())
    return (value - date(1970, 1, 1)).days if isinstance(value, date) else value


def unlike(table: Table) -> object:
    """Versions of one row must be recorded at different moments."""
    return lambda row: (*(row[key] for key in table.key), row["recorded_at"])


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize(("name", "row"), [("promises", PROMISE), ("instalments", SETTLED)])
@settings(max_examples=15)
@given(data=st.data())
def test_a_past_day_looks_as_it_looked_then(
    engine: str, name: str, row: st.SearchStrategy[Row], data: st.DataObject
) -> None:
    table = TABLES[name]
    rows = data.draw(st.lists(row, max_size=12, unique_by=unlike(table)))  # type: ignore[arg-type]
    moments = data.draw(st.lists(MOMENTS, min_size=1, max_size=3))

    with book_with(name, rows) as folder:
        book = open_book(folder, engine)
        for moment in moments:
            seen = rows_of(book.as_of(int(moment.timestamp())).tables[name])
            assert in_order(table, seen) == in_order(table, known_at(table, rows, int(moment.timestamp())))


class book_with:  # noqa: N801 - reads as a verb
    """A folder with a book whose one table has these typed rows."""

    def __init__(self, name: str, rows: list[Row]) -> None:
        self._folder = tempfile.TemporaryDirectory()
        loan = {**LOAN, "disbursed_on": None, "recorded_at": "2020-01-01"}
        frames = book_of(borrowers=[{**BORROWER, "recorded_at": "2020-01-01"}], loans=[loan])
        empty = pl.DataFrame(schema=disk_types(TABLES[name]))
        frames[name] = pl.concat(
            [empty, pl.DataFrame(rows, schema_overrides=disk_types(TABLES[name]))], how="diagonal"
        )
        written(frames, Path(self._folder.name) / "book", max_bad_share=0.0)

    def __enter__(self) -> Path:
        return Path(self._folder.name) / "book"

    def __exit__(self, *error: object) -> None:
        self._folder.cleanup()


def disk_types(table: Table) -> dict[str, pl.DataType]:
    from tideover.engine.facts.kinds import ON_DISK

    return {column.name: ON_DISK[column.kind] for column in table.every}


def in_order(table: Table, rows: list[Row]) -> list[Row]:
    return sorted(
        ({name: row[name] for name in table.names} for row in rows),
        key=lambda row: [str(row[k]) for k in table.key],
    )


@pytest.fixture(params=ENGINES)
def paid_later(request: pytest.FixtureRequest, tmp_path: Path) -> Book:
    """An instalment due on 1 March, half paid on the 2nd and settled on the 5th, on each engine."""
    due = {**INSTALMENT, "due_on": "2026-03-01", "paid": "0", "settled_on": None, "recorded_at": "2026-02-01"}
    half = {**due, "paid": "25000", "recorded_at": "2026-03-02T10:00:00Z"}
    full = {**due, "paid": "50500", "settled_on": "2026-03-05", "recorded_at": "2026-03-05T18:00:00Z"}
    written(
        book_of(
            borrowers=[{**BORROWER, "recorded_at": "2026-01-01"}],
            loans=[{**LOAN, "recorded_at": "2026-01-16", "closed_on": "2026-03-20"}],
            instalments=[full, due, half],
        ),
        tmp_path / "book",
    )
    return open_book(
        tmp_path / "book", request.param, session=request.getfixturevalue("session_of")(request.param)
    )


KNOWN_TO_BE_PAID = {
    "2026-01-31T23:59:59Z": [],
    "2026-02-01T00:00:00Z": [0],
    "2026-03-02T09:59:59Z": [0],
    "2026-03-02T10:00:00Z": [25000],
    "2026-03-05T17:59:59Z": [25000],
    "2026-03-05T18:00:00Z": [50500],
    "2027-01-01T00:00:00Z": [50500],
}


def test_what_was_paid_is_what_was_known_to_be_paid(paid_later: Book) -> None:
    seen = {
        moment: rows_of(paid_later.as_of(at(moment)).tables["instalments"]) for moment in KNOWN_TO_BE_PAID
    }

    assert {moment: [row["paid"] for row in rows] for moment, rows in seen.items()} == KNOWN_TO_BE_PAID


def test_a_loan_known_to_close_later_is_open_today(paid_later: Book) -> None:
    before = rows_of(paid_later.as_of(at("2026-03-19T23:59:59Z")).tables["loans"])
    on_the_day = rows_of(paid_later.as_of(at("2026-03-20T00:00:00Z")).tables["loans"])

    assert before[0]["closed_on"] is None
    assert on_the_day[0]["closed_on"] == 20532


def test_a_history_without_ends_of_versions_is_ranked_instead(paid_later: Book) -> None:
    table = TABLES["instalments"]
    history = paid_later._scan(table, "history")
    bare = history.drop(REPLACED_AT)

    for moment in ("2026-01-31", "2026-02-15", "2026-03-03", "2026-04-01"):
        by_rank = rows_of(in_force(table, bare, at(moment)))
        assert by_rank == rows_of(in_force(table, history, at(moment)))


def test_a_look_back_from_a_look_back_sees_no_more(paid_later: Book) -> None:
    early, late = at("2026-02-15"), at("2026-04-01")

    for book in (paid_later.as_of(early).as_of(late), paid_later.as_of(late).as_of(early)):
        assert [row["paid"] for row in rows_of(book.tables["instalments"])] == [0]


def test_a_table_whose_rows_never_changed_needs_no_history(tmp_path: Path) -> None:
    written(book_of(), tmp_path / "book")

    assert not (tmp_path / "book" / "history").exists()
    assert rows_of(open_book(tmp_path / "book").as_of(at(NOON) - 1).tables["loans"]) == []


def test_ends_can_be_hidden_for_many_moments_at_once(tmp_path: Path) -> None:
    from tideover.engine.facts import without_later_ends

    written(book_of(loans=[{**LOAN, "closed_on": "2026-03-20"}]), tmp_path / "book")
    loans = open_book(tmp_path / "book").tables["loans"]
    moments = nw.from_native(pl.LazyFrame({"at": [at("2026-03-19T23:00:00Z"), at("2026-03-20T01:00:00Z")]}))

    seen = without_later_ends(TABLES["loans"], loans.join(moments, how="cross"), nw.col("at"))

    assert [row["closed_on"] for row in rows_of(seen.select("closed_on", "at").sort("at"))] == [None, 20532]
