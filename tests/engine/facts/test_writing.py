"""What is written is what was given: no row lost, no value changed, whatever order or type it came in."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.facts.engines import rows_of
from tests.engine.facts.given import (
    BORROWER,
    INSTALMENT,
    LOAN,
    NOON,
    PAYMENT,
    Row,
    at,
    book_of,
    frame,
    kept,
    set_aside,
    written,
)
from tideover.engine.facts import BookRefused, TableMissing, TableUnusable, open_book, write_book

IDS = st.sampled_from(["anna", "vilis", "রহিমা", "", None])
AMOUNTS = st.sampled_from(["0", "50500", "-1", "12.50", "", None, str(2**44)])
DAYS = st.sampled_from(["2026-02-15", "1900-01-01", "15/02/2026", "2026-01-01", None])
MOMENTS = st.sampled_from([NOON, "2026-03-05T00:00:00+03:30", "2026-03-05", "soon", None])
LOANS = st.lists(
    st.fixed_dictionaries(
        {
            "loan_id": st.sampled_from(["car", "roof", None]),
            "borrower_id": IDS,
            "currency": st.sampled_from(["EUR", "VND", "???"]),
            "disbursed_on": DAYS,
            "recorded_at": MOMENTS,
        }
    ),
    max_size=8,
)
INSTALMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "loan_id": st.sampled_from(["car", "roof", "boat"]),
            "number": st.sampled_from(["1", "2", "two"]),
            "due_on": DAYS,
            "principal": AMOUNTS,
            "paid": AMOUNTS,
            "settled_on": DAYS,
            "recorded_at": MOMENTS,
        }
    ),
    max_size=15,
)


@settings(max_examples=40)
@given(loans=LOANS, instalments=INSTALMENTS)
def test_rows_in_are_rows_kept_and_rows_set_aside(loans: list[Row], instalments: list[Row]) -> None:
    people = [{**BORROWER, "borrower_id": name} for name in ("anna", "vilis", "রহিমা")]
    given_rows = {"borrowers": people, "loans": loans, "instalments": instalments}

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "book"
        quality = written({name: _frame(name, rows) for name, rows in given_rows.items()}, out)

        for name, rows in given_rows.items():
            aside = set_aside(out, name)
            versions = _versions(out, name)
            assert len(rows) == quality.tables[name].rows == len(versions) + len(aside)
            assert quality.tables[name].kept == len(versions)
            assert sum(quality.tables[name].set_aside.values()) == len(aside)
            assert all(row["reason"] for row in aside)


def _frame(name: str, rows: list[Row]) -> pl.DataFrame:
    return frame(*rows) if rows else book_of()[name].clear()


def _versions(book: Path, table: str) -> list[Row]:
    history = book / "history" / f"{table}.parquet"
    return pl.read_parquet(history).to_dicts() if history.is_file() else kept(book, table)


@settings(max_examples=25)
@given(instalments=INSTALMENTS)
def test_no_two_kept_versions_share_a_key_and_a_moment_and_every_one_has_its_loan(
    instalments: list[Row],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "book"
        written({**book_of(), "instalments": _frame("instalments", instalments)}, out)

        versions = _versions(out, "instalments")
        names = [(row["loan_id"], row["number"], row["recorded_at"]) for row in versions]
        current = [(row["loan_id"], row["number"]) for row in kept(out, "instalments")]
        assert len(set(names)) == len(names)
        assert len(set(current)) == len(current)
        assert {name[:2] for name in names} == set(current)
        assert {row["loan_id"] for row in versions} <= {"car"}


@settings(max_examples=25)
@given(instalments=INSTALMENTS, shuffled=st.randoms())
def test_the_order_of_rows_in_a_file_changes_nothing(instalments: list[Row], shuffled: object) -> None:
    mixed = [*instalments]
    shuffled.shuffle(mixed)  # type: ignore[attr-defined]

    with tempfile.TemporaryDirectory() as folder:
        books = [Path(folder) / "one", Path(folder) / "two"]
        for rows, out in zip((instalments, mixed), books, strict=True):
            written({**book_of(), "instalments": _frame("instalments", rows)}, out)
        one, two = (rows_of(open_book(out).tables["instalments"]) for out in books)

    assert one == two


def _after_1970(count: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=count)


TYPED = st.fixed_dictionaries(
    {
        "payment_id": st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8),
        "amount": st.integers(0, 2**45 - 1),
        "paid_at": st.integers(-(2**29) * 1_000_000, 2**32 * 1_000_000).map(_after_1970),
        "way": st.none() | st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8),
    }
)


@settings(max_examples=40)
@given(rows=st.lists(TYPED, min_size=1, max_size=10, unique_by=lambda row: row["payment_id"]))
def test_typed_values_come_back_as_they_went_in_moments_to_the_second(rows: list[Row]) -> None:
    moment = pl.Datetime("us", "UTC")
    payments = pl.DataFrame(rows, schema_overrides={"way": pl.String, "paid_at": moment}).with_columns(
        loan_id=pl.lit("car"), recorded_at=pl.lit(datetime(2026, 3, 4, tzinfo=UTC), moment)
    )

    with tempfile.TemporaryDirectory() as folder:
        written({**book_of(), "payments": payments}, Path(folder) / "book", max_bad_share=0.0)
        found = {
            row["payment_id"]: row for row in rows_of(open_book(Path(folder) / "book").tables["payments"])
        }

    for row in rows:
        came = found[row["payment_id"]]
        assert (came["amount"], came["way"]) == (row["amount"], row["way"])
        assert came["paid_at"] == row["paid_at"].timestamp() // 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-04T10:00:00Z", "2026-03-04T10:00:00"),
        ("2026-03-04 10:00:00", "2026-03-04T10:00:00"),
        ("2026-03-04T10:00:00.999999+03:30", "2026-03-04T06:30:00"),
        ("2026-03-04T10:00-05:00", "2026-03-04T15:00:00"),
        ("2026-03-04T10:00", "2026-03-04T10:00:00"),
        ("2026-03-04", "2026-03-04T00:00:00"),
    ],
)
def test_a_moment_is_read_in_any_iso_spelling(tmp_path: Path, text: str, moment: str) -> None:
    written(book_of(loans=[{**LOAN, "recorded_at": text}]), tmp_path / "book", max_bad_share=0.0)

    assert rows_of(open_book(tmp_path / "book").tables["loans"])[0]["recorded_at"] == at(moment)


def test_frames_in_engine_types_are_taken_too(tmp_path: Path) -> None:
    loans = pl.DataFrame(
        {"loan_id": ["car"], "borrower_id": ["anna"], "currency": ["EUR"], "disbursed_on": [20468]}
    )
    typed = loans.with_columns(recorded_at=pl.lit(at(NOON)))

    written({**book_of(), "loans": typed}, tmp_path / "book", max_bad_share=0.0)

    (row,) = kept(tmp_path / "book", "loans")
    assert (row["disbursed_on"], row["recorded_at"]) == (
        date(2026, 1, 15),
        datetime(2026, 3, 4, 12, tzinfo=UTC),
    )


def test_a_made_up_book_is_believed_but_seeded_split_and_stamped(tmp_path: Path) -> None:
    frames = book_of(
        instalments=[
            INSTALMENT,
            {**INSTALMENT, "recorded_at": "2026-03-05", "paid": "1"},
            {**INSTALMENT, "loan_id": "?"},
        ]
    )

    quality = write_book(frames, tmp_path / "book", source="made up", assumes={}, checked=False)

    opened = open_book(tmp_path / "book")
    assert not quality.checked
    assert quality.tables["instalments"].set_aside == {}
    assert sorted(row["paid"] for row in rows_of(opened.tables["instalments"])) == [1, 50500]  # type: ignore[type-var]
    assert opened.stamp.versions == {"instalments": 3}
    assert rows_of(opened.tables["borrowers"])[0]["seed"] == int(hashlib.md5(b"anna").hexdigest()[:8], 16)


def test_what_is_absent_reads_as_its_stand_in_whether_the_column_came_or_not(tmp_path: Path) -> None:
    bare = {name: value for name, value in INSTALMENT.items() if name not in ("interest", "fees")}
    place: Row = {"borrower_id": "anna", "source": None, "country": "LV", "recorded_at": NOON}
    party: Row = {"loan_id": "car", "person_id": "anna", "role": "payer", "recorded_at": NOON}
    written(
        book_of(instalments=[{**bare, "fees": " "}], locations=[place], parties=[party]), tmp_path / "book"
    )

    (instalment,) = kept(tmp_path / "book", "instalments")
    (location,) = kept(tmp_path / "book", "locations")
    (standing_in,) = kept(tmp_path / "book", "parties")
    assert (instalment["interest"], instalment["fees"]) == (0, 0)
    assert (location["source"], location["since"]) == ("lender", datetime(1970, 1, 1, tzinfo=UTC))
    assert standing_in["may_be_told"] == "nothing"


def test_moments_on_disk_are_whole_seconds(tmp_path: Path) -> None:
    moment = "2026-03-04T12:00:00.75Z"
    written(book_of(payments=[{**PAYMENT, "paid_at": moment, "recorded_at": moment}]), tmp_path / "book")

    (payment,) = kept(tmp_path / "book", "payments")
    noon = datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert (payment["paid_at"], payment["recorded_at"]) == (noon, noon)


def test_a_seed_that_came_along_is_not_believed(tmp_path: Path) -> None:
    written(book_of(borrowers=[{**BORROWER, "seed": "7"}]), tmp_path / "book")

    assert kept(tmp_path / "book", "borrowers")[0]["seed"] == int(hashlib.md5(b"anna").hexdigest()[:8], 16)


def test_the_stamp_says_from_where_up_to_when_and_in_what_currency(tmp_path: Path) -> None:
    written(book_of(loans=[{**LOAN, "recorded_at": "2026-03-05"}]), tmp_path / "book")

    stamp = open_book(tmp_path / "book").stamp
    assert (stamp.source, stamp.currency, stamp.created_at) == ("a test", "EUR", at("2026-03-05"))
    assert stamp.rows == {"borrowers": 1, "loans": 1, "instalments": 2}
    assert stamp.latest_recorded_at["borrowers"] == at(NOON)
    assert "current/loans.parquet" in stamp.checksums


def test_a_book_of_several_currencies_claims_none(tmp_path: Path) -> None:
    written(book_of(loans=[LOAN, {**LOAN, "loan_id": "roof", "currency": "USD"}]), tmp_path / "book")

    assert open_book(tmp_path / "book").stamp.currency is None


def test_progress_names_each_table_once(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []

    written(book_of(), tmp_path / "book", progress=lambda *step: told.append(step))

    assert told == [("borrowers", 0, 3), ("loans", 1, 3), ("instalments", 2, 3)]


def test_an_earlier_book_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "book"
    written(
        book_of(holds=[{"hold_id": "h", "person_id": "anna", "kind": "hardship", "recorded_at": NOON}]), out
    )

    written(book_of(), out)

    assert "holds" in open_book(out).missing
    assert [path.name for path in tmp_path.iterdir()] == ["book"]


def test_what_is_not_a_book_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(BookRefused, match="something else is in the way"):
        written(book_of(), tmp_path)

    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_table_nobody_knows_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(TableUnusable, match="Did you mean 'payments'"):
        written({**book_of(), "payment": book_of()["loans"]}, tmp_path / "book")


def test_a_book_without_loans_is_refused(tmp_path: Path) -> None:
    frames = book_of()
    del frames["loans"]

    with pytest.raises(TableMissing, match="no loans"):
        written(frames, tmp_path / "book")


def test_a_table_of_many_parts_is_split_like_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tideover.engine.facts import splitting

    rows = [{**INSTALMENT, "number": str(n), "paid": "0", "settled_on": None} for n in range(1, 60)]
    later = [{**row, "paid": "50500", "recorded_at": "2026-03-05"} for row in rows[:20]]
    loans = [{**LOAN, "loan_id": name} for name in ("car", "roof", "boat")]
    all_rows = [{**row, "loan_id": name} for name in ("car", "roof", "boat") for row in (*rows, *later)]
    frames = book_of(loans=loans, instalments=all_rows)
    written(frames, tmp_path / "whole")
    monkeypatch.setattr(splitting, "_ROWS_A_PART", 50)

    written(frames, tmp_path / "parts")

    whole, parts = open_book(tmp_path / "whole"), open_book(tmp_path / "parts")
    for moment in (at(NOON), at("2026-03-06")):
        assert rows_of(whole.as_of(moment).tables["instalments"]) == rows_of(
            parts.as_of(moment).tables["instalments"]
        )


TYPES_IN_USE = {
    "nothing": (pl.lit(None), None),
    "categories": (pl.lit("EUR", pl.Categorical), "EUR"),
    "an enumeration": (pl.lit("EUR", pl.Enum(["EUR", "USD"])), "EUR"),
}


@pytest.mark.parametrize(("value", "purpose"), TYPES_IN_USE.values(), ids=TYPES_IN_USE)
def test_text_may_come_in_any_type_that_holds_text(
    tmp_path: Path, value: pl.Expr, purpose: str | None
) -> None:
    frames = book_of()
    frames["loans"] = frames["loans"].with_columns(purpose=value)

    written(frames, tmp_path / "book", max_bad_share=0.0)

    assert kept(tmp_path / "book", "loans")[0]["purpose"] == purpose


JUST_PAST_NOON = datetime(2026, 3, 4, 12, 0, 0, 500, tzinfo=UTC)


@pytest.mark.parametrize(
    "moment",
    [
        pl.lit(JUST_PAST_NOON).dt.cast_time_unit("ns"),
        pl.lit(JUST_PAST_NOON).dt.cast_time_unit("ms").dt.convert_time_zone("Europe/Riga"),
        pl.lit(JUST_PAST_NOON).dt.replace_time_zone(None),
    ],
)
def test_timestamps_of_any_precision_and_zone_are_the_same_moment(tmp_path: Path, moment: pl.Expr) -> None:
    frames = book_of()
    frames["loans"] = frames["loans"].with_columns(recorded_at=moment)

    written(frames, tmp_path / "book", max_bad_share=0.0)

    assert rows_of(open_book(tmp_path / "book").tables["loans"])[0]["recorded_at"] == at(NOON)


@pytest.mark.parametrize("dtype", [pl.Float64, pl.Decimal(10, 2), pl.Boolean])
def test_money_in_another_type_than_whole_numbers_is_refused(tmp_path: Path, dtype: pl.DataType) -> None:
    frames = book_of()
    frames["instalments"] = frames["instalments"].with_columns(paid=pl.lit(1).cast(dtype))

    with pytest.raises(TableUnusable, match=r"instalments\.paid holds"):
        written(frames, tmp_path / "book")
