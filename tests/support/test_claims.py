"""'I have paid', traced through what the bank tells."""

from datetime import date, timedelta

import pytest

from tests.people import TODAY, loan, schedule, someone, together
from tests.recording import NOW, recorded
from tests.repayment.statements.banks import Move, written
from tests.web.scene import a_message
from tideover.book.models import FACTS
from tideover.delivery.answers import receive
from tideover.repayment.statements.taking import take_statement
from tideover.repayment.ways.references import reference_of
from tideover.support.claims import settle_claims
from tideover.support.jobs import open_cases
from tideover.support.models import Case

pytestmark = pytest.mark.django_db
LOAN = "mary-loan-1"


@pytest.fixture
def mary():
    recorded(
        together(someone("mary"), loan("mary", currency="EUR"), schedule("mary", [TODAY - 3, TODAY + 27]))
    )


@pytest.fixture
def said(mary):
    """Mary says that she has paid."""
    receive(person_id="mary", channel="sms", at=NOW, outside_id="1", kind="paid")
    open_cases(at=NOW)
    return Case.objects.get(kind="paid")


def bank(tmp_path, text, at=NOW, on=date(2026, 11, 24), amount=10_000):
    path = tmp_path / f"{text[:4]}{on}"
    path.write_bytes(written("camt08", [Move(on, amount, text, "M P")]))
    take_statement(path, at=at)


def holds():
    return [
        it.until_at for it in FACTS["holds"].objects.filter(kind="already_paid").order_by("recorded_at", "id")
    ]


def test_when_the_money_is_found_the_hold_ends_and_the_case_closes_with_words(said, tmp_path):
    later = NOW + timedelta(days=1)
    bank(tmp_path, reference_of(LOAN), at=later)

    assert settle_claims(at=later) == 1
    said.refresh_from_db()
    assert (said.state, said.outcome) == ("closed", "already_paid")
    assert "100.00 EUR, booked on Tuesday 24 November 2026" in said.note
    assert holds()[-1] == later
    assert settle_claims(at=later) == 0


def test_money_of_last_year_is_not_what_she_means(said, tmp_path):
    bank(tmp_path, reference_of(LOAN), on=date(2025, 11, 24))

    assert settle_claims(at=NOW) == 0
    assert holds()[-1] > NOW


def test_after_a_week_it_says_where_was_looked(said, tmp_path):
    bank(tmp_path, "no reference at all")

    assert settle_claims(at=NOW + timedelta(days=6)) == 0
    assert settle_claims(at=NOW + timedelta(days=7)) == 1
    said.refresh_from_db()
    assert said.state == "open"
    assert said.due_on == (NOW + timedelta(days=7)).date()
    assert "not found in 1 files of the bank with 1 movements" in said.note


def test_whoever_asks_for_more_in_the_same_words_is_read_by_a_person(mary, tmp_path):
    receive(person_id="mary", channel="sms", at=NOW, outside_id="1",
            text="I have paid. You took the money twice, please call me today, I am very worried")  # fmt: skip
    open_cases(at=NOW)
    bank(tmp_path, reference_of(LOAN))

    settle_claims(at=NOW)

    case = Case.objects.get(kind="paid")
    assert case.state == "open"
    assert "100.00 EUR, booked on Tuesday 24 November 2026" in case.note
    assert settle_claims(at=NOW) == 0


def test_last_months_money_is_not_what_she_means_when_she_answers_a_reminder_of_this_one(mary, tmp_path):
    bank(tmp_path, reference_of(LOAN), on=date(2026, 11, 13), at=NOW - timedelta(days=11))
    answering = a_message("mary", channel="sms", state="accepted", ended_at=NOW - timedelta(hours=2))
    receive(person_id="mary", channel="sms", at=NOW, outside_id="1", kind="paid", message=answering)
    open_cases(at=NOW)

    assert settle_claims(at=NOW) == 0
    assert Case.objects.get().state == "open"


def test_money_that_she_paid_before_we_wrote_and_that_we_read_of_afterwards_is_what_she_means(mary, tmp_path):
    answering = a_message("mary", channel="sms", state="accepted", ended_at=NOW - timedelta(hours=2))
    receive(person_id="mary", channel="sms", at=NOW, outside_id="1", kind="paid", message=answering)
    open_cases(at=NOW)
    bank(tmp_path, reference_of(LOAN), at=NOW)

    assert settle_claims(at=NOW) == 1
    assert Case.objects.get().state == "closed"


def test_money_that_was_known_when_she_wrote_unasked_is_shown_to_a_person(mary, tmp_path):
    bank(tmp_path, reference_of(LOAN), at=NOW - timedelta(hours=2))
    receive(person_id="mary", channel="sms", at=NOW, outside_id="1", kind="paid")
    open_cases(at=NOW)

    settle_claims(at=NOW)

    case = Case.objects.get()
    assert case.state == "open"
    assert "It is paid to the loan." in case.note


def test_whoever_sees_to_it_closes_it(said, tmp_path):
    Case.objects.update(state="taken", owner="7")
    bank(tmp_path, reference_of(LOAN))
    settle_claims(at=NOW)

    said.refresh_from_db()
    assert said.state == "taken"
    assert "It is paid to the loan." in said.note
