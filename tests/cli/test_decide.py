"""tideover decide: an answer in a folder, and nothing else touched."""

import json

import polars as pl
import pytest

from tests.cli.running import raw_folder
from tideover.cli._given import moment
from tideover.kit.days import iso_moment

AT = "2026-11-20"


def test_everybody_in_the_book_gets_one_row_with_a_reason(tideover, made, tmp_path):
    sheet = tmp_path / "list.xlsx"

    said = tideover("decide", "--book", made, "--at", AT, "--out", tmp_path / "today", "--list", sheet)

    rows = pl.read_parquet(tmp_path / "today" / "decisions" / "*.parquet")
    people = pl.read_parquet(made / "current" / "borrowers.parquet")
    assert said.code == 0
    assert sorted(rows["borrower_id"]) == sorted(people["borrower_id"])
    assert (rows["reasons"] != "").all()
    assert (tmp_path / "today" / "report.html").is_file()
    assert sheet.read_bytes().startswith(b"PK")
    assert str(sheet) in said.out


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-20", "2026-11-20T06:00:00Z"),
        ("20261120", "2026-11-20T06:00:00Z"),
        ("2026-11-20T10:00+05:30", "2026-11-20T04:30:00Z"),
        ("2026-11-20 08:00", "2026-11-20T08:00:00Z"),
    ],
)
def test_a_moment_is_read_as_a_person_writes_it(written, meant):
    assert iso_moment(moment(written)) == meant


@pytest.mark.parametrize("written", ["tomorrow", "2026-13-40", "99999-01-01", "", "2026-11-20T25:00Z"])
def test_what_is_no_moment_is_refused_with_an_example(tideover, raw, tmp_path, written):
    said = tideover("decide", "--book", raw, "--at", written, "--out", tmp_path / "today")

    assert said.code == 2
    assert f"'{written}' is not a moment" in said.err
    assert "2026-11-20T08:00Z" in said.err


def test_before_anybody_was_known_there_is_nobody_to_decide(tideover, made, tmp_path):
    said = tideover("decide", "--book", made, "--at", "1970-01-02", "--out", tmp_path / "today")

    assert said.code == 2
    assert "nobody in it" in said.err


@pytest.mark.parametrize(
    ("option", "wrong", "message"),
    [
        ("--strategy", "evryday", "Did you mean 'everyday'?"),
        ("--engine", "poalrs", "polars, duckdb or spark"),
        ("--tables", "nowhere", "tideover tables"),
    ],
)
def test_a_name_nobody_knows_is_refused_with_the_known_ones(tideover, made, tmp_path, option, wrong, message):
    said = tideover("decide", "--book", made, "--at", AT, "--out", tmp_path / "today", option, wrong)

    assert said.code == 2
    assert message in said.err


def test_the_page_of_the_day_is_made_on_duckdb_too(tideover, raw, tmp_path):
    out = tmp_path / "today"

    said = tideover("decide", "--book", raw, "--at", AT, "--out", out, "--engine", "duckdb")

    assert said.code == 0
    assert (out / "report.html").is_file()


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"leaves": 3}'])
def test_damaged_tables_are_refused(tideover, made, tmp_path, text):
    (tmp_path / "tables.json").write_text(text)

    said = tideover("decide", "--book", made, "--at", AT, "--out", tmp_path / "today", "--tables", tmp_path)

    assert said.code == 2
    assert "tables.json is damaged" in said.err
    assert "tideover tables" in said.err


def test_an_earlier_answer_is_replaced(tideover, raw, tmp_path):
    place = ("--book", raw, "--out", tmp_path / "today")

    tideover("decide", *place, "--at", "2026-11-19")
    said = tideover("decide", *place, "--at", AT)

    assert said.code == 0
    assert json.loads((tmp_path / "today" / "run.json").read_text())["at"].startswith(AT)


def test_a_folder_with_something_else_in_it_is_left_alone(tideover, made, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to-anna.txt").write_text("Dear Anna")

    said = tideover("decide", "--book", made, "--at", AT, "--out", tmp_path / "letters")

    assert said.code == 2
    assert "Nothing was changed" in said.err
    assert (tmp_path / "letters" / "to-anna.txt").read_text() == "Dear Anna"


def test_a_book_is_never_overwritten_by_its_own_answer(tideover, own_book):
    said = tideover("decide", "--book", own_book, "--at", AT, "--out", own_book)

    assert said.code == 2
    assert (own_book / "book.yaml").is_file()


def test_where_no_folder_can_be_made_the_machine_is_quoted(tideover, made, tmp_path):
    (tmp_path / "file").write_text("")

    said = tideover("decide", "--book", made, "--at", AT, "--out", tmp_path / "file" / "today")

    assert said.code == 2
    assert "Not a directory" in said.err


@pytest.mark.parametrize("name", ["list.txt", "nowhere/list.xlsx"])
def test_a_list_that_cannot_be_written_is_refused_before_anything_is_decided(tideover, made, tmp_path, name):
    said = tideover("decide", "--book", made, "--at", AT, "--out", tmp_path / "d", "--list", tmp_path / name)

    assert said.code == 2
    assert name.split("/")[-1] in said.err
    assert not (tmp_path / "d").exists()


NAMES = (
    "Ānna Bērziņa", "নাসরিন", "نسرین", "Nguyễn Thị Hoa", "張偉", "Привет", "🙂", "O’Brien \"x\", Jr.", "=cmd|calc",
    "B;1/../x", "a'b", "%s{0}", "<b>x</b>", "x" * 300, "two\nlines",
)  # fmt: skip


def test_a_key_may_be_written_in_any_script(tideover, tmp_path):
    book = raw_folder(tmp_path / "names", NAMES)

    said = tideover(
        "decide", "--book", book, "--at", AT, "--out", tmp_path / "today", "--list", tmp_path / "list.xlsx"
    )

    rows = pl.read_parquet(tmp_path / "today" / "decisions" / "*.parquet")
    page = (tmp_path / "today" / "report.html").read_text("utf-8")
    assert said.code == 0
    assert sorted(rows["borrower_id"]) == sorted(NAMES)
    assert "<b>x</b>" not in page


def test_ten_thousand_loans_of_one_person_are_one_contact(tideover, tmp_path):
    book = raw_folder(tmp_path / "many", ["many"], loans_each=10_000)

    said = tideover("decide", "--book", book, "--at", AT, "--out", tmp_path / "today")

    rows = pl.read_parquet(tmp_path / "today" / "decisions" / "*.parquet")
    assert said.code == 0
    assert rows.height == 1
    assert pl.read_parquet(tmp_path / "today" / "topics" / "*.parquet").height == 10_000
