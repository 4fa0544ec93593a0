"""Bad rows are set aside under a reason and counted; nothing is dropped in silence."""

from pathlib import Path

import pytest

from tests.engine.facts.given import (
    BORROWER,
    INSTALMENT,
    LOAN,
    NOON,
    PAYMENT,
    Row,
    at,
    book_of,
    kept,
    set_aside,
    written,
)
from tideover.engine.facts import TooManyBadRows, open_book

CONSENT: Row = {
    "person_id": "anna",
    "channel": "sms",
    "purpose_class": "reminder",
    "granted_at": "2026-01-01",
    "recorded_at": NOON,
}
HOLD: Row = {
    "hold_id": "h",
    "person_id": "anna",
    "kind": "hardship",
    "from_at": "2026-02-01",
    "recorded_at": NOON,
}
CONTACT: Row = {
    "contact_id": "c",
    "person_id": "anna",
    "channel": "sms",
    "send_at": "2026-02-01T10:00:00Z",
    "recorded_at": NOON,
}
CONVERSATION: Row = {"conversation_id": "v", "person_id": "anna", "at": "2026-02-01", "recorded_at": NOON}

BAD_ROWS: list[tuple[str, Row, str, str]] = [
    ("borrowers", {**BORROWER, "borrower_id": " "}, "missing_value", "borrower_id"),
    ("borrowers", {**BORROWER, "borrower_id": "b", "recorded_at": None}, "missing_value", "recorded_at"),
    (
        "borrowers",
        {**BORROWER, "borrower_id": "b", "recorded_at": "4 March"},
        "unreadable_value",
        "recorded_at",
    ),
    (
        "borrowers",
        {**BORROWER, "borrower_id": "b", "recorded_at": "1900-01-01"},
        "placeholder_date",
        "recorded_at",
    ),
    (
        "borrowers",
        {**BORROWER, "borrower_id": "b", "recorded_at": "2030-01-01"},
        "recorded_in_future",
        "recorded_at",
    ),
    ("loans", {**LOAN, "loan_id": "b", "borrower_id": "nobody"}, "orphan", "borrower_id"),
    ("loans", {**LOAN, "loan_id": "b", "currency": "DOLLARS"}, "unknown_currency", "currency"),
    ("loans", {**LOAN, "loan_id": "b", "currency": "XXX"}, "unknown_currency", "currency"),
    ("loans", {**LOAN, "loan_id": "b", "currency": None}, "missing_value", "currency"),
    ("loans", {**LOAN, "loan_id": "b", "principal": "-5"}, "negative_amount", "principal"),
    ("loans", {**LOAN, "loan_id": "b", "principal": "99999999999999999999"}, "unreadable_value", "principal"),
    ("loans", {**LOAN, "loan_id": "b", "principal": str(2**45)}, "amount_too_large", "principal"),
    ("loans", {**LOAN, "loan_id": "b", "closed_on": "2025-01-01"}, "dates_out_of_order", "closed_on"),
    ("loans", {**LOAN, "loan_id": "b", "closed_on": "1900-01-01"}, "placeholder_date", "closed_on"),
    ("instalments", {**INSTALMENT, "loan_id": "no such loan"}, "orphan", "loan_id"),
    ("instalments", {**INSTALMENT, "number": "9", "due_on": "2026-01-14"}, "due_before_disbursed", "due_on"),
    ("instalments", {**INSTALMENT, "number": "9", "due_on": "9999-12-31"}, "placeholder_date", "due_on"),
    ("instalments", {**INSTALMENT, "number": "9", "due_on": "15.02.2026"}, "unreadable_value", "due_on"),
    (
        "instalments",
        {**INSTALMENT, "number": "9", "settled_on": "2026-01-14"},
        "settled_before_disbursed",
        "settled_on",
    ),
    ("instalments", {**INSTALMENT, "number": "9", "paid": None}, "missing_value", "paid"),
    ("instalments", {**INSTALMENT, "number": "9", "paid": "-1"}, "negative_amount", "paid"),
    ("instalments", {**INSTALMENT, "number": "9", "interest": "5.00"}, "unreadable_value", "interest"),
    ("instalments", INSTALMENT, "duplicate_row", "recorded_at"),
    ("instalments", {**INSTALMENT, "paid": "50499"}, "duplicate_version", "recorded_at"),
    ("payments", {**PAYMENT, "payment_id": "p2", "amount": "505.00"}, "unreadable_value", "amount"),
    ("payments", {**PAYMENT, "payment_id": "p2", "amount": "-505"}, "negative_amount", "amount"),
    ("payments", {**PAYMENT, "payment_id": "p2", "currency": "USD"}, "mixed_currency", "currency"),
    (
        "payments",
        {**PAYMENT, "payment_id": "p2", "reversed_at": "2026-02-13"},
        "dates_out_of_order",
        "reversed_at",
    ),
    ("consents", {**CONSENT, "withdrawn_at": "yesterday"}, "unreadable_value", "withdrawn_at"),
    ("consents", {**CONSENT, "person_id": "nobody"}, "orphan", "person_id"),
]


