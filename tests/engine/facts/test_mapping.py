"""A lender describes its files once, in YAML, and gets a book."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

from tests.engine.facts.mapping_given import HEAD, LOANS, MAPPING, day, import_small, table
from tideover.engine.facts.mapping import FilesRefused, mapping_path, source_names


def test_a_file_and_a_mapping_become_a_book(tmp_path: Path) -> None:
    summary = import_small(tmp_path)

    loans = table(tmp_path, "loans")
    assert loans["loan_id"].to_list() == ["L1", "L2"]
    assert loans["principal"].to_list() == [10_000, 5_050]
    assert loans["currency"].unique().to_list() == ["EUR"]
    assert summary.tables["loans"].kept == 2


def test_instalments_fall_due_month_by_month_and_add_up(tmp_path: Path) -> None:
    import_small(tmp_path)

    parts = table(tmp_path, "instalments")
    assert parts["due_on"].to_list() == [
        day("2026-02-05"),
        day("2026-03-05"),
        day("2026-02-28"),  # lent on 31 January: no such day in February
        day("2026-03-28"),
    ]
    assert parts["principal"].to_list() == [5_000, 5_000, 2_525, 2_525]


def test_local_days_are_those_of_the_lender(tmp_path: Path) -> None:
    import_small(tmp_path)

    raw = pl.read_parquet(tmp_path / "book" / "current" / "loans.parquet")
    assert str(raw["recorded_at"].min()) == "2026-01-04 22:00:00+00:00"


def test_rows_that_cannot_be_read_are_set_aside_with_the_reason(tmp_path: Path) -> None:
    bad = LOANS + "carl,L3,31/02/2026,9.99\ndina,L4,2026-01-09,12.345\n,L5,2026-01-09,1\n"

    summary = import_small(tmp_path, files={"lent.csv": bad})

    assert [(one.name, one.rows, one.used, one.set_aside) for one in summary.files] == [("lent", 5, 2, 3)]
    assert sorted(one.because for one in summary.set_aside) == [
        (
            "amount '12.345' is not an amount; expected an amount like 1234.50, "
            "with no more than the decimals of EUR"
        ),
        "lent '31/02/2026' is not a date; expected yyyy-mm-dd",
        "who is empty",
    ]
    kept = pl.read_parquet(tmp_path / "book" / "set_aside" / "sources" / "*.parquet")
    assert sorted(kept["__row"].to_list()) == [4, 5, 6]


def test_the_summary_is_kept_beside_the_book(tmp_path: Path) -> None:
    summary = import_small(tmp_path)

    kept = json.loads((tmp_path / "book" / "import.json").read_text())
    assert kept["tables"]["loans"] == {"rows": 2, "kept": 2, "set_aside": 0}
    assert kept["stands_in"]["loans"] == ["start_of(lent_on): the money left then"]
    assert "lent: 2 rows read, 0 set aside" in summary.lines()


def test_packed_files_and_other_encodings_are_read(tmp_path: Path) -> None:
    odd = MAPPING.replace("names: [lent.csv]", 'names: [lent.csv*]\n    encoding: cp1257\n    delimiter: ";"')
    text = LOANS.replace(",", ";").replace("anna", "Ņina")

    import_small(tmp_path, odd, {"lent.csv.gz": gzip.compress(text.encode("cp1257"))})  # type: ignore[dict-item]

    assert "Ņina" in table(tmp_path, "borrowers")["borrower_id"].to_list()


def test_texts_that_mean_nothing_are_nothing(tmp_path: Path) -> None:
    mapping = MAPPING.replace("names: [lent.csv]", "names: [lent.csv]\n    empty: [nan, '-']")

    summary = import_small(
        tmp_path, mapping, {"lent.csv": LOANS + "nan,L3,2026-01-05,1\n-,L4,2026-01-05,1\n"}
    )

    assert [one.because for one in summary.set_aside] == ["who is empty"]
    assert summary.set_aside[0].rows == 2


def test_a_missing_file_is_named_with_what_was_there(tmp_path: Path) -> None:
    with pytest.raises(FilesRefused) as refused:
        import_small(tmp_path, files={"lend.csv": LOANS})

    assert str(refused.value) == (
        "The file lent.csv is missing. Did you mean 'lend.csv'? Looked through: lend.csv."
    )
    assert not (tmp_path / "book").exists()


def test_an_optional_file_may_be_missing(tmp_path: Path) -> None:
    more = MAPPING.replace(
        "frames:",
        "  more:\n    names: [more.csv]\n    optional: true\n    parse: {who: text}\nframes:",
    )

    summary = import_small(tmp_path, more)

    assert {one.name: one.rows for one in summary.files} == {"lent": 2, "more": 0}


def test_an_unknown_source_is_refused_with_the_known_ones() -> None:
    with pytest.raises(FilesRefused, match="Did you mean 'superlender_ng'"):
        mapping_path("superlender")

    assert "berka_pkdd99" in source_names()


def test_a_constant_can_be_given_with_the_import(tmp_path: Path) -> None:
    known = HEAD + "constants:\n  seen_on: {value: 2026-03-01, because: the file has no date}\n"
    mapping = MAPPING.replace(HEAD, known).replace("start_of(lent_on)", "start_of(seen_on)")

    import_small(tmp_path, mapping, seen_on="2026-04-01")

    raw = pl.read_parquet(tmp_path / "book" / "current" / "loans.parquet")
    assert str(raw["recorded_at"].max()) == "2026-03-31 21:00:00+00:00"


def test_what_lies_beside_the_book_is_no_table_of_it(tmp_path: Path) -> None:
    mapping = MAPPING + "beside:\n  ends: {from: lent, columns: {loan_id: loan}}\n"

    summary = import_small(tmp_path, mapping)

    assert summary.beside == {"ends": 2}
    assert pl.read_parquet(tmp_path / "book" / "ends.parquet")["loan_id"].to_list() == ["L1", "L2"]
