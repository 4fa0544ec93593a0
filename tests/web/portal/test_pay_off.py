"""She says what money beyond what is due is for, sees what it does before she pays, and the ledger does just that."""

import os
from datetime import timedelta

import pytest

from tests.people import TODAY, loan, outsider, row, someone, together
from tests.portal import signed_in_as
from tests.recording import NOW, recorded
from tests.repayment.statements.banks import Move, written
from tests.repayment.ways.connected import environ
from tests.staff import member
from tests.web.portal.test_pay import text_of
from tests.web.scene import clock_at
from tideover.access.models import Staff
from tideover.book.models import FACTS
from tideover.kit.money import Money
from tideover.repayment.ledger.verifying import verify_accounts
from tideover.repayment.loans import loan_of
from tideover.repayment.statements.hands import match_line, undo
from tideover.repayment.statements.models import StatementLine
from tideover.repayment.statements.taking import take_statement
from tideover.repayment.statements.verifying import verify_statements
from tideover.repayment.terms.beside import beside
from tideover.repayment.ways.models import Intent
from tideover.repayment.ways.receipts import cheque_cleared, take_cash
from tideover.repayment.ways.references import reference_of

__all__ = ["environ"]
pytestmark = pytest.mark.django_db
LOAN = "asha-loan-1"
PAGE = f"/me/pay/{LOAN}/"


@pytest.fixture
def asha(environ, client):
    """Twelve per cent a year: 10.00 interest in the running period, 6.67 and 3.33 in the two after it."""
    steps = [
        row("instalments", loan_id=LOAN, number=place + 1, due_on=TODAY + 20 + 30 * place, principal=33_333 + (place == 2),
            interest=1_000 - 333 * place, fees=0, paid=0)
        for place in range(3)
    ]  # fmt: skip
    recorded(
        together(
            someone("asha", country="LV"),
            loan("asha", currency="EUR", principal=100_000, annual_rate_ppm=120_000, disbursed_on=TODAY - 10),
            {"instalments": steps}, outsider("far"),
        )
    )  # fmt: skip
    return signed_in_as(client, "asha")


def begun(client, amount, early, once="one", way="transfer"):
    form = {"amount": str(amount), "way": way, "once": once, "early": early}
    return client.post(f"{PAGE}way/", form)


def stands(at=NOW):
    it = loan_of(LOAN, "asha", at)
    return [(step.number, step.left) for step in it.open_instalments]


def banked(tmp_path, amount, at=NOW):
    """The bank tells of her transfer."""
    file = tmp_path / "day.xml"
    file.write_bytes(written("camt08", [Move(at.date(), amount, text=reference_of(LOAN), bank_id="b1")]))
    take_statement(file, at=at)
    return FACTS["payments"].objects.order_by("id")


def test_more_than_is_due_is_asked_what_it_is_for_with_what_each_choice_does(asha):
    there = asha.post(PAGE, {"choice": "other", "amount": "450"})
    page = text_of(asha.get(there.url))

    assert there.url == f"{PAGE}for/?amount=45000"
    assert "Fewer payments The next one stays €343.33" in page
    assert "Lower payments 3 payments are to come." in page
    assert "The next payments first After that, the next one is €233.33" in page


def test_what_is_due_is_asked_nothing(asha):
    assert asha.post(PAGE, {"choice": "next"}).url == f"{PAGE}way/?amount=34333"


def test_the_whole_is_the_figure_of_the_day_and_never_the_schedules(asha):
    page = text_of(asha.get(PAGE))
    there = asha.post(PAGE, {"choice": "whole"})

    assert "Everything that is left: €1,003.28" in page
    assert "Nothing is to be paid afterwards." in text_of(asha.get(there.url))


def test_of_the_last_payment_what_closes_the_loan_today_is_asked_about_too(asha):
    recorded({"instalments": [
        row("instalments", loan_id=LOAN, number=n, due_on=TODAY + 20 + 30 * (n - 1), principal=33_333, interest=1_000 - 333 * (n - 1),
            fees=0, paid=34_333 - 333 * (n - 1), settled_on=TODAY, recorded_at=int(NOW.timestamp()) + 60)
        for n in (1, 2)
    ]}, at=NOW + timedelta(minutes=1))  # fmt: skip

    there = asha.post(PAGE, {"choice": "whole"})

    assert there.url.startswith(f"{PAGE}for/?amount=")


def test_paid_by_transfer_it_closes_the_loan_to_the_last_cent_though_the_money_takes_two_days(asha, tmp_path):
    address = begun(asha, 100_328, "payoff").url
    assert "This pays it off." in text_of(asha.post(address, follow=True))

    banked(tmp_path, 100_328, NOW + timedelta(days=2))

    later = NOW + timedelta(days=3)
    assert loan_of(LOAN, "asha", later).left == 0
    assert Intent.objects.get().state == "paid"


@pytest.mark.parametrize(
    ("early", "left"),
    [
        ("principal", [(1, 34_333), (2, 21_883)]),
        ("smaller", [(1, 19_333), (2, 18_699), (3, 18_517)]),
        ("ahead", [(2, 23_333), (3, 33_668)]),
    ],
)
def test_it_goes_where_she_said_to_the_last_cent(early, left, asha, tmp_path):
    told = asha.get(f"{PAGE}way/?amount=45000&early={early}")
    asha.post(begun(asha, 45_000, early).url)

    banked(tmp_path, 45_000)

    assert stands() == left
    shown = told.context["aim"].told
    assert (shown.payments, shown.next_amount.minor) == (len(left), left[0][1])


