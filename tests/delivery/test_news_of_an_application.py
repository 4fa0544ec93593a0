"""A step of an application is a message with its values, in the very turn in which it is taken."""

from datetime import timedelta

import pytest

from tests.people import fresh_payments, reachable, someone, together
from tests.portal import NOW
from tests.recording import recorded
from tests.staff import member
from tideover.access.sealing import blind
from tideover.book.applications.applying import answer, begin, send
from tideover.book.applications.deciding import ask_for, decline, review
from tideover.book.applications.offered import read_offered
from tideover.book.models import Address
from tideover.delivery.guards import guard
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.delivery.words import compose_all
from tideover.strategy.jobs import decide_what_is_new
from tideover.strategy.releases import ensure_shipped

pytestmark = pytest.mark.django_db(transaction=True)
OFFERED = read_offered()
ANSWERS = {"amount": "1200", "purpose": "home", "income": "1800", "costs": "900", "goal": ""}


@pytest.fixture
def lender(settings, tmp_path, monkeypatch):
    """A lender after its night, with one person who can be reached by mail."""
    settings.DATA = tmp_path
    monkeypatch.setattr("tideover.strategy.runs.now", lambda: NOW)
    book = together(someone("asha"), reachable("asha", "email"), fresh_payments())
    book["contact_points"] = [{**it, "address_id": "her-mail"} for it in book["contact_points"]]
    recorded(book, at=NOW - timedelta(days=3))
    Address.objects.create(
        address_id="her-mail", channel="email", value="a@example.org", index=blind("a@example.org")
    )
    ensure_shipped(at=NOW - timedelta(hours=6))
    decide_what_is_new(by="w", at=NOW - timedelta(hours=6))
    return member("lead", "north")


def applied(at):
    made = begin(person_id="asha", product="household_goods", currency="GBP", offered=OFFERED, at=at)
    for step, text in ANSWERS.items():
        answer(person_id="asha", application_id=made.pk, step=step, text=text, offered=OFFERED, language="en")
    return send(person_id="asha", application_id=made.pk, country="GB", offered=OFFERED, at=at)


def told(at):
    """The words of what waits to leave, by purpose, after one turn of a worker."""
    decide_what_is_new(by="w", at=at)
    take(at=at)
    waiting = list(Message.objects.filter(state="queued"))
    guarded = guard(waiting, at=at)
    said = compose_all(guarded.verdicts, guarded)
    return {it.purpose: said[it.contact_id].words.text for it in waiting}


def test_an_application_that_arrives_is_confirmed_within_the_minute(lender):
    applied(NOW)

    text = told(NOW + timedelta(seconds=30))["application_received"]

    assert "Your application has arrived: a loan for household goods." in text
    assert "You hear from us by Wednesday 2 December" in text


def test_what_is_missing_is_named(lender):
    made = applied(NOW)
    ask_for(application=made, kinds=["account"], offered=OFFERED, by=lender, at=NOW + timedelta(minutes=5))

    text = told(NOW + timedelta(minutes=6))["documents_missing"]

    assert "your identity card or passport, a paper that shows what you earn, and a statement" in text


def test_a_no_leaves_with_its_reasons_and_whose_data_it_rests_on(lender):
    made = applied(NOW)
    made = review(application=made, offered=OFFERED, by=lender, at=NOW + timedelta(minutes=1))
    sources = [
        {"code": "application"},
        {"code": "credit_register", "reach": "Record Office, 1 High Street, Leeds"},
    ]
    decline(
        application=made, reasons=["too_little_left"], sources=sources, offered=OFFERED, by=lender,
        at=NOW + timedelta(minutes=2),
    )  # fmt: skip

    text = told(NOW + timedelta(minutes=3))["declined"]

    assert "after your usual costs too little would be left for the payments" in text
    assert "the credit register (Record Office, 1 High Street, Leeds)" in text
    assert "a loan for household goods" in text
