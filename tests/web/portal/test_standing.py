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
from tideover.kit.days import date_of
from tideover.repayment import ledger
from tideover.repayment.bills.models import Understood
from tideover.web import ui
from tideover.web.portal.showing import page_words

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

    with django_assert_num_queries(8):
        response = client.get("/me/")

    styles = [Path(ui.__file__).parent / "static" / it for it in ("ui.css", "portal.css", "standing.css")]
    raw = [response.content, *(it.read_bytes() for it in styles)]
    assert sum(map(len, raw)) < 60_000
    assert sum(len(gzip.compress(it)) for it in raw) < 20_000


def owes(person="sara", **about):
    """A loan of 1,000 at 12 % in ten payments, the first in ten days, with a fee of a pound in each."""
    known = {
        "annual_rate_ppm": 120_000,
        "principal": 100_000,
        "disbursed_on": TODAY - 20,
        "currency": "GBP",
        **about,
    }
    steps = [
        row("instalments", loan_id=f"{person}-loan-1", number=n, due_on=TODAY + 10 + 30 * (n - 1), principal=10_000,
            interest=1_000 - 100 * (n - 1), fees=100, paid=0)
        for n in range(1, 11)
    ]  # fmt: skip
    return together(someone(person), loan(person, **known), {"instalments": steps})


def test_paying_more_says_what_is_saved_and_until_when_it_lasts(client):
    recorded(owes())

    shown = text(page(client, "sara", "/me/loans/sara-loan-1/what-if/more/?by=100"))

    assert "You would save" in shown
    assert "Your last payment would be" in shown
    assert 'value="100"' in shown


def test_paying_later_costs_at_most_interest_and_what_the_contract_names(client, tmp_path, settings):
    recorded(owes())

    shown = text(page(client, "sara", "/me/loans/sara-loan-1/what-if/later/?by=10"))

    assert "£0.33" in shown
    assert "We have not written down here what this costs." in shown


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("what-if/more/?by=nothing", "Write an amount above nothing"),
        ("what-if/once/?by=-5", "Write an amount above nothing"),
        ("what-if/later/?by=91", "Write a number of days from 1 to 90."),
        ("payoff/?on=2020-01-01", "Choose a day from today on"),
        ("payoff/?on=soon", "Choose a day from today on"),
    ],
)
def test_what_cannot_be_read_is_said_on_top_and_beside_and_is_kept(client, address, said):
    recorded(owes())

    shown = text(page(client, "sara", f"/me/loans/sara-loan-1/{address}"))

    assert shown.count(said) == 2
    assert f'value="{address.partition("=")[2]}"' in shown


def test_the_payoff_figure_of_a_day_is_the_ledgers(client):
    recorded(owes())
    on = date_of(TODAY + 15)

    told = ledger.payoff("sara-loan-1", on, NOW)
    shown = text(page(client, "sara", f"/me/loans/sara-loan-1/payoff/?on={on.isoformat()}"))

    assert told.amount.minor > 100_000
    assert page_words()["en"].shown.amount(told.amount.minor, "GBP") in shown
    assert "To close the loan on Thursday 10 December 2026 you pay" in shown


def test_terms_keep_principal_and_cost_apart_and_say_what_a_person_tells(client):
    recorded(owes())

    shown = text(page(client, "sara", "/me/loans/sara-loan-1/terms/"))

    for amount in ("£1,000.00", "£55.00", "£10.00", "£65.00", "£1,065.00"):
        assert amount in shown
    assert "12.0%" in shown
    assert "What a late payment costs" in shown
    assert "How long you can change your mind" in shown
    assert "A person tells you this." in shown


VALUES = """purposes: {}
products:
  any:
    withdrawal: {en: "Fourteen days.", bn: "১৪ দিন।", lv: "14 dienas.", vi: "14 ngày.", fa: "۱۴ روز."}
    late_charges: []
"""


def test_complete_terms_are_told_whole(client, tmp_path, settings):
    (tmp_path / "values.yaml").write_text(VALUES, "utf-8")
    settings.CONTENT = tmp_path
    recorded(owes())

    shown = text(page(client, "sara", "/me/loans/sara-loan-1/terms/"))

    assert "attention" not in shown
    assert "Fourteen days." in shown
    assert "A late payment costs you nothing extra." in shown


def test_five_questions_are_counted_without_a_name_and_the_first_answer_counts(client, tmp_path, settings):
    (tmp_path / "values.yaml").write_text(VALUES, "utf-8")
    settings.CONTENT = tmp_path
    recorded(owes())
    signed_in_as(client, "sara")
    base = "/me/loans/sara-loan-1/understood/"

    names, address = [], text(client.get(base)).split('class="button" href="')[1].split('"')[0]
    while address != base:
        names.append(address.removeprefix(base).strip("/"))
        assert Understood.objects.count() == len(names) - 1
        client.post(address, {"answer": "0"})
        client.post(address, {"answer": "1"})
        address = text(client.get(address)).split('class="button" href="')[1].split('"')[0]

    assert names == ["rate", "next_payment", "total_cost", "late_cost", "whom_to_ask"]
    assert list(Understood.objects.values_list("asked", flat=True)) == [1] * 5
    assert not any("sara" in str(it) for it in Understood.objects.values())
    assert "That was all" in text(client.get(base))


def test_a_miss_brings_another_explanation_and_a_person_and_no_answer_is_said_kindly(client):
    recorded(owes())
    signed_in_as(client, "sara")
    address = "/me/loans/sara-loan-1/understood/rate/"
    shown = text(client.get(address))
    right = next(n for n in "012" if f'"answer-{n}"><bdi>12.0%' in shown)

    missed = text(client.post(address, {"answer": str((int(right) + 1) % 3)}, follow=True))
    nothing = text(client.post(address, {}))

    assert "We did not say this clearly enough." in missed
    assert "Have it explained by a person" in missed
    assert "Choose one of the answers." in nothing


@pytest.mark.parametrize("language", ["en", "bn", "lv", "vi", "fa"])
def test_every_page_has_its_words_in_every_language(client, language):
    recorded(owes())
    for rest in (
        "",
        "what-if/",
        "what-if/more/?by=10",
        "what-if/later/?by=10",
        "payoff/",
        "terms/",
        "understood/",
        "understood/total_cost/",
    ):
        response = page(client, "sara", f"/me/loans/sara-loan-1/{rest}", language)
        assert response.status_code == 200
        assert f'lang="{language}"' in text(response)
