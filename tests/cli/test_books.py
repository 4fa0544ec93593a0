"""Books that are not whole: refused in words, with what to do, and exit code 2."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.cli.running import replace_in

AT = "2026-11-20"


@pytest.fixture
def decide(tideover, tmp_path):
    """Decide a book somewhere new."""
    return lambda book: tideover("decide", "--book", book, "--at", AT, "--out", tmp_path / "today")


def _headings_only(folder):
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")


SPOILT_FILES = {
    "no such book": (shutil.rmtree, "There is no book"),
    "nothing in the folder": (lambda raw: [it.unlink() for it in raw.iterdir()], "no borrowers, no loans"),
    "a required table is missing": (lambda raw: (raw / "instalments.csv").unlink(), "no instalments or standings"),
    "nobody in it": (_headings_only, "it has no borrowers"),
    "an empty file": (lambda raw: (raw / "loans.csv").write_text(""), "loans.csv cannot be read"),
    "bytes that are no text": (lambda raw: (raw / "loans.csv").write_bytes(bytes(range(256)) * 9), "loans"),
    "half a Parquet file": (
        lambda raw: ((raw / "loans.csv").unlink(), (raw / "loans.parquet").write_bytes(b"PAR1" + bytes(99))),
        "loans.parquet cannot be read",
    ),
    "a column under another name": (
        lambda raw: replace_in(raw / "instalments.csv", "due_on", "due"), "instalments.due_on is missing",
    ),
    "no moment at which a row was known": (
        lambda raw: replace_in(raw / "loans.csv", "recorded_at", "written"), "recorded_at says when",
    ),
    "a currency that nobody has": (lambda raw: replace_in(raw / "loans.csv", "GBP", "ZZZ"), "unknown_currency"),
    "a day written in another way": (
        lambda raw: replace_in(raw / "instalments.csv", "2026-11-10", "10.11.2026"), "10.11.2026",
    ),
    "an amount in words": (lambda raw: replace_in(raw / "instalments.csv", "10000", "ten"), "'ten'"),
    "instalments of loans that are not there": (
        lambda raw: replace_in(raw / "instalments.csv", "L0-0", "gone"), "'gone'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT_FILES)
def test_plain_files_that_are_not_whole_are_refused_with_what_to_mend(decide, raw, what):
    spoil, message = SPOILT_FILES[what]
    spoil(raw)

    said = decide(raw)

    assert said.code == 2
    assert message in said.err
    assert "what to do:" in said.err


SPOILT_BOOKS = {
    "half a file": lambda book: _cut(book / "current" / "loans.parquet", 500),
    "a file is gone": lambda book: (book / "current" / "loans.parquet").unlink(),
    "zeros in a file": lambda book: _zeros(book / "current" / "loans.parquet"),
    "a damaged stamp": lambda book: (book / "book.yaml").write_text("nonsense: ["),
    "a format of tomorrow": lambda book: replace_in(book / "book.yaml", "format: 1", "format: 99"),
    "a damaged report of the import": lambda book: (book / "quality.json").write_text("{"),
}


def _cut(path, size):
    path.write_bytes(path.read_bytes()[:size])


def _zeros(path):
    data = bytearray(path.read_bytes())
    data[-300:-150] = bytes(150)
    path.write_bytes(data)


@pytest.mark.parametrize("what", SPOILT_BOOKS)
def test_a_damaged_book_is_refused_with_what_to_mend(decide, own_book, what):
    SPOILT_BOOKS[what](own_book)

    said = decide(own_book)

    assert said.code == 2
    assert "again" in said.err


def test_a_value_read_as_unknown_is_said(decide, raw):
    replace_in(raw / "borrowers.csv", "Europe/London", "Mars/Base")

    said = decide(raw)

    assert said.code == 0
    assert "unknown_timezone" in said.err


def test_the_rows_that_were_set_aside_can_be_looked_at(tmp_path, raw):
    replace_in(raw / "loans.csv", "GBP", "ZZZ")
    words = ["decide", "--book", raw, "--at", AT, "--out", tmp_path / "today"]

    said = subprocess.run(
        [sys.executable, "-m", "tideover", *words],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    ).stderr

    place = said.split("the rows lie in ")[1].split(" with a reason")[0]
    assert pl.read_parquet(Path(place) / "loans.parquet")["currency"].to_list() == ["ZZZ", "ZZZ"]


def test_without_news_of_payments_nobody_is_asked_to_pay_and_it_is_said(decide, raw, tmp_path):
    (raw / "feeds.csv").unlink()

    said = decide(raw)

    rows = pl.read_parquet(tmp_path / "today" / "decisions" / "*.parquet")
    assert set(rows["treatment"]) == {"none"}
    assert set(rows["blocked_by"]) == {"feed_stale"}
    assert "feeds" in said.err
