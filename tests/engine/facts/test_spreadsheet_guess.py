"""Which column holds what is guessed, said with a reason, and left to the person to correct."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.engine.facts import spreadsheets as given
from tests.engine.facts.spreadsheets import Cells, workbook
from tideover.engine.facts.mapping import FilesRefused, MappingRefused
from tideover.engine.facts.spreadsheet import guess_columns, read_confirmed


def fields(path: Path, **said: str) -> dict[str, str]:
    guess = guess_columns(path, **said)  # type: ignore[arg-type]
    return {one.field: one.letter for one in guess.columns if one.field}


def test_english_headings_are_understood_with_their_reasons(tmp_path: Path) -> None:
    guess = guess_columns(workbook(tmp_path / "loans.xlsx", Loans=given.TERMS))

    assert {one.field: one.letter for one in guess.columns} == {
        "name": "A", "phone": "B", "loan_id": "C", "principal": "D", "disbursed_on": "E", "count": "F",
        "instalment": "G", "paid": "H", "": "I",
    }  # fmt: skip
    by_field = {one.field: one for one in guess.columns}
    assert by_field["phone"].because == "its heading says 'mobile'; 3 of 3 values fit"
    assert by_field[""].because == "no heading or values we know"
    assert guess.unsure == ("column D 'Loan amount (EUR)'",), "one of three amounts does not fit"
    assert (guess.confirmed.currency, guess.confirmed.country, guess.confirmed.timezone) == (
        "EUR",
        "LV",
        "Europe/Riga",
    )


@pytest.mark.parametrize(
    ("cells", "expected", "home"),
    [
        (
            given.BENGALI,
            "person_id name phone loan_id principal disbursed_on count instalment frequency paid",
            ("BDT", "BD", "bn", "Asia/Dhaka"),
        ),
        (
            given.PERSIAN,
            "person_id name loan_id principal first_due_on count balance",
            ("IRR", "IR", "fa", "Asia/Tehran"),
        ),
        (
            given.VIETNAMESE,
            "person_id name phone loan_id principal disbursed_on count overdue balance days_late",
            ("VND", "VN", "vi", "Asia/Ho_Chi_Minh"),
        ),
        (
            given.LATVIAN,
            "name email loan_id principal disbursed_on count paid",
            ("EUR", "LV", "lv", "Europe/Riga"),
        ),
    ],
)
def test_headings_in_other_languages_are_understood(
    tmp_path: Path, cells: Cells, expected: str, home: tuple[str, ...]
) -> None:
    guess = guess_columns(workbook(tmp_path / "loans.xlsx", at="B2", Sheet=cells))

    assert [one.field for one in guess.columns if one.field] == expected.split()
    said = guess.confirmed
    assert (said.currency, said.country, said.language, said.timezone) == home


def test_how_values_are_written_is_seen(tmp_path: Path) -> None:
    latvian = guess_columns(workbook(tmp_path / "lv.xlsx", S=given.LATVIAN)).confirmed.loans.columns
    persian = guess_columns(workbook(tmp_path / "fa.xlsx", S=given.PERSIAN)).confirmed.loans.columns

    assert (latvian["principal"].decimal, latvian["principal"].thousands) == (",", " ")
    assert latvian["disbursed_on"].format[0] == "%d.%m.%Y."
    assert persian["first_due_on"].format[0] == "jalali"
    assert persian["principal"].times == 10, "a toman is ten rials"


@pytest.mark.parametrize(
    ("texts", "form"), [(["03/04/2026", "25/04/2026"], "%d/%m/%Y"), (["04/25/2026"], "%m/%d/%Y")]
)
def test_the_order_of_day_and_month_is_seen_in_the_values(
    tmp_path: Path, texts: list[str], form: str
) -> None:
    cells = [["Loan", "Due date", "Amount due", "Paid"], *[["L", text, 10, 0] for text in texts]]

    guess = guess_columns(workbook(tmp_path / "l.xlsx", S=cells), currency="EUR")

    assert guess.confirmed.loans.columns["due_on"].format[0] == form
    assert guess.unsure == ()


def test_an_order_that_cannot_be_seen_is_left_to_the_person(tmp_path: Path) -> None:
    cells = [["Loan", "Due date", "Amount due", "Paid"], ["L", "03/04/2026", 10, 0]]
    path = workbook(tmp_path / "l.xlsx", S=cells)

    usual, american = guess_columns(path, currency="EUR"), guess_columns(path, currency="USD", country="US")

    assert usual.confirmed.loans.columns["due_on"].format[0] == "%d/%m/%Y"
    assert american.confirmed.loans.columns["due_on"].format[0] == "%m/%d/%Y"
    assert usual.unsure or "other way round" in "\n".join(usual.lines())


def test_a_currency_that_nothing_names_must_be_said(tmp_path: Path) -> None:
    cells = [["Loan", "Due date", "Amount due", "Paid"], ["L", date(2026, 4, 3), 10, 0]]

    guess = guess_columns(workbook(tmp_path / "l.xlsx", S=cells))

    assert guess.unsure == ("which currency the amounts are in",)
    with pytest.raises(MappingRefused, match=r"c\.yaml:5: say which currency"):
        read_confirmed(guess.save(tmp_path / "c.yaml"))


def test_a_heading_that_lies_about_its_values_is_not_believed(tmp_path: Path) -> None:
    cells = [["Loan", "Due date", "Amount due", "Phone"], ["L", "soon", 10, "yes"], ["M", "later", 20, "no"]]

    found = fields(workbook(tmp_path / "l.xlsx", S=cells))

    assert "due_on" not in found
    assert "phone" not in found


def test_addresses_are_known_by_their_looks(tmp_path: Path) -> None:
    cells = [
        ["Loan", "Kontakt", "Reach"],
        ["L", "+371 20000001", "a@example.org"],
        ["M", "+371 20000002", "b@example.org"],
    ]

    found = fields(workbook(tmp_path / "l.xlsx", S=cells))

    assert (found["phone"], found["email"]) == ("B", "C")


def test_a_sheet_of_payments_is_found_beside_the_loans(tmp_path: Path) -> None:
    path = workbook(tmp_path / "two.xlsx", Payments=given.PAYMENTS, Loans=given.TERMS)

    payments = guess_columns(path).confirmed.payments

    assert payments is not None
    assert (payments.sheet, {field: one.column for field, one in payments.columns.items()}) == (
        "Payments",
        {"loan_id": "A", "paid_on": "B", "paid": "C"},
    )


def test_where_each_loan_has_its_terms_the_next_due_day_adds_nothing(tmp_path: Path) -> None:
    head = ["Loan", "Loan amount", "Disbursed", "Term", "Paid", "Next due date", "Amount due"]
    one_each = [
        head,
        ["L", 600, date(2026, 1, 1), 6, 0, date(2026, 2, 1), 105],
        ["M", 600, date(2026, 1, 1), 6, 0, date(2026, 2, 1), 105],
    ]
    many = [head, *[["L", 600, date(2026, 1, 1), 6, 0, date(2026, month, 1), 105] for month in (2, 3)]]

    terms = guess_columns(workbook(tmp_path / "a.xlsx", S=one_each), currency="EUR").confirmed.loans.columns
    rows = guess_columns(workbook(tmp_path / "b.xlsx", S=many), currency="EUR").confirmed.loans.columns

    assert not {"due_on", "due_amount"} & terms.keys()
    assert {"due_on", "due_amount"} <= rows.keys()


def test_a_file_without_loans_says_what_was_looked_at(tmp_path: Path) -> None:
    path = workbook(tmp_path / "menu.xlsx", Menu=[["Soup", "Price"], ["Borscht", 3]])

    with pytest.raises(FilesRefused) as refused:
        guess_columns(path)

    assert "sheet 'Menu' row 1: Soup, Price" in str(refused.value)


@pytest.mark.parametrize("content", [b"not a workbook", b""])
def test_a_file_that_is_no_spreadsheet_is_refused_plainly(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "loans.xlsx").write_bytes(content)

    with pytest.raises(FilesRefused, match="cannot be read as a spreadsheet"):
        guess_columns(tmp_path / "loans.xlsx")


def test_a_guess_is_kept_and_read_back_as_it_was(tmp_path: Path) -> None:
    guess = guess_columns(workbook(tmp_path / "loans.xlsx", Loans=given.TERMS))

    confirmed = read_confirmed(guess.save(tmp_path / "columns.yaml"))

    assert confirmed.loans.columns.keys() == guess.confirmed.loans.columns.keys()
    assert confirmed.loans.columns["principal"].decimal == guess.confirmed.loans.columns["principal"].decimal


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        ("currency: EUR", "curency: EUR", "Did you mean 'currency'?"),
        (
            "    principal:",
            "    principel:",
            "'principel' is nothing a column can hold. Did you mean 'principal'?",
        ),
        ("column: C", "column: 3", "column"),
        ("loans:", "loans: [", "This is not valid YAML"),
    ],
)
def test_a_mistake_in_the_confirmed_columns_is_told_with_its_line(
    tmp_path: Path, good: str, bad: str, says: str
) -> None:
    path = guess_columns(workbook(tmp_path / "loans.xlsx", Loans=given.TERMS)).save(tmp_path / "columns.yaml")
    path.write_text(path.read_text().replace(good, bad, 1))

    with pytest.raises(MappingRefused) as refused:
        read_confirmed(path)

    assert says in str(refused.value)


def test_what_the_person_corrects_is_what_counts(tmp_path: Path) -> None:
    path = guess_columns(workbook(tmp_path / "loans.xlsx", Loans=given.TERMS)).save(tmp_path / "columns.yaml")
    said = yaml.safe_load(path.read_text())
    said["loans"]["columns"]["product"] = {"column": "I", "heading": "Remarks"}
    path.write_text(yaml.safe_dump(said))

    assert read_confirmed(path).loans.columns["product"].column == "I"
