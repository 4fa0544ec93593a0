"""tideover make-book, import, tables, simulate, demo: what they make, and what they refuse."""

import subprocess
import sys
from shutil import copytree

import polars as pl
import pytest

from tideover.engine.policy.content import SHIPPED


def test_the_same_seed_makes_the_same_book(tideover, tmp_path):
    for name in ("one", "two"):
        assert tideover("make-book", "--borrowers", 20, "--seed", 7, "--out", tmp_path / name).code == 0

    one, two = (pl.read_parquet(tmp_path / name / "current" / "loans.parquet") for name in ("one", "two"))
    assert one.equals(two)


@pytest.mark.parametrize(
    ("words", "message"),
    [(("--borrowers", 0), "--borrowers"), (("--borrowers", 5, "--at", "gestern"), "'gestern' is not a day")],
)
def test_a_book_that_cannot_be_made_is_refused(tideover, tmp_path, words, message):
    said = tideover("make-book", *words, "--out", tmp_path / "book")

    assert said.code == 2
    assert message in said.err


@pytest.mark.parametrize("command", ["make-book", "import"])
def test_a_book_is_not_written_over_anything_else(tideover, raw, tmp_path, command):
    words = ("--borrowers", 5) if command == "make-book" else ("nosuch", raw)

    said = tideover(command, *words, "--out", raw)

    assert said.code == 2
    assert (raw / "loans.csv").is_file()


def test_an_unknown_source_is_refused_with_the_nearest(tideover, tmp_path):
    said = tideover("import", "spredsheet", tmp_path, "--out", tmp_path / "book")

    assert said.code == 2
    assert "There is no source 'spredsheet'." in said.err


def test_a_mapping_with_nothing_in_it_says_all_it_lacks(tideover, tmp_path):
    (tmp_path / "mine.yaml").write_text("format: 1\n")

    said = tideover("import", tmp_path / "mine.yaml", tmp_path, "--out", tmp_path / "book")

    assert said.code == 2
    for name in ("currency", "files", "tables", "timezone"):
        assert f"'{name}' is missing" in said.err


@pytest.mark.parametrize(
    ("name", "data"),
    [("gone.xlsx", None), ("bad.xlsx", b"\x00" * 400), ("empty.csv", b""), ("words.csv", b"hello\n")],
)
def test_a_spreadsheet_that_says_nothing_is_refused_by_name(tideover, tmp_path, name, data):
    if data is not None:
        (tmp_path / name).write_bytes(data)

    said = tideover("import", "spreadsheet", tmp_path / name, "--out", tmp_path / "book")

    assert said.code == 2
    assert name in said.err


SHEET = "loan;due date;amount due;paid\nL1;2026-03-10;105.00;0\nL2;2026-04-10;105.00;0\n"


def test_what_a_spreadsheet_does_not_say_is_said_with_the_command(tideover, tmp_path):
    (tmp_path / "loans.csv").write_text(SHEET)
    told = ("--known-on", "2026-04-01", "--country", "gb", "--currency", "GBP")

    said = tideover("import", "spreadsheet", tmp_path / "loans.csv", "--out", tmp_path / "book", *told)

    assert said.code == 0, said.err
    assert "currency: GBP (given)" in said.out
    assert "country: GB (given)" in said.out
    assert "known_on: 2026-04-01" in (tmp_path / "book" / "columns.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--known-on", "April", "'April' is not a day"),
        ("--country", "UKK", "There is no country 'UKK'"),
        ("--currency", "EURO", "Did you mean 'EUR'?"),
    ],
)
def test_what_is_said_of_a_spreadsheet_must_exist(tideover, tmp_path, option, value, message):
    (tmp_path / "loans.csv").write_text(SHEET)

    said = tideover(
        "import", "spreadsheet", tmp_path / "loans.csv", "--out", tmp_path / "book", option, value
    )

    assert said.code == 2
    assert message in said.err


def test_confirmed_columns_and_other_sources_say_these_things_themselves(tideover, tmp_path):
    (tmp_path / "loans.csv").write_text(SHEET)
    files = (tmp_path / "loans.csv", "--out", tmp_path / "book", "--currency", "GBP")

    confirmed = tideover("import", "spreadsheet", *files, "--mapping", tmp_path / "columns.yaml")
    source = tideover("import", "uci_credit_default", *files)

    assert (confirmed.code, source.code) == (2, 2)
    assert "columns.yaml; change them there" in confirmed.err
    assert "go with `tideover import spreadsheet`" in source.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--from", "2026-11-20", "--to", "2026-11-10"), "before it begins"),
        (("--from", "soon", "--to", "2026-11-10"), "'soon' is not a moment"),
        (("--from", "2026-11-01", "--to", "2026-11-02", "--sample", "7"), "A sample is a share"),
        (("--from", "2026-11-01", "--to", "2026-11-02", "--against", "nope"), "There is no strategy 'nope'"),
        (("--from", "2026-11-01", "--to", "2026-11-02", "--against", "everyday"), "compared with itself"),
    ],
)
def test_a_trial_that_cannot_be_made_is_refused(tideover, made, tmp_path, words, message):
    said = tideover("simulate", "--book", made, "--strategy", "everyday", *words, "--out", tmp_path / "trial")

    assert said.code == 2
    assert message in said.err


def test_two_strategies_whose_folders_are_named_alike_are_told_apart(tideover, made, tmp_path):
    for place in ("today", "next"):
        copytree(SHIPPED / "strategies" / "everyday", tmp_path / place / "mine")

    said = tideover(
        "simulate", "--book", made, "--strategy", tmp_path / "next" / "mine", "--against", tmp_path / "today" / "mine",
        "--from", "2026-11-01", "--to", "2026-11-02", "--out", tmp_path / "trial",
    )  # fmt: skip

    assert said.code == 0
    assert {it.name for it in (tmp_path / "trial").iterdir() if it.is_dir()} == {"next-mine", "today-mine"}


def test_calls_are_given_as_team_and_number(tideover, made, tmp_path):
    said = tideover(
        "tables", "--book", made, "--at", "2026-11-20", "--out", tmp_path / "t", "--calls", "forty"
    )

    assert said.code == 2
    assert "TEAM=NUMBER" in said.err


def test_the_demo_plays_a_day_to_people_who_do_not_exist(tmp_path):
    command = [
        sys.executable,
        "-m",
        "tideover",
        "demo",
        "--borrowers",
        "60",
        "--no-serve",
        "--out",
        tmp_path / "demo",
    ]

    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "demo" / "today" / "report.html").is_file()
    assert "accepted" in done.stdout