@pytest.mark.parametrize(("table", "bad", "reason", "column"), BAD_ROWS)
def test_a_bad_row_is_set_aside_with_its_reason_and_the_rest_stays(
    tmp_path: Path, table: str, bad: Row, reason: str, column: str
) -> None:
    good = {
        "payments": [PAYMENT],
        "consents": [{**CONSENT, "channel": "email"}],
        **_rows_of_the_smallest_book(),
    }
    frames = book_of(**{**good, table: [*good[table], bad]})

    quality = written(frames, tmp_path / "book", created_at=at("2026-03-05T00:00:00Z"))

    aside = set_aside(tmp_path / "book", table)
    assert [(row["reason"], row["column"]) for row in aside] == [(reason, column)]
    assert quality.tables[table].set_aside == {reason: 1}
    assert len(kept(tmp_path / "book", table)) == len(good[table])
    assert all(quality.tables[name].set_aside == {} for name in good if name != table)


def _rows_of_the_smallest_book() -> dict[str, list[Row]]:
    return {name: frame.to_dicts() for name, frame in book_of().items()}


def test_a_row_set_aside_keeps_what_stood_in_it_letter_for_letter(tmp_path: Path) -> None:
    strange = {**INSTALMENT, "number": "9", "paid": " 12,50 €", "teller": "Анна"}

    written(book_of(instalments=[INSTALMENT, strange]), tmp_path / "book")

    (row,) = set_aside(tmp_path / "book", "instalments")
    assert {name: row[name] for name in strange} == strange


DOUBTFUL: list[tuple[str, Row, str]] = [
    ("borrowers", {**BORROWER, "timezone": "Mars/Olympus"}, "unknown_timezone:timezone"),
    ("borrowers", {**BORROWER, "language": "klingonish"}, "unknown_language:language"),
    ("borrowers", {**BORROWER, "country": "Latvia"}, "unknown_country:country"),
    ("borrowers", {**BORROWER, "joined_on": "1900-01-01"}, "placeholder_date:joined_on"),
    ("borrowers", {**BORROWER, "joined_on": "some day"}, "unreadable_value:joined_on"),
    ("loans", {**LOAN, "annual_rate_ppm": "12%"}, "unreadable_value:annual_rate_ppm"),
    ("loans", {**LOAN, "limitation_on": "9999-12-31"}, "placeholder_date:limitation_on"),
]


@pytest.mark.parametrize(("table", "row", "label"), DOUBTFUL)
def test_a_doubtful_value_is_unknown_and_counted_but_nobody_loses_a_person_for_it(
    tmp_path: Path, table: str, row: Row, label: str
) -> None:
    quality = written(book_of(**{table: [row]}), tmp_path / "book")

    (found,) = kept(tmp_path / "book", table)
    assert found[label.partition(":")[2]] is None
    assert quality.tables[table].noted == {label: 1}
    assert any(label.partition(":")[0] in line for line in quality.said())


STILL_PROTECTING: list[tuple[str, Row, str]] = [
    ("holds", {**HOLD, "until_at": "when she is well"}, "until_at"),
    ("holds", {**HOLD, "until_at": "2025-01-01"}, "loan_id"),
    ("contacts", {**CONTACT, "cost": "4 cents", "use_by": "2026-01-01"}, "cost"),
    ("conversations", {**CONVERSATION, "loan_id": None}, "loan_id"),
]


@pytest.mark.parametrize(("table", "row", "unknown"), STILL_PROTECTING)
def test_what_shields_a_person_is_kept_however_badly_it_is_written(
    tmp_path: Path, table: str, row: Row, unknown: str
) -> None:
    written(book_of(**{table: [row]}), tmp_path / "book")

    (found,) = kept(tmp_path / "book", table)
    assert found[unknown] is None
    assert set_aside(tmp_path / "book", table) == []


