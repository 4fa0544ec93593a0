"""A book, or a folder of plain files, is opened as it is meant or refused with what is wrong, where, and what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.engine.facts.engines import ENGINES, rows_of
from tests.engine.facts.given import BORROWER, INSTALMENT, LOAN, NOON, at, book_of, engine_types, written
from tideover.engine.facts import TABLES, BookRefused, FileUnreadable, TableMissing, TableUnusable, open_book
from tideover.kit.errors import Refused


@pytest.fixture
def book(tmp_path: Path) -> Path:
    written(book_of(), tmp_path / "book")
    return tmp_path / "book"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder of CSV files, as a small lender has them."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name, rows in book_of().items():
        rows.write_csv(folder / f"{name}.csv")
    return folder


def refusal(folder: Path, kind: type[Refused], **more: object) -> str:
    """The refusal, which always says where, what was expected and what to do."""
    with pytest.raises(kind) as refused:
        open_book(folder, **more)  # type: ignore[arg-type]
    said = str(refused.value)
    assert all(part in said for part in ("where:", "expected:", "what to do:"))
    return said


@pytest.mark.parametrize("engine", ENGINES)
def test_every_table_has_every_column_in_engine_types_on_every_engine(
    book: Path, engine: str, session_of: Callable[[str], object]
) -> None:
    opened = open_book(book, engine, session=session_of(engine))

    for name, table in TABLES.items():
        found = opened.frame(name).collect_schema()
        assert found.names() == list(table.names)
        assert dict(found) == engine_types(name)


@pytest.mark.parametrize("engine", ENGINES)
def test_days_moments_and_stand_ins_read_the_same_on_every_engine(
    book: Path, engine: str, session_of: Callable[[str], object]
) -> None:
    opened = open_book(book, engine, session=session_of(engine))

    first, second = sorted(rows_of(opened.tables["instalments"]), key=lambda row: str(row["number"]))
    assert (first["due_on"], first["settled_on"], second["settled_on"]) == (20499, 20498, None)
    assert (first["recorded_at"], second["fees"]) == (at(NOON), 0)
    assert rows_of(opened.tables["borrowers"])[0]["seed"] == 0xA70F9E38


def test_a_missing_table_is_not_an_empty_one(tmp_path: Path) -> None:
    written({**book_of(), "holds": pl.DataFrame(schema=TABLES_AS_TEXT["holds"])}, tmp_path / "book")

    opened = open_book(tmp_path / "book")

    assert "holds" in opened.tables
    assert rows_of(opened.tables["holds"]) == []
    assert "payments" not in opened.tables
    assert "payments" in opened.missing
    assert rows_of(opened.frame("payments")) == []


TABLES_AS_TEXT = {name: dict.fromkeys(table.names, pl.String) for name, table in TABLES.items()}


def test_what_was_assumed_is_known_to_be_assumed(tmp_path: Path) -> None:
    from tideover.engine.facts import write_book

    write_book(
        book_of(), tmp_path / "b", source="a sheet", assumes={"timezone": "Europe/Riga", "channel": "sms"}
    )

    opened = open_book(tmp_path / "b")
    assert opened.assumes == ("channel", "timezone")
    assert opened.stamp.assumed == {"timezone": "Europe/Riga", "channel": "sms"}


def test_a_lenders_own_columns_are_welcome(tmp_path: Path) -> None:
    frames = book_of()
    frames["loans"] = frames["loans"].with_columns(
        score=pl.lit(7, pl.Int8), opened=pl.lit(date(1970, 1, 3)), tags=pl.lit(["a"]), reason=pl.lit("x")
    )
    written(frames, tmp_path / "book")

    (loan,) = rows_of(open_book(tmp_path / "book").tables["loans"])
    assert (loan["score"], loan["opened"]) == (7, 2)
    assert not {"tags", "reason"} & loan.keys()


def test_duckdb_reads_on_the_callers_own_connection(book: Path) -> None:
    with duckdb.connect() as connection:
        opened = open_book(book, "duckdb", session=connection)
        joined = opened.tables["loans"].join(opened.tables["borrowers"], on="borrower_id")
        assert len(rows_of(joined)) == 1


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx"])
def test_a_folder_of_plain_files_is_a_book(tmp_path: Path, suffix: str) -> None:
    for name, rows in book_of().items():
        path = tmp_path / f"{name}.{suffix}"
        {"csv": rows.write_csv, "parquet": rows.write_parquet, "xlsx": rows.write_excel}[suffix](path)

    opened = open_book(tmp_path)

    assert {row["number"]: row["paid"] for row in rows_of(opened.tables["instalments"])} == {1: 50500, 2: 0}
    assert "There is no holds table" in " ".join(opened.quality.said())


def test_a_sheet_with_real_numbers_and_dates_is_a_book(tmp_path: Path) -> None:
    typed = {
        "principal": pl.Int64,
        "interest": pl.Int64,
        "fees": pl.Int64,
        "paid": pl.Int64,
        "number": pl.Int64,
    }
    for name, rows in book_of().items():
        numbers = {column: dtype for column, dtype in typed.items() if column in rows.columns}
        dates = [
            pl.col(column).str.to_date() for column in ("due_on", "disbursed_on") if column in rows.columns
        ]
        rows.cast(numbers).with_columns(dates).write_excel(tmp_path / f"{name}.xlsx")

    opened = open_book(tmp_path)

    assert {row["number"]: row["paid"] for row in rows_of(opened.tables["instalments"])} == {1: 50500, 2: 0}
    assert {row["number"]: row["due_on"] for row in rows_of(opened.tables["instalments"])} == {
        1: 20499,
        2: 20527,
    }


def test_a_folder_of_plain_files_is_left_as_it_was(files: Path) -> None:
    before = {path.name: path.read_bytes() for path in files.iterdir()}

    open_book(files)

    assert {path.name: path.read_bytes() for path in files.iterdir()} == before


def test_a_file_that_is_no_table_is_said_with_what_it_may_be(files: Path) -> None:
    (files / "payment.csv").write_text("payment_id\n1\n")

    said = open_book(files).quality.said()

    assert "payment.csv is not used: there is no such table. If it holds payments, name it payments." in said


def test_no_folder_is_refused(tmp_path: Path) -> None:
    assert "nowhere" in refusal(tmp_path / "nowhere", BookRefused)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "no borrowers, no loans, no instalments or standings" in refusal(tmp_path, TableMissing)


def test_an_empty_book_is_refused(files: Path) -> None:
    (files / "borrowers.csv").write_text("borrower_id,recorded_at\n")

    assert "it has no borrowers" in refusal(files, TableMissing)


@pytest.mark.parametrize("table", ["borrowers", "loans", "instalments"])
def test_a_book_without_a_table_that_is_needed_is_refused(files: Path, table: str) -> None:
    (files / f"{table}.csv").unlink()

    assert f"no {table}" in refusal(files, TableMissing)


def test_standings_stand_in_for_a_schedule(files: Path) -> None:
    (files / "instalments.csv").unlink()
    (files / "standings.csv").write_text(
        "loan_id,on,days_late_from,overdue,recorded_at\ncar,2026-03-01,0,0,2026-03-02\n"
    )

    assert rows_of(open_book(files).tables["standings"])[0]["on"] == 20513


def test_a_column_that_is_missing_is_named_with_its_meaning(files: Path) -> None:
    book_of()["instalments"].drop("paid").write_csv(files / "instalments.csv")

    assert "instalments.paid is missing (Payments allocated to it so far)" in refusal(files, TableUnusable)


def test_without_recorded_at_the_way_to_say_a_stand_in_is_shown(files: Path) -> None:
    book_of()["loans"].drop("recorded_at").write_csv(files / "loans.csv")

    said = refusal(files, TableUnusable)
    assert "loans.recorded_at is missing" in said
    assert "which date stands in" in said


def test_money_in_a_fraction_of_a_unit_is_refused_before_it_is_guessed(files: Path) -> None:
    (files / "instalments.csv").unlink()
    book_of()["instalments"].with_columns(paid=pl.lit(505.5)).write_parquet(files / "instalments.parquet")

    said = refusal(files, TableUnusable)
    assert "instalments.paid holds Float64" in said
    assert "whole minor units of the currency (cents, not 12.34)" in said


def test_money_with_decimals_in_text_is_refused_with_an_example(files: Path) -> None:
    book_of(instalments=[{**INSTALMENT, "paid": "505.00"}])["instalments"].write_csv(
        files / "instalments.csv"
    )

    said = refusal(files, BookRefused)
    assert "paid '505.00'" in said
    assert "100.0% of instalments" in said


def test_all_wrong_columns_are_named_at_once(files: Path) -> None:
    book_of()["loans"].drop("currency").write_csv(files / "loans.csv")
    book_of()["instalments"].drop("due_on").write_csv(files / "instalments.csv")

    said = refusal(files, TableUnusable)
    assert "loans.currency" in said
    assert "instalments.due_on" in said


def test_numbers_where_dates_belong_are_not_guessed(files: Path) -> None:
    (files / "loans.csv").unlink()
    book_of()["loans"].with_columns(disbursed_on=pl.lit(46037)).write_parquet(files / "loans.parquet")

    assert "disbursed_on" in refusal(files, TableUnusable)


def test_two_files_for_one_table_are_refused(files: Path) -> None:
    book_of()["loans"].write_parquet(files / "loans.parquet")

    assert "loans.csv, loans.parquet" in refusal(files, BookRefused)


def test_a_parquet_file_cut_short_is_refused(files: Path) -> None:
    (files / "loans.csv").unlink()
    path = files / "loans.parquet"
    book_of()["loans"].write_parquet(path)
    path.write_bytes(path.read_bytes()[:-20])

    assert "loans.parquet cannot be read" in refusal(files, FileUnreadable)


def test_a_file_that_is_not_what_its_name_says_is_refused(files: Path) -> None:
    (files / "loans.csv").unlink()
    (files / "loans.xlsx").write_text("not a workbook")

    assert "loans.xlsx cannot be read" in refusal(files, FileUnreadable)


def test_text_that_is_not_utf_8_is_refused_and_not_mangled(files: Path) -> None:
    path = files / "borrowers.csv"
    path.write_bytes(path.read_text().replace("Europe", "Zürich").encode("latin-1"))

    assert "UTF-8" in refusal(files, FileUnreadable)


def test_a_csv_whose_rows_differ_in_length_is_refused(files: Path) -> None:
    path = files / "loans.csv"
    path.write_text(path.read_text() + "car,anna,instalment,EUR,1,2,3,4,5,6,7\n")

    refusal(files, FileUnreadable)


def test_a_book_cut_short_in_copying_is_refused(book: Path) -> None:
    path = book / "current" / "loans.parquet"
    path.write_bytes(path.read_bytes()[:-7])

    assert "current/loans.parquet has" in refusal(book, FileUnreadable)


def test_a_book_with_a_file_lost_is_refused(book: Path) -> None:
    (book / "current" / "loans.parquet").unlink()

    assert "current/loans.parquet is missing" in refusal(book, FileUnreadable)


def test_a_change_that_keeps_the_size_is_found_when_it_is_looked_for(book: Path) -> None:
    path = book / "current" / "loans.parquet"
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)

    with pytest.raises(FileUnreadable, match=r"current/loans\.parquet has changed"):
        open_book(book).verify()


def test_a_whole_book_is_verified_without_a_word(book: Path) -> None:
    open_book(book).verify()


@pytest.mark.parametrize("text", ["", "format: many\n", "a: [b\n", "format: 1\n"])
def test_a_damaged_stamp_is_refused(book: Path, text: str) -> None:
    (book / "book.yaml").write_text(text)

    assert "stamp of this book is damaged" in refusal(book, FileUnreadable)


def test_a_book_of_a_later_format_is_refused(book: Path) -> None:
    path = book / "book.yaml"
    path.write_text(path.read_text().replace("format: 1", "format: 2"))

    assert "format 2" in refusal(book, BookRefused)


def test_a_column_of_the_wrong_type_on_disk_is_refused(book: Path) -> None:
    path = book / "current" / "instalments.parquet"
    pl.read_parquet(path).with_columns(pl.col("paid").cast(pl.Float64)).write_parquet(path)
    stamp = book / "book.yaml"
    stamp.write_text(stamp.read_text().partition("checksums:")[0])

    assert "instalments.paid is Float64, not Int64" in refusal(book, TableUnusable)


def test_a_refused_import_is_not_mistaken_for_a_book(tmp_path: Path) -> None:
    with pytest.raises(BookRefused):
        written(
            book_of(borrowers=[BORROWER, {**BORROWER, "borrower_id": None}]),
            tmp_path / "b",
            max_bad_share=0.1,
        )

    assert "refused when it was imported" in refusal(tmp_path / "b.refused", BookRefused)


def test_an_engine_nobody_knows_is_refused(book: Path) -> None:
    assert "pandas" in refusal(book, BookRefused, engine="pandas")


def test_a_moved_book_is_the_same_book(book: Path, tmp_path: Path) -> None:
    shutil.move(book, tmp_path / "elsewhere")

    assert len(rows_of(open_book(tmp_path / "elsewhere").tables["loans"])) == 1


def test_a_key_that_is_a_number_in_one_file_and_text_in_another_is_one_key(files: Path) -> None:
    for name in ("loans", "instalments"):
        (files / f"{name}.csv").unlink()
    book_of(loans=[{**LOAN, "loan_id": "17"}])["loans"].cast({"loan_id": pl.Int64}).write_parquet(
        files / "loans.parquet"
    )
    book_of(instalments=[{**INSTALMENT, "loan_id": "17"}])["instalments"].write_csv(files / "instalments.csv")

    assert rows_of(open_book(files).tables["instalments"])[0]["loan_id"] == "17"
