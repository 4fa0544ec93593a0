"""What it costs: all terms, what paying more or later comes to, what closes it, and whether it was understood."""

import pytest

from tests.people import TODAY, loan, row, someone, together
from tests.portal import NOW, signed_in_as
from tests.recording import recorded
from tideover.engine.policy.content import SHIPPED
from tideover.kit.days import date_of
from tideover.repayment import ledger
from tideover.repayment.bills.models import Understood
from tideover.web.portal.showing import page_words

pytestmark = pytest.mark.django_db


def page(client, person, address, language="en"):
    return signed_in_as(client, person, language=language).get(address)


def text(response):
    return response.content.decode()


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


def test_where_the_contract_does_not_shorten_the_loan_by_itself_she_says_so_when_she_pays(
    client, tmp_path, settings
):
    recorded(owes())
    address = "/me/loans/sara-loan-1/what-if/once/?by=100"
    assert "You say so when you pay." in text(page(client, "sara", address))

    shipped = (SHIPPED / "allocation.yaml").read_text("utf-8")
    (tmp_path / "allocation.yaml").write_text(shipped.replace("early: ahead", "early: principal"), "utf-8")
    settings.CONTENT = tmp_path

    assert "You say so when you pay." not in text(page(client, "sara", address))


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