def test_of_two_holds_recorded_at_one_moment_the_one_that_has_not_ended_counts(tmp_path: Path) -> None:
    rows = [{**HOLD, "until_at": "2026-03-01"}, {**HOLD, "until_at": None}]

    written(book_of(holds=rows), tmp_path / "book")

    (found,) = kept(tmp_path / "book", "holds")
    assert found["until_at"] is None


def test_of_two_consents_recorded_at_one_moment_the_withdrawn_one_counts(tmp_path: Path) -> None:
    rows = [{**CONSENT, "withdrawn_at": "2026-03-01"}, {**CONSENT, "granted_at": "2026-03-02"}]

    for order in (rows, rows[::-1]):
        written(book_of(consents=order), tmp_path / "book")
        (found,) = kept(tmp_path / "book", "consents")
        assert found["withdrawn_at"] is not None


def test_of_two_instalments_recorded_at_one_moment_the_one_with_more_paid_counts(tmp_path: Path) -> None:
    rows = [{**INSTALMENT, "paid": "50500", "settled_on": None}, {**INSTALMENT, "paid": "100"}]

    written(book_of(instalments=rows), tmp_path / "book")

    (found,) = kept(tmp_path / "book", "instalments")
    assert found["paid"] == 50500


def test_two_changes_within_one_second_leave_the_later_and_are_no_fault_of_the_source(tmp_path: Path) -> None:
    rows = [
        {**INSTALMENT, "paid": "100", "recorded_at": "2026-03-04T12:00:00.200Z"},
        {**INSTALMENT, "paid": "50", "recorded_at": "2026-03-04T12:00:00.900Z"},
    ]

    quality = written(book_of(instalments=rows), tmp_path / "book", max_bad_share=0.0)

    (found,) = kept(tmp_path / "book", "instalments")
    assert found["paid"] == 50
    assert quality.tables["instalments"].set_aside == {"same_second": 1}


def test_a_loan_cannot_change_its_currency_from_version_to_version(tmp_path: Path) -> None:
    rows = [{**LOAN, "currency": "USD", "recorded_at": "2026-03-01"}, LOAN]

    written(book_of(loans=rows), tmp_path / "book")

    (found,) = kept(tmp_path / "book", "loans")
    assert found["currency"] == "EUR"
    assert [row["reason"] for row in set_aside(tmp_path / "book", "loans")] == ["mixed_currency"]


def test_an_instalment_due_and_settled_on_the_very_day_of_the_loan_is_good(tmp_path: Path) -> None:
    on_the_day = {**INSTALMENT, "due_on": "2026-01-15", "settled_on": "2026-01-15"}

    written(book_of(instalments=[on_the_day]), tmp_path / "book", max_bad_share=0.0)

    assert len(kept(tmp_path / "book", "instalments")) == 1


def test_a_person_set_aside_takes_her_loans_along_and_all_are_counted(tmp_path: Path) -> None:
    nobody = {**BORROWER, "borrower_id": "vilis", "recorded_at": "no date"}
    his = {**LOAN, "loan_id": "roof", "borrower_id": "vilis"}

    frames = book_of(
        borrowers=[BORROWER, nobody],
        loans=[LOAN, his],
        instalments=[INSTALMENT, {**INSTALMENT, "loan_id": "roof"}],
    )
    quality = written(frames, tmp_path / "book")

    assert {name: table.set_aside for name, table in quality.tables.items()} == {
        "borrowers": {"unreadable_value": 1},
        "loans": {"orphan": 1},
        "instalments": {"orphan": 1},
    }


def test_a_link_that_leads_nowhere_is_counted_and_the_row_stays(tmp_path: Path) -> None:
    quality = written(book_of(holds=[{**HOLD, "loan_id": "sold long ago"}]), tmp_path / "book")

    assert quality.tables["holds"].noted == {"orphan:loan_id": 1}
    assert kept(tmp_path / "book", "holds")[0]["loan_id"] == "sold long ago"


def test_a_code_outside_its_list_is_counted_and_kept(tmp_path: Path) -> None:
    quality = written(book_of(holds=[{**HOLD, "kind": "flooded"}]), tmp_path / "book")

    assert quality.tables["holds"].noted == {"unknown_code:kind": 1}
    assert kept(tmp_path / "book", "holds")[0]["kind"] == "flooded"


