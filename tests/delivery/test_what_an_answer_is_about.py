"""An answer pauses whatever it may be about: every topic of the message, and all it says in passing."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, TODAY, fresh_payments, guarantor_of, late, loan, schedule
from tests.recording import recorded
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.models import FACTS, Address
from tideover.delivery.answers import receive
from tideover.delivery.inbound import take_text
from tideover.delivery.incoming.received import Answered
from tideover.delivery.models import Message
from tideover.strategy.gate import consider
from tideover.strategy.releases import ensure_shipped
from tideover.support.jobs import open_cases
from tideover.support.models import Case
from tideover.support.resting import rests_for

NOW = datetime.fromtimestamp(AT, UTC)
LATER = NOW + timedelta(hours=1)
NUMBER = "+447700900123"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asha():
    """Somebody who is late with two loans."""
    second = loan("asha", number=2), schedule("asha", [TODAY - 5], number=2)
    recorded(late("asha"), *second, fresh_payments(AT + 86_400 * 3), at=NOW)
    ensure_shipped(at=NOW)


def message(*topics, number=1, **about):
    known = {
        "contact_id": f"c-{number}", "person_id": "asha", "purpose": "gentle_reminder", "purpose_class": "collection",
        "subject": "asha-loan-1", "channel": "sms", "send_at": NOW, "due_at": NOW, "use_by": LATER, "local_day": number,
        "state": "accepted", "code": "ABCD2345", "message_id": f"m{number}", "address_id": "number",
        "ended_at": NOW + timedelta(minutes=number), "occasion": {"topics": [[it, "gentle_reminder"] for it in topics]},
    }  # fmt: skip
    return Message.objects.create(**(known | about))


def said(text, person="asha", **more):
    return receive(person_id=person, channel="sms", text=text, at=LATER, outside_id=text, **more)


def resting():
    return sorted(FACTS["holds"].objects.values_list("kind", "loan_id"))


def is_asked(number):
    at = LATER + timedelta(hours=1)
    seen = consider(person_id="asha", occasion="gentle_reminder", at=at, subject=f"asha-loan-{number}")
    return seen.decision is not None


def test_i_have_paid_rests_every_loan_that_the_message_was_about():
    said("I have paid", message=message("asha-loan-1", "asha-loan-2"))

    assert resting() == [("already_paid", "asha-loan-1"), ("already_paid", "asha-loan-2")]
    assert not is_asked(1)
    assert not is_asked(2)


def test_an_answer_to_news_of_an_application_may_be_about_any_loan():
    news = message(purpose="under_review", purpose_class="status", subject="application-77")

    said("I have paid", message=news)
    said("I cannot pay", message=news)

    rests = [("already_paid", "asha-loan-1"), ("already_paid", "asha-loan-2"), ("hardship", None)]
    assert resting() == rests
    assert set(FACTS["conversations"].objects.values_list("loan_id", flat=True)) == {None}
    assert FACTS["lateness_reasons"].objects.get().loan_id == ""


def test_who_stands_in_a_loan_beside_its_borrower_speaks_of_it_too():
    recorded(guarantor_of("asha", "ben", role="co_borrower"), at=NOW)

    said("I have paid", person="ben")

    assert resting() == [("already_paid", "asha-loan-1")]


@pytest.mark.parametrize("about", [{"role": "representative"}, {"role": "guarantor", "until_at": NOW}])
def test_who_speaks_for_others_or_stands_in_it_no_more_rests_nobodys_loans(about):
    recorded(guarantor_of("asha", "ben"), at=NOW - timedelta(days=1))
    FACTS["parties"].objects.all().delete()
    party = {"loan_id": "asha-loan-1", "person_id": "ben", "may_be_told": "all"}
    record("parties", [{**party, **about}], source="core", at=NOW)

    said("I have paid", person="ben")

    assert resting() == []


def test_an_answer_to_one_of_two_texts_of_which_the_later_may_not_have_arrived_rests_both_loans():
    Address.objects.create(address_id="number", channel="sms", value=NUMBER, index=blind(NUMBER))
    point = {"contact_point_id": "asha-sms", "person_id": "asha", "channel": "sms", "address_id": "number"}
    record("contact_points", [{**point, "state": "ok"}], source="core", at=NOW)
    message(number=1)
    message(number=2, subject="asha-loan-2", state="unknown")

    take_text(Answered("sms", NUMBER, "6000", "I have paid", LATER, reference="r1"), at=LATER)

    assert resting() == [("already_paid", "asha-loan-1"), ("already_paid", "asha-loan-2")]


def test_whoever_has_paid_and_wants_no_more_texts_is_asked_by_no_other_way():
    said("I have paid, stop texting me", message=message())

    assert FACTS["consents"].objects.get().channel == "sms"
    assert resting() == [("already_paid", "asha-loan-1")]
    assert not is_asked(1)


def test_what_is_said_in_passing_rests_too_and_ends_with_the_same_case():
    said("The amount is wrong and I cannot pay now", message=message())
    open_cases(at=LATER)

    assert resting() == [("dispute", "asha-loan-1"), ("hardship", None)]
    assert sorted(it.kind for it in rests_for(Case.objects.get(), LATER)) == ["dispute", "hardship"]


def test_nothing_is_agreed_in_passing():
    said("yes 1, but I cannot pay now", message=message(occasion={"values": {"offered_on": TODAY + 3}}))

    assert FACTS["promises"].objects.count() == 0
