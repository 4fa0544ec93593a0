"""Bills: for her own eyes, in her language, with a code to pay; and a calendar that says days and nothing else."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar as Feed

from tests.people import (
    TODAY,
    guarantor_of,
    late,
    loan,
    outsider,
    reachable,
    row,
    schedule,
    someone,
    together,
)
from tests.portal import NOW, signed_in_as
from tests.recording import recorded
from tideover.access.models import AuditRow
from tideover.repayment.bills.bill import bill_of
from tideover.repayment.bills.models import Calendar
from tideover.repayment.bills.wish import bills_by
from tideover.repayment.loans import loan_of
from tideover.web.portal.showing import page_words

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
ACCOUNT = {"TIDEOVER_PAY_ACCOUNT": "LV80BANK0000435195001", "TIDEOVER_LENDER_NAME": "Harbour Credit"}


def hers(currency="EUR", country="LV", language="lv"):
    return together(
        someone("sara", country=country, timezone="UTC", language=language), reachable("sara", "email", "sms"),
        loan("sara", currency=currency), schedule("sara", [TODAY - 20, TODAY + 10, TODAY + 40, TODAY + 70], lags=[0]),
    )  # fmt: skip


@pytest.fixture
def connected(monkeypatch):
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("language", ["en", "bn", "lv", "vi", "fa"])
def test_a_bill_is_a_tagged_pdf_in_her_language(client, connected, language):
    recorded(hers())

    response = signed_in_as(client, "sara", language=language).get("/me/bills/sara-loan-1/2.pdf")

    assert response.content.startswith(b"%PDF")
    assert b"/MarkInfo" in response.content
    assert f"({language})".encode() in response.content or f"/Lang ({language}".encode() in response.content
    assert response.headers["Content-Disposition"] == 'inline; filename="2026-12-05.pdf"'
    assert response.headers["Cache-Control"] == "no-store"


def test_the_code_on_it_pays_what_is_left_with_the_loans_own_reference():
    recorded(hers())
    about = loan_of("sara-loan-1", "sara", NOW)

    bill = bill_of(about, 2, country="LV", today=NOW.date(), language="en", environ=ACCOUNT)
    paid = bill_of(about, 1, country="LV", today=NOW.date(), language="en", environ=ACCOUNT)

    assert bill.way == "transfer"
    assert bill.qr.startswith("<svg")
    assert bill.reference.startswith("RF")
    assert [it.value for it in bill.lines if it.key == "amount"] == ["100.00"]
    assert (paid.is_paid, paid.qr, paid.lines) == (True, "", ())


def test_a_bill_without_any_way_connected_still_says_reference_and_amount(client):
    recorded(hers())

    assert signed_in_as(client, "sara").get("/me/bills/sara-loan-1/2.pdf").status_code == 200
    assert (
        bill_of(
            loan_of("sara-loan-1", "sara", NOW), 2, country="LV", today=NOW.date(), language="en", environ={}
        ).way
        == ""
    )


def test_nobody_else_opens_it(client):
    recorded(hers(), outsider(), guarantor_of("sara", may_be_told="own_part"))

    for person in ("outsider", "guarantor"):
        assert signed_in_as(client, person).get("/me/bills/sara-loan-1/2.pdf").status_code == 404
        assert "sara-loan-1" not in client.get("/me/bills/").content.decode()
    assert Client().get("/me/bills/sara-loan-1/2.pdf").status_code == 302
    assert signed_in_as(client, "sara").get("/me/bills/sara-loan-1/99.pdf").status_code == 404


def test_the_list_shows_what_is_paid_and_the_next_one(client, django_assert_num_queries):
    recorded(hers())
    signed_in_as(client, "sara")

    with django_assert_num_queries(7):
        shown = client.get("/me/bills/").content.decode()

    assert shown.count(".pdf") == 2
    assert "paid" in shown


def test_how_bills_come_is_changed_in_two_presses_and_undone_in_one(client):
    recorded(hers(), at=NOW - timedelta(hours=1))
    signed_in_as(client, "sara")

    shown = client.get("/me/bills/choose/").content.decode()
    assert 'value="letter"' not in shown
    after = client.post("/me/bills/choose/", {"by": "sms"}, follow=True).content.decode()
    assert bills_by("sara", LATER) == "sms"
    assert "Undo: no notice" in after
    client.post("/me/bills/choose/", {"by": "portal", "undo": "1"})

    assert bills_by("sara", LATER) == "portal"
    assert "Undo" not in client.get("/me/bills/").content.decode()
    assert client.post("/me/bills/choose/", {"by": "pigeon"}).status_code == 302


def test_opening_pages_changes_nothing(client):
    recorded(hers())
    signed_in_as(client, "sara")

    for address in ("/me/bills/", "/me/bills/choose/", "/me/calendar/", "/me/bills/sara-loan-1/2.pdf"):
        client.get(address)

    assert not Calendar.objects.exists()
    assert not AuditRow.objects.exists()


def test_a_calendar_says_days_and_no_word_of_what_they_are_for(client):
    recorded(hers(language="en"))
    signed_in_as(client, "sara")
    client.post("/me/calendar/")
    client.post("/me/calendar/")
    address = re.search(
        r'value="https://lender.example(/me/calendar/[^"]+)"', client.get("/me/calendar/").content.decode()
    )[1]

    response = Client().get(address)
    feed = Feed.from_ical(response.content)

    assert Calendar.objects.count() == 1
    assert [it.decoded("dtstart").isoformat() for it in feed.walk("vevent")] == [
        "2026-12-05",
        "2027-01-04",
        "2027-02-03",
    ]
    told = "\n".join(it for it in response.content.decode().lower().splitlines() if not it.startswith("uid"))
    assert not any(
        word in told
        for word in ("loan", "debt", "pay", "harbour", "eur", "sara", "credit", "due", "tideover")
    )
    assert response.headers["Cache-Control"] == "no-store"


def test_a_calendar_that_was_ended_shows_nothing_and_a_new_one_has_another_address(client):
    recorded(hers())
    signed_in_as(client, "sara")
    client.post("/me/calendar/")
    first = Calendar.objects.get().token
    client.post("/me/calendar/", {"end": "1"})

    assert Client().get(f"/me/calendar/{first}.ics").status_code == 404
    client.post("/me/calendar/")
    assert Calendar.objects.get(revoked_at=None).token != first
    assert Client().get("/me/calendar/guessed.ics").status_code == 404
    assert [it.action for it in AuditRow.objects.order_by("number")] == [
        "calendar_handed_out",
        "calendar_ended",
        "calendar_handed_out",
    ]


def test_no_word_of_a_calendar_tells_others_anything():
    for words in page_words().values():
        told = words.say("bills.calendar.name") + words.say("bills.calendar.event")
        assert not [it for it in words.language.public_never if it.strip("*").lower() in told.lower()]


def test_a_payment_before_it_that_is_open_is_told_kindly_beside_it():
    one_more = {"number": 8, "due_on": TODAY + 60, "principal": 5_000, "interest": 0, "fees": 0, "paid": 0}
    recorded(late("sara"), {"instalments": [row("instalments", loan_id="sara-loan-1", **one_more)]})

    bill = bill_of(
        loan_of("sara-loan-1", "sara", NOW), 8, country="GB", today=NOW.date(), language="en", environ={}
    )

    assert bill.also_open.minor == 10_000
