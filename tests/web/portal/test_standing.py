"""Where she stands: what is due, when, and what she can do; and nobody else sees it."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.people import (
    AT,
    DAY,
    TODAY,
    card_holder,
    guarantor_of,
    late,
    loan,
    outsider,
    reliable,
    row,
    schedule,
    someone,
    together,
)
from tests.portal import NOW, signed_in_as
from tests.recording import recorded
from tests.web.scene import clock_at
from tideover.web import ui

pytestmark = pytest.mark.django_db


def page(client, person, address="/me/", language="en"):
    return signed_in_as(client, person, language=language).get(address)


def text(response):
    return response.content.decode()


def test_a_reliable_person_sees_the_next_payment_its_day_and_calm(client):
    recorded(reliable(days_to_due=4))

    shown = text(page(client, "reliable"))

    assert "£100.00" in shown
    assert "Sunday 29 November 2026" in shown
    assert "That is in 4 days." in shown
    assert "You have paid £500.00 of £600.00." in shown
    assert "attention" not in shown


def test_a_late_payment_is_told_in_amber_with_words_and_all_three_ways_on(client):
    recorded(late(days_late=9))

    shown = text(page(client, "late"))

    assert "£100.00 was due on Monday 16 November 2026 and is still open." in shown
    assert 'class="attention"' in shown
    assert 'class="wrong' not in shown
    for address in ("/me/pay/late-loan-1/", "/me/promise/", "/me/help/"):
        assert address in shown


def test_a_promise_and_money_on_its_way_are_shown(client):
    promise = row(
        "promises",
        promise_id="p",
        loan_id="late-loan-1",
        person_id="late",
        on=TODAY + 3,
        made_at=AT,
        amount=4_000,
    )
    sent = row("payments", payment_id="m", loan_id="late-loan-1", paid_at=AT - DAY, amount=6_000)
    forgotten = row("payments", payment_id="f", loan_id="late-loan-1", paid_at=AT - 30 * DAY, amount=777)
    recorded(late(), {"promises": [promise], "payments": [sent, forgotten]})

    shown = text(page(client, "late"))

    assert "You chose to pay £40.00 on Saturday 28 November 2026." in shown
    assert "£60.00 from you is on its way to us." in shown
    assert "£7.77" not in shown


def test_the_loan_that_is_next_stands_first_and_every_other_below(client):
    days = [TODAY + 20, TODAY + 50]
    recorded(
        reliable("sara", days_to_due=30),
        together(loan("sara", number=2), schedule("sara", days, number=2, amount=2_500)),
    )

    shown = text(page(client, "sara"))

    assert shown.index("£25.00") < shown.index("Your other loans") < shown.index("sara-loan-1")


def test_a_card_shows_what_is_owed_and_as_of_when(client):
    recorded(card_holder())

    shown = text(page(client, "card-holder"))

    assert "£800.00" in shown
    assert "£100.00 is still open from before." in shown


def test_who_has_nothing_due_reads_so_and_not_an_empty_page(client):
    recorded(someone("new"), together(someone("done"), loan("done"), schedule("done", [TODAY - 5], lags=[0])))

    assert "You have no loan with us." in text(page(client, "new"))
    assert "Your loans are paid." in text(page(client, "done"))


def test_the_day_is_that_of_her_own_clock(client):
    zone = {"timezone": "Pacific/Auckland", "country": "NZ"}
    recorded(someone("far", **zone), loan("far"), schedule("far", [TODAY]), at=NOW)

    shown = text(signed_in_as(client, "far", at=NOW).get("/me/"))

    assert "That is today." in shown
    evening = NOW + timedelta(hours=3)
    clock_at(settings, settings.DATA, evening)
    shown = text(signed_in_as(client, "far", at=evening).get("/me/"))
    assert "was due on Wednesday 25 November 2026" in shown


@pytest.mark.parametrize(
    "rest", ["", "what-if/", "what-if/more/", "payoff/", "terms/", "understood/", "understood/rate/"]
)
def test_another_borrowers_loan_is_nowhere(client, rest):
    recorded(late(), outsider())

    assert page(client, "outsider", f"/me/loans/late-loan-1/{rest}").status_code == 404
    assert "late-loan-1" not in text(page(client, "outsider"))


def test_a_guarantor_of_a_part_reads_her_role_and_nothing_of_how_the_borrower_pays(client):
    recorded(late(), guarantor_of("late", may_be_told="own_part"))

    shown = text(page(client, "guarantor", "/me/loans/late-loan-1/"))

    assert "you agreed to step in" in shown
    assert "£" not in shown
    assert "open" not in shown
    assert page(client, "guarantor", "/me/loans/late-loan-1/payoff/").status_code == 404
    assert "£" not in text(page(client, "guarantor"))


def test_a_guarantor_who_may_hear_nothing_sees_no_loan(client):
    recorded(late(), guarantor_of("late", may_be_told="nothing"))

    assert "late-loan-1" not in text(page(client, "guarantor"))
    assert page(client, "guarantor", "/me/loans/late-loan-1/").status_code == 404


def test_the_whole_schedule_says_of_each_payment_how_it_stands(client):
    recorded(late(days_late=9))

    shown = text(page(client, "late", "/me/loans/late-loan-1/"))

    assert shown.count("✓") == 5
    assert "£100.00 is still open" in shown
    assert "Still to come" in shown
    assert "There are no fees." in shown


def test_the_first_page_weighs_little_with_its_styles_and_asks_the_database_little(
    client, django_assert_num_queries
):
    days = [TODAY + 5 + 30 * n for n in range(12)]
    for number in range(1, 6):
        recorded(someone("sara"), loan("sara", number=number), schedule("sara", days, number=number))
    signed_in_as(client, "sara")

    with django_assert_num_queries(9):
        response = client.get("/me/")

    styles = [Path(ui.__file__).parent / "static" / it for it in ("ui.css", "portal.css", "standing.css")]
    raw = [response.content, *(it.read_bytes() for it in styles)]
    assert sum(map(len, raw)) < 60_000
    assert sum(len(gzip.compress(it)) for it in raw) < 20_000
