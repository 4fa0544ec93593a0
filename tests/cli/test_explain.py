"""tideover explain: one decision in words, for whoever reads it."""

import re
from functools import cache

import polars as pl
import pytest

from tests.cli.running import raw_folder

AT = "2026-11-20"
SCRIPT = {
    "en": r"[a-z]",
    "bn": r"[\u0980-\u09ff]",
    "lv": r"[āēīšž]",
    "vi": r"[ạảấếệộơư]",
    "fa": r"[\u0600-\u06ff]",
}


@pytest.fixture
def explain(tideover, made):
    """Explain somebody of the made-up book."""
    return lambda *words: tideover("explain", "--book", made, "--at", AT, *words)


@cache
def _people(made) -> list[str]:
    return pl.read_parquet(made / "current" / "borrowers.parquet")["borrower_id"].sort().to_list()


@pytest.mark.parametrize("language", SCRIPT)
def test_a_borrower_reads_it_in_the_language_asked_for_and_without_codes(explain, made, language):
    said = explain("--borrower", _people(made)[0], "--for", "borrower", "--language", language)

    assert said.code == 0
    assert re.search(SCRIPT[language], said.out)
    assert not re.search(r"\[[a-z_]+\]|[0-9a-f]{12}", said.out)


def test_staff_read_the_codes_and_what_it_rests_on(explain, made):
    said = explain("--borrower", _people(made)[0], "--for", "staff", "--language", "en")

    assert said.code == 0
    assert re.search(r"\[[a-z_]+\]", said.out)
    assert re.search(r"Strategy: [0-9a-f]{12}", said.out)


def test_who_is_not_in_the_book_is_said_to_be_unknown(explain):
    said = explain("--borrower", "nobody-here")

    assert said.code == 2
    assert "'nobody-here'" in said.err


def test_a_language_without_words_falls_back_or_is_refused_in_words(explain, made):
    said = explain("--borrower", _people(made)[0], "--for", "borrower", "--language", "tlh")

    assert said.code in {0, 2}
    assert said.out or "tlh" in said.err


@pytest.mark.parametrize("missing", ["--borrower", "--at", "--book"])
def test_what_was_left_out_is_named(tideover, made, missing):
    words = {"--borrower": "x", "--at": AT, "--book": str(made)}
    words.pop(missing)

    said = tideover("explain", *(word for pair in words.items() for word in pair))

    assert said.code == 2
    assert missing in said.err


def test_plain_files_are_explained_like_a_book_whatever_the_script_of_a_key(tideover, tmp_path):
    key = "نسرین =cmd|calc <b>x</b>\nসারি"
    book = raw_folder(tmp_path / "book", [key])

    said = tideover(
        "explain", "--book", book, "--borrower", key, "--at", AT, "--for", "staff", "--language", "en"
    )

    assert said.code == 0
    assert "£100.00" in said.out


def test_a_person_with_very_many_loans_is_told_of_in_a_page(tideover, tmp_path):
    book = raw_folder(tmp_path / "book", ["many"], loans_each=2_000)

    said = tideover("explain", "--book", book, "--borrower", "many", "--at", AT, "--for", "staff")

    assert said.code == 0
    assert len(said.out) < 10_000
    assert "1,995 more" in said.out
