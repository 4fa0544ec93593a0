"""Money comes, in any order and any amount, and goes where the contract says."""

from datetime import timedelta

import pytest

from tests.people import AT, DAY, TODAY, card_holder, late, loan, row, schedule, someone, together
from tests.recording import NOW, recorded
from tideover.book.actions import record
from tideover.book.models import FACTS
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.ledger.models import Posting, Told
from tideover.repayment.ledger.refusals import (
    NoSuchLoan,
    NotAnAmount,
    PaysAnotherLoan,
    ToldDifferently,
    WrongCurrency,
)
from tideover.repayment.loans import loan_of

pytestmark = pytest.mark.django_db
LOAN = "asha-loan-1"


def pounds(amount):
    return Money(amount, "GBP")


@pytest.fixture
def asha():
    """Three instalments of 100.00: one overdue, two to come. Nothing is paid."""
    recorded(together(someone("asha"), loan("asha"), schedule("asha", [TODAY - 3, TODAY + 27, TODAY + 57])))


def booked(payment_id="p1", amount=10_000, *, loan_id=LOAN, at=NOW, **about):
    return ledger.book(
        payment_id=payment_id,
        loan_id=loan_id,
        amount=pounds(amount),
        way="transfer",
        paid_at=at,
        at=at,
        **about,
    )


def paid():
    """What each instalment has got, as the book says."""
    return [it.paid for it in loan_of(LOAN, "asha", NOW + timedelta(hours=1)).instalments]


def fact(payment_id="p1"):
    return FACTS["payments"].objects.filter(payment_id=payment_id).order_by("recorded_at").last()


def balances():
    found = {}
    for it in Posting.objects.all():
        found[it.account] = found.get(it.account, 0) + it.amount
    return {name: amount for name, amount in found.items() if amount}


def test_a_payment_settles_the_oldest_instalment_and_says_so(asha):
    done = booked()

    assert [(it.number, it.principal) for it in done.parts] == [(1, 10_000)]
    assert (done.left, done.credit) == (pounds(20_000), pounds(0))
    assert paid() == [10_000, 0, 0]
    assert balances() == {"principal": 20_000, "lent": -30_000, "cash:transfer": 10_000}


def test_money_on_its_way_is_seen_at_once_and_counts_when_it_is_here(asha):
    ledger.announce(payment_id="p1", loan_id=LOAN, amount=pounds(4_000), way="debit", at=NOW)

    assert (fact().amount, fact().state_at) == (4_000, None)
    assert paid() == [0, 0, 0]
    assert balances()["in_transit:debit"] == 4_000

    booked(amount=4_000, at=NOW + timedelta(seconds=5))

    assert fact().state_at == NOW + timedelta(seconds=5)
    assert paid() == [4_000, 0, 0]
    assert "in_transit:debit" not in balances()


def test_the_same_payment_told_twice_is_one_payment(asha):
    first, again = booked(), booked()

    assert (first.is_new, again.is_new, again.parts) == (True, False, ())
    assert paid() == [10_000, 0, 0]


def test_the_same_payment_with_another_amount_is_refused_and_changes_nothing(asha):
    booked()

    with pytest.raises(ToldDifferently):
        booked(amount=9_000)

    assert paid() == [10_000, 0, 0]


def test_what_is_more_than_all_is_the_customers_credit(asha):
    done = booked(amount=31_234)

    assert (done.credit, done.left) == (pounds(1_234), pounds(0))
    assert paid() == [10_000] * 3
    assert balances()["customer_credit"] == -1_234


def test_a_loan_that_is_paid_has_ended_and_begins_again_where_the_money_goes_back(asha):
    booked(amount=30_000)

    assert loan_of(LOAN, "asha", NOW).closed_on == NOW.date()

    ledger.reverse(payment_id="p1", because="bounced", at=NOW + timedelta(minutes=1))

    assert loan_of(LOAN, "asha", NOW + timedelta(hours=1)).closed_on is None
    assert paid() == [0, 0, 0]
    assert fact().reversed_at == NOW + timedelta(minutes=1)


def test_a_bounce_that_is_heard_before_the_payment_ends_the_same(asha):
    ledger.reverse(payment_id="p1", because="bounced", at=NOW)
    done = booked()

    assert done.parts == ()
    assert paid() == [0, 0, 0]
    assert balances() == {"principal": 30_000, "lent": -30_000}


def test_a_charge_back_told_twice_takes_back_once_what_was_left(asha):
    booked(amount=15_000)
    ledger.refund(payment_id="p1", refund_id="r1", amount=pounds(1_000), at=NOW)
    assert paid() == [10_000, 4_000, 0]

    for _ in range(2):
        ledger.charge_back(payment_id="p1", because="card_owner", at=NOW)

    assert paid() == [0, 0, 0]
    assert balances() == {"principal": 30_000, "lent": -30_000}