def test_an_announced_transfer_becomes_the_line_of_the_statement_and_nothing_stays_on_its_way(
    asha, tmp_path, settings
):
    asha.post(begun(asha, 34_333, "").url)
    assert "is on its way" in text_of(asha.get("/me/"))

    clock_at(settings, tmp_path, NOW + timedelta(days=1))
    payments = banked(tmp_path, 34_333, NOW + timedelta(hours=3))

    assert {it.payment_id for it in payments} == {Intent.objects.get().payment_id}
    assert payments.last().state_at == NOW + timedelta(hours=3)
    assert "is on its way" not in text_of(asha.get("/me/"))
    assert stands(NOW + timedelta(days=1)) == [(2, 34_000), (3, 33_668)]


def matched_by_hand(tmp_path, amount, at=NOW):
    """The bank tells of money without her reference, and somebody sees whose it is."""
    file = tmp_path / "day.xml"
    file.write_bytes(written("camt08", [Move(at.date(), amount, text="from my aunt", bank_id="b1")]))
    take_statement(file, at=at + timedelta(hours=3))
    lead = member("lead", "north")
    return match_line(line=StatementLine.objects.get(), loan=LOAN, by=lead, at=at + timedelta(hours=4))


def test_of_money_that_a_person_matches_nothing_stays_on_its_way_either(asha, tmp_path):
    asha.post(begun(asha, 34_333, "").url)

    matched_by_hand(tmp_path, 34_333)

    later = NOW + timedelta(hours=5)
    assert Intent.objects.get().state == "paid"
    assert not beside([LOAN], today=later.date(), at=later).coming
    assert stands(later) == [(2, 34_000), (3, 33_668)]


def test_what_she_said_it_is_for_holds_when_a_person_matches_the_line_two_days_later(asha, tmp_path):
    asha.post(begun(asha, 100_328, "payoff").url)

    matched_by_hand(tmp_path, 100_328, NOW + timedelta(days=2))

    assert loan_of(LOAN, "asha", NOW + timedelta(days=3)).left == 0
    assert verify_statements().holds
    assert verify_accounts().holds


def test_a_match_that_is_undone_leaves_the_loan_as_it_was(asha, tmp_path):
    asha.post(begun(asha, 45_000, "smaller").url)
    line = matched_by_hand(tmp_path, 45_000)

    undo(line=line, by=Staff.objects.get(), at=NOW + timedelta(hours=5))

    assert stands(NOW + timedelta(hours=6)) == [(1, 34_333), (2, 34_000), (3, 33_668)]
    assert verify_statements().holds
    assert verify_accounts().holds


@pytest.mark.parametrize(("kind", "number"), [("cash", ""), ("cheque", "000123")])
def test_what_she_said_it_is_for_holds_at_the_counter(kind, number, asha):
    begun(asha, 45_000, "smaller", way="branch")
    agent = member("agent", "north")

    receipt = take_cash(
        loan_id=LOAN,
        amount=Money(45_000, "EUR"),
        by=agent,
        at=NOW,
        once="one",
        kind=kind,
        cheque_number=number,
    )
    if kind == "cheque":
        assert stands() == [(1, 34_333), (2, 34_000), (3, 33_668)]
        cheque_cleared(receipt=receipt, by=agent, at=NOW)

    assert stands() == [(1, 19_333), (2, 18_699), (3, 18_517)]
    assert Intent.objects.get().state == "paid"


def test_a_figure_that_changed_is_said_and_nothing_begins(asha):
    answer = begun(asha, 100_327, "payoff")

    assert answer.status_code == 422
    assert "has changed" in text_of(answer)
    assert not Intent.objects.exists()


def test_an_aim_that_nobody_knows_and_somebody_elses_loan_are_nothing(asha, client):
    assert begun(asha, 45_000, "yacht").status_code == 422
    assert signed_in_as(client, "far").get(f"{PAGE}for/?amount=45000").status_code == 404
    assert not Intent.objects.exists()


# --- what a way carries


@pytest.fixture
def rial(environ, client, monkeypatch):
    """A loan in rials, and the two numbers of a bill alone to pay it by."""
    for name in list(os.environ):
        if name.startswith("TIDEOVER_PAY_") and "BILL" not in name:
            monkeypatch.delenv(name)
    steps = [
        row(
            "instalments",
            loan_id=LOAN,
            number=1,
            due_on=TODAY + 5,
            principal=2_500_500,
            interest=0,
            fees=0,
            paid=0,
        )
    ]
    recorded(together(someone("asha", country="IR"), loan("asha", currency="IRR"), {"instalments": steps}))
    return signed_in_as(client, "asha")


def test_a_way_that_cannot_carry_the_amount_is_not_offered_and_why_is_said(rial):
    odd, whole = rial.get(f"{PAGE}way/?amount=2500500"), rial.get(f"{PAGE}way/?amount=2500000")

    assert 'name="way"' not in odd.content.decode()
    assert "No way to pay here carries" in text_of(odd)
    assert "only in whole amounts of IRR 1,000" in text_of(odd)
    assert 'value="bill_id"' in whole.content.decode()


def test_an_amount_posted_all_the_same_begins_nothing(rial):
    answer = rial.post(f"{PAGE}way/", {"amount": "2500500", "way": "bill_id", "once": "one"})

    assert answer.status_code == 422
    assert not Intent.objects.exists()