def test_payments_that_are_not_allocated_are_said_because_people_would_be_asked_twice(tmp_path: Path) -> None:
    quality = written(
        book_of(payments=[PAYMENT, {**PAYMENT, "payment_id": "p2", "amount": "700"}]), tmp_path / "book"
    )

    (finding,) = quality.findings
    assert (finding.code, finding.count) == ("payment_not_allocated", 1)
    assert finding.says in quality.said()
    assert len(kept(tmp_path / "book", "payments")) == 2


def test_a_payment_of_a_loan_without_instalments_has_nothing_to_be_marked_on(tmp_path: Path) -> None:
    card = {**LOAN, "loan_id": "card", "kind": "revolving"}
    paid = {**PAYMENT, "payment_id": "p2", "loan_id": "card"}

    quality = written(book_of(loans=[LOAN, card], payments=[PAYMENT, paid]), tmp_path / "book")

    assert quality.findings == []


def test_a_payment_taken_back_explains_nothing(tmp_path: Path) -> None:
    quality = written(book_of(payments=[{**PAYMENT, "reversed_at": "2026-02-20"}]), tmp_path / "book")

    assert [finding.code for finding in quality.findings] == ["paid_without_payment"]


def test_more_paid_than_due_is_said(tmp_path: Path) -> None:
    quality = written(book_of(instalments=[{**INSTALMENT, "paid": "60000"}]), tmp_path / "book")

    assert [finding.code for finding in quality.findings] == ["paid_more_than_due"]


NAMES = [
    "Zoë Ābele",
    "রহিমা খাতুন",
    "میرزا علی‌اکبر",
    "Nguyễn Thị Bưởi",
    "Nguye\u0302\u0303n",
    "李小龍",
    "  ",
    'O\'Neil "Ó", Jr.',
]


@pytest.mark.parametrize("name", NAMES)
def test_names_stay_as_people_write_them(tmp_path: Path, name: str) -> None:
    written(book_of(borrowers=[{**BORROWER, "officer_name": name}]), tmp_path / "book")

    assert kept(tmp_path / "book", "borrowers")[0]["officer_name"] == name


@pytest.mark.parametrize(
    ("given", "column", "spelled"),
    [
        ("pt_br", "language", "pt-br"),
        ("LV", "language", "lv"),
        ("br-sp", "country", "BR-SP"),
        ("lv", "country", "LV"),
    ],
)
def test_codes_are_spelled_as_their_standard_does(
    tmp_path: Path, given: str, column: str, spelled: str
) -> None:
    written(book_of(borrowers=[{**BORROWER, column: given}]), tmp_path / "book")

    assert kept(tmp_path / "book", "borrowers")[0][column] == spelled


def test_a_book_with_too_many_bad_rows_is_refused_with_the_counts(tmp_path: Path) -> None:
    people = [
        {**BORROWER, "borrower_id": str(number), "recorded_at": NOON if number else "?"}
        for number in range(10)
    ]
    out = tmp_path / "book"

    with pytest.raises(TooManyBadRows) as refused:
        written(book_of(borrowers=[BORROWER, *people]), out, max_bad_share=0.05)

    said = str(refused.value)
    assert "1 of 11 rows set aside (unreadable_value)" in said
    assert "recorded_at '?'" in said
    assert "9.1% of borrowers" in said
    assert not out.exists()
    assert len(set_aside(tmp_path / "book.refused", "borrowers")) == 1


def test_bad_rows_of_any_table_count_towards_the_share(tmp_path: Path) -> None:
    payments = [{**PAYMENT, "payment_id": str(number), "loan_id": "unknown"} for number in range(10)]

    with pytest.raises(TooManyBadRows, match=r"71\.4% of all"):
        written(book_of(payments=payments), tmp_path / "book", max_bad_share=0.7)
    written(book_of(payments=payments), tmp_path / "book", max_bad_share=0.72)


def test_a_refused_book_leaves_the_earlier_one_in_place(tmp_path: Path) -> None:
    out = tmp_path / "book"
    written(book_of(), out)

    with pytest.raises(TooManyBadRows):
        written(book_of(instalments=[{**INSTALMENT, "paid": "?"}]), out, max_bad_share=0.05)

    assert len(kept(out, "instalments")) == 2
    assert open_book(out).tables


def test_a_missing_table_is_said_once_with_its_cost(tmp_path: Path) -> None:
    quality = written(book_of(), tmp_path / "book")

    lines = [line for line in quality.said() if "no holds table" in line]
    assert len(lines) == 1
    assert "nobody is known to be protected" in lines[0]
    assert open_book(tmp_path / "book").missing["holds"] in lines[0]