def test_more_refunded_than_came_is_kept_to_be_asked_about(asha):
    ledger.refund(payment_id="p1", refund_id="r1", amount=pounds(12_000), at=NOW)
    booked()

    assert paid() == [0, 0, 0]
    assert balances() == {"principal": 30_000, "lent": -30_000, "cash:transfer": -2_000, "unexplained": 2_000}


@pytest.mark.parametrize("amount", [0, -1, 10**18])
def test_what_is_no_amount_is_refused(asha, amount):
    with pytest.raises(NotAnAmount):
        booked(amount=amount)

    assert not Told.objects.exists()


def test_another_currency_is_refused(asha):
    with pytest.raises(WrongCurrency):
        ledger.book(payment_id="p1", loan_id=LOAN, amount=Money(100, "EUR"), way="card", paid_at=NOW, at=NOW)


def test_a_payment_pays_one_loan_and_a_loan_must_be_known(asha):
    recorded(late("other"))
    booked()

    with pytest.raises(PaysAnotherLoan):
        booked(loan_id="other-loan-1")
    with pytest.raises(NoSuchLoan):
        booked("p2", loan_id="nobody-loan-1")


def test_money_that_names_no_loan_waits_until_somebody_finds_out(asha):
    ledger.book(payment_id="p1", loan_id="", amount=pounds(5_000), way="transfer", paid_at=NOW, at=NOW)
    assert balances() == {"suspense": -5_000, "cash:transfer": 5_000}
    assert fact() is None

    ledger.match(payment_id="p1", loan_id=LOAN, at=NOW, by="staff-1")

    assert paid() == [5_000, 0, 0]
    assert "suspense" not in balances()
    recorded(late("other"))
    with pytest.raises(PaysAnotherLoan):
        ledger.match(payment_id="p1", loan_id="other-loan-1", at=NOW, by="staff-1")


def test_what_the_book_says_was_paid_is_not_paid_again():
    known = row("payments", payment_id="p0", loan_id=LOAN, amount=10_000, paid_at=AT - DAY, state_at=AT - DAY)
    steps = schedule("asha", [TODAY - 3, TODAY + 27], lags=[0])
    recorded(together(someone("asha"), loan("asha"), steps, {"payments": [known]}))

    booked("p0")
    assert paid() == [10_000, 0]

    booked("p1", 3_000)
    assert paid() == [10_000, 3_000]

    ledger.reverse(payment_id="p0", because="bounced", at=NOW)
    assert paid() == [3_000, 0]


def test_money_that_came_here_outlives_a_snapshot_taken_before_it(asha):
    booked()
    rows = schedule("asha", [TODAY - 3, TODAY + 28, TODAY + 58])["instalments"]
    record("instalments", [{**it, "recorded_at": AT + 60} for it in rows], source="import", at=NOW)
    booked("p2", 2_000, at=NOW + timedelta(minutes=5))

    assert paid() == [10_000, 2_000, 0]


def test_a_payment_that_the_book_never_allocated_and_that_goes_back_is_to_be_asked_about():
    known = row("payments", payment_id="p0", loan_id=LOAN, amount=10_000, paid_at=AT - DAY, state_at=AT - DAY)
    recorded(together(someone("asha"), loan("asha"), schedule("asha", [TODAY - 3]), {"payments": [known]}))

    ledger.reverse(payment_id="p0", because="bounced", at=NOW)

    assert paid() == [0]
    assert balances()["unexplained"] == 10_000


def test_money_for_a_card_is_nobodys_credit():
    recorded(card_holder())

    done = booked(loan_id="card-holder-loan-1")

    assert (done.credit, done.parts) == (pounds(0), ())
    assert balances() == {"cash:transfer": 10_000, "unallocated": -10_000}


def test_a_bounce_that_the_lenders_system_tells_with_a_new_schedule_is_heard(asha):
    booked()
    told = {
        "payment_id": "p1",
        "loan_id": LOAN,
        "paid_at": NOW,
        "amount": 10_000,
        "way": "transfer",
        "state_at": NOW,
    }
    record(
        "payments",
        [{**told, "reversed_at": NOW + timedelta(hours=1)}],
        source="core",
        at=NOW + timedelta(hours=1),
    )
    rows = schedule("asha", [TODAY - 3, TODAY + 27, TODAY + 57])["instalments"]
    record("instalments", [{**it, "recorded_at": AT + 3_600} for it in rows], source="core", at=NOW)

    booked("p2", 2_000, at=NOW + timedelta(hours=2))

    steps = loan_of(LOAN, "asha", NOW + timedelta(hours=3)).instalments
    assert [it.paid for it in steps] == [2_000, 0, 0]
