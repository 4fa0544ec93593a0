"""A core banking system answers in nested JSON; its records become rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine.facts.mapping_given import day, table
from tideover.engine.facts.mapping import FilesRefused, import_source
from tideover.engine.facts.mapping._model import Records
from tideover.engine.facts.mapping._records import _loads, rows_in

USD = {"code": "USD"}
CLIENTS = {
    "totalFilteredRecords": 2,
    "pageItems": [
        {"id": 1, "displayName": "A", "officeId": 1, "officeName": "North", "activationDate": [2026, 1, 2],
         "status": {"code": "clientStatusType.active"}, "mobileNo": "+15550100"},
        {"id": 2, "displayName": "B", "officeId": 1, "status": {"code": "clientStatusType.pending"}},
    ],
}  # fmt: skip
LOAN = {
    "id": 7,
    "clientId": 1,
    "currency": USD,
    "principal": 200,
    "annualInterestRate": 24,
    "numberOfRepayments": 2,
    "repaymentEvery": 1,
    "repaymentFrequencyType": {"value": "Months"},
    "timeline": {"actualDisbursementDate": [2026, 1, 10]},
    "summary": {"totalOverdue": 52.5, "overdueSinceDate": [2026, 3, 10], "totalOutstanding": 52.5},
    "repaymentSchedule": {
        "currency": USD,
        "periods": [
            {"dueDate": [2026, 1, 10], "principalLoanBalanceOutstanding": 200},
            {"period": 1, "dueDate": [2026, 2, 10], "principalDue": 99.01, "interestDue": 4, "penaltyChargesDue": 0.1,
             "totalPaidForPeriod": 103.11, "obligationsMetOnDate": [2026, 2, 12]},
            {"period": 2, "dueDate": [2026, 3, 10], "principalDue": 100.99, "interestDue": 2.02,
             "totalPaidForPeriod": 50.51},
        ],
    },
    "transactions": [
        {"id": 1, "type": {"disbursement": True, "repayment": False}, "date": [2026, 1, 10], "amount": 200},
        {"id": 2, "type": {"repayment": True}, "date": [2026, 2, 12], "amount": 103.11,
         "manuallyReversed": False, "paymentDetailData": {"paymentType": {"name": "cash"}}},
    ],
}  # fmt: skip
GUARANTOR = [{"id": 3, "loanId": 7, "guarantorType": {"code": "guarantor.existing.customer"}, "entityId": 2}]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The answers of a core banking interface, saved one a line, imported."""
    answers = {"clients": [CLIENTS], "loans": [LOAN], "guarantors": [GUARANTOR]}
    source = tmp_path / "answers"
    source.mkdir()
    for name, records in answers.items():
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (source / f"{name}.jsonl").write_text(lines)
    given = {"exported_on": "2026-03-20"}
    import_source("fineract_api_examples", [source], tmp_path / "book", given=given)
    return tmp_path


def test_clients_loans_and_guarantors_find_each_other(book: Path) -> None:
    assert table(book, "borrowers")["borrower_id"].to_list() == ["1", "2"]
    loan = table(book, "loans").row(0, named=True)
    assert (loan["borrower_id"], loan["principal"], loan["annual_rate_ppm"]) == ("1", 20_000, 240_000)
    party = table(book, "parties").row(0, named=True)
    assert (party["person_id"], party["role"], party["may_be_told"]) == ("2", "guarantor", "nothing")


def test_the_schedule_is_the_systems_own_to_the_cent(book: Path) -> None:
    parts = table(book, "instalments")

    assert parts["number"].to_list() == [1, 2]
    assert parts["principal"].to_list() == [9_901, 10_099]
    assert parts["fees"].to_list() == [10, 0]
    assert parts["settled_on"].to_list() == [day("2026-02-12"), None]
    assert parts["paid"].to_list() == [10_311, 5_051]


def test_a_part_that_was_met_later_was_open_before(book: Path) -> None:
    assert table(book, "instalments", at="2026-02-11")["paid"].to_list() == [0, 0]
    assert table(book, "instalments", at="2026-02-13")["paid"].to_list() == [10_311, 0]


def test_only_repayments_are_payments(book: Path) -> None:
    payments = table(book, "payments")

    assert payments["payment_id"].to_list() == ["2"]
    assert payments["way"].to_list() == ["cash"]
    assert payments["reversed_at"].to_list() == [None]


def test_the_summary_is_a_standing_of_the_day_of_the_export(book: Path) -> None:
    standing = table(book, "standings").row(0, named=True)

    assert (standing["on"], standing["days_late_from"]) == (day("2026-03-20"), 10)
    assert (standing["overdue"], standing["balance"]) == (5_250, 5_250)


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "clients.jsonl").write_text('{"id": 1}\n{"id": ')
    (tmp_path / "loans.jsonl").write_text("")

    with pytest.raises(FilesRefused, match=r"clients.jsonl cannot be read as json_lines: line 2 is not JSON"):
        import_source("fineract_api_examples", [tmp_path], tmp_path / "book")


@pytest.mark.parametrize(
    ("records", "rows"),
    [
        ({"columns": {"a": "a.b"}}, [("1.10",)]),
        ({"columns": {"a": "list"}}, [("[2012, 5, 14]",)]),
        ({"columns": {"a": "list.0", "b": "nothing.at.all"}}, [("2012", None)]),
        ({"each": "rows", "columns": {"x": "x", "top": "^id"}}, [("1", "9"), ("true", "9")]),
        ({"at": ["nowhere", "a"], "columns": {"b": "b"}}, [("1.10",)]),
        ({"where": {"id": [8, 9]}, "columns": {"i": "id"}}, [("9",)]),
        ({"where": {"id": 8}, "columns": {"i": "id"}}, []),
        ({"has": ["zero"], "columns": {"i": "id"}}, []),
    ],
)
def test_paths_find_records_lists_and_values(
    records: dict[str, object], rows: list[tuple[str | None, ...]]
) -> None:
    record = {"id": "9", "a": {"b": "1.10"}, "list": ["2012", "5", "14"], "rows": [{"x": "1"}, {"x": True}]}

    assert list(rows_in(record, Records.model_validate(records))) == rows  # type: ignore[arg-type]


def test_amounts_are_never_floats_on_their_way() -> None:
    record = _loads('{"amount": 12345678901234567.10, "rate": 0.30}', "line 1")

    rows = rows_in(record, Records.model_validate({"columns": {"amount": "amount", "rate": "rate"}}))

    assert list(rows) == [("12345678901234567.10", "0.30")]
