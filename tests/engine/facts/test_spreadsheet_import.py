"""A lender with a spreadsheet drops the file in: a book comes out, and every bad cell is named."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.engine.facts import spreadsheets as given
from tests.engine.facts.mapping_given import day, moment, table
from tests.engine.facts.spreadsheets import Cells, workbook
from tideover.engine.facts import open_book
from tideover.engine.facts.mapping import FilesRefused
from tideover.engine.facts.spreadsheet import (
    ColumnsUnsure,
    SpreadsheetImport,
    guess_columns,
    import_guided,
    import_spreadsheet,
)

APRIL = date(2026, 4, 1)


def imported(
    folder: Path, cells: Cells, *, at: str = "A1", known_on: date = APRIL, **more: Cells
) -> SpreadsheetImport:
    folder.mkdir(exist_ok=True)
    path = workbook(folder / "sheet.xlsx", at=at, Loans=cells, **more)
    return import_spreadsheet(path, guess_columns(path).confirmed, folder / "book", known_on=known_on)


def test_a_sheet_of_instalments_becomes_a_book_that_can_be_replayed(tmp_path: Path) -> None:
    (tmp_path / "loans.csv").write_text(given.BY_INSTALMENT)

    told = import_guided([tmp_path / "loans.csv"], tmp_path / "book", known_on=APRIL)

    assert "loans H 'amount due': due_amount (100%" in told
    assert "currency: EUR (it is the currency of LV)" in told
    now = table(tmp_path, "instalments")
    assert now["paid"].to_list() == [10_500, 0, 4_000]
    assert now["settled_on"].to_list() == [day("2026-02-09"), None, None]
    assert table(tmp_path, "instalments", at="2026-02-09T12:00")["paid"].to_list() == [0, 0, 0]
    assert table(tmp_path, "instalments", at="2026-02-10T12:00")["paid"].to_list() == [10_500, 0, 0]
    assert table(tmp_path, "feeds")["fresh_until"].to_list() == [moment("2026-04-01T20:59:59")]


def test_terms_become_a_schedule_and_what_was_paid_reaches_the_oldest_parts(tmp_path: Path) -> None:
    imported(tmp_path, given.TERMS)

    anna = table(tmp_path, "instalments").filter(loan_id="A-1")
    assert (anna["principal"] + anna["interest"]).to_list() == [10_500] * 6
    assert anna["principal"].sum() == 60_000
    assert anna["paid"].to_list() == [10_500, 10_500, 0, 0, 0, 0]
    # Only the sum is known: what is paid counts as paid on its day, and is no sign of a late habit.
    assert anna["settled_on"].to_list()[:2] == anna["due_on"].to_list()[:2]
    assert table(tmp_path, "loans")["frequency"].unique().to_list() == ["monthly"]


def test_an_amount_typed_another_way_is_told_by_its_cell(tmp_path: Path) -> None:
    done = imported(tmp_path, given.TERMS, at="C5")

    (problem,) = done.problems
    assert (problem.sheet, problem.cell) == ("Loans", "F8")
    assert str(problem).startswith(
        "Sheet 'Loans', cell F8: '2.400,00' is not an amount; expected an amount like 1234.50, with no more than"
    )
    assert table(tmp_path, "loans")["loan_id"].to_list() == ["A-1", "A-2"]
    assert [(one.rows, one.used, one.set_aside) for one in done.summary.files] == [(3, 2, 1)]


def test_a_day_that_does_not_exist_is_told_by_its_cell(tmp_path: Path) -> None:
    done = imported(tmp_path, given.BENGALI)

    told = [str(one) for one in done.problems]
    assert told[0] == "Sheet 'Loans', cell F5: '31/02/2026' is not a date; expected dd/mm/yyyy"
    assert told[1].startswith(
        "Sheet 'Loans', cell C6: '12' is too long or too short for a phone number in BD."
    )


def test_weekly_and_monthly_loans_stand_in_one_sheet(tmp_path: Path) -> None:
    imported(tmp_path, given.BENGALI)

    parts = table(tmp_path, "instalments")
    weekly = parts.filter(loan_id="ঋ-১")
    assert weekly["due_on"].to_list()[:2] == [day("2026-01-12"), day("2026-01-19")]
    assert weekly["paid"].to_list()[9:11] == [29_000, 0]
    monthly = parts.filter(loan_id="ঋ-৩")
    assert monthly["due_on"].to_list()[:2] == [day("2026-03-02"), day("2026-04-02")]


def test_persian_days_digits_and_tomans_are_read(tmp_path: Path) -> None:
    imported(tmp_path, given.PERSIAN)

    loans = table(tmp_path, "loans")
    assert loans["principal"].to_list() == [1_200_000, 600_000], "in rials"
    parts = table(tmp_path, "instalments").filter(loan_id="و-۱")
    assert parts["due_on"][0] == day("2026-02-20")
    assert parts["paid"].sum() == 100_000, "what is no longer owed was paid"


def test_a_sheet_that_only_knows_what_is_late_becomes_standings(tmp_path: Path) -> None:
    rows = [[*row[:5], None, None, *row[7:]] for row in given.VIETNAMESE]

    imported(tmp_path, rows)

    standings = table(tmp_path, "standings")
    assert standings["days_late_from"].to_list() == [0, 9]
    assert standings["overdue"].to_list() == [0, 1_100_000]


def test_payments_of_their_own_sheet_are_known_on_their_days(tmp_path: Path) -> None:
    terms = [[*row[:7], *row[8:]] for row in given.TERMS]

    done = imported(tmp_path, terms, Payments=given.PAYMENTS)

    assert table(tmp_path, "instalments", at="2026-02-09T20:00")["paid"].sum() == 0, "a day without an hour"
    assert table(tmp_path, "instalments", at="2026-02-10")["paid"].sum() == 10_500
    settled = table(tmp_path, "instalments").filter(loan_id="A-1")["settled_on"].to_list()
    assert settled[:3] == [day("2026-02-09"), day("2026-03-20"), None]
    assert [one.because for one in done.summary.set_aside if one.frame == "payments"] == [
        "a payment of a loan that is not in the sheet of loans"
    ]


def test_two_people_with_one_telephone_share_its_address(tmp_path: Path) -> None:
    terms = [
        *given.TERMS[:3],
        ["Carl Kalns", "+371 20000001", "A-3", 240, date(2026, 1, 1), 12, 22, 50.5, None],
    ]

    imported(tmp_path, terms)

    points = table(tmp_path, "contact_points").filter(channel="sms")
    assert points["person_id"].n_unique() == 3
    assert points["address_id"].n_unique() == 2
    assert not any("2000000" in one for one in points["address_id"])


def test_names_and_numbers_lie_beside_the_book_for_todays_list(tmp_path: Path) -> None:
    imported(tmp_path, given.BENGALI)

    people = pl.read_parquet(tmp_path / "book" / "people.parquet")
    assert people.row(0) == ("১০১", "রহিমা", "01712345678", None)


def test_a_finished_loan_is_closed_and_owes_nothing(tmp_path: Path) -> None:
    cells = [
        [*row, extra] for row, extra in zip(given.TERMS[:3], ["Status", "Paid off", "running"], strict=True)
    ]

    imported(tmp_path, cells)

    assert table(tmp_path, "loans")["closed_on"].to_list() == [day("2026-04-01"), None]
    anna = table(tmp_path, "instalments").filter(loan_id="A-1")
    assert anna["paid"].sum() == 63_000


def test_without_a_day_the_sheet_is_as_old_as_its_file(tmp_path: Path) -> None:
    path = tmp_path / "loans.csv"
    path.write_text(given.BY_INSTALMENT)
    saved = datetime(2026, 3, 15, 12, tzinfo=UTC).timestamp()
    os.utime(path, (saved, saved))

    import_guided([path], tmp_path / "book")

    assert table(tmp_path, "feeds")["fresh_until"].to_list() == [moment("2026-03-15T21:59:59")]


def test_an_unsure_guess_is_written_down_for_the_person_and_nothing_is_imported(tmp_path: Path) -> None:
    path = workbook(tmp_path / "loans.xlsx", Loans=given.TERMS)

    with pytest.raises(ColumnsUnsure) as refused:
        import_guided([path], tmp_path / "book")

    kept = tmp_path / "book.columns.yaml"
    assert f"--mapping {kept}" in str(refused.value)
    assert "column D 'Loan amount (EUR)'" in str(refused.value)
    assert not (tmp_path / "book").exists()
    told = import_guided([path], tmp_path / "book", kept, known_on=APRIL)
    assert "Cells to mend:" in told


@pytest.mark.parametrize(
    ("drop", "says"),
    [
        ({5}, "does not tell what falls due"),
        ({7}, "does not tell what was paid"),
    ],
)
def test_a_sheet_that_tells_too_little_says_what_it_lacks(tmp_path: Path, drop: set[int], says: str) -> None:
    cells = [[cell for place, cell in enumerate(row) if place not in drop] for row in given.TERMS]

    with pytest.raises(FilesRefused, match=says):
        imported(tmp_path, cells)


def test_a_sheet_that_changed_since_it_was_confirmed_is_refused(tmp_path: Path) -> None:
    old = guess_columns(workbook(tmp_path / "loans.xlsx", Loans=given.TERMS)).confirmed
    swapped = [[row[0], row[2], row[1], *row[3:]] for row in given.TERMS]
    path = workbook(tmp_path / "loans.xlsx", Loans=swapped)

    with pytest.raises(FilesRefused) as refused:
        import_spreadsheet(path, old, tmp_path / "book", known_on=APRIL)

    assert (
        "Sheet 'Loans', cell B1: the heading is 'Loan no.', and the confirmed columns expect 'Mobile'."
        in str(refused.value)
    )


def test_only_what_the_sheet_has_no_column_for_is_assumed(tmp_path: Path) -> None:
    (tmp_path / "loans.csv").write_text(given.BY_INSTALMENT)
    import_guided([tmp_path / "loans.csv"], tmp_path / "book", known_on=APRIL)
    imported(tmp_path / "other", given.BENGALI)

    assert set(open_book(tmp_path / "book").assumes) == {"channel", "consent", "timezone"}
    assert set(open_book(tmp_path / "other" / "book").assumes) == {
        "consent",
        "timezone",
        "language",
        "country",
    }


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    (tmp_path / "loans.csv").write_text(given.BY_INSTALMENT.replace("B18", "=1+1"))

    import_guided([tmp_path / "loans.csv"], tmp_path / "book", known_on=APRIL)

    assert "=1+1" in table(tmp_path, "borrowers")["borrower_id"].to_list()
