"""The lender's own system tells a schedule that does not know of a payment yet: nobody who has paid is asked to pay."""

from datetime import timedelta

import pytest

from tests.people import AT, TODAY, loan, schedule, someone, together
from tests.recording import NOW, recorded
from tideover.book.actions import record
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.ledger.taking_up import take_up
from tideover.repayment.ledger.verifying import verify_accounts
from tideover.repayment.loans import loan_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=9)


@pytest.fixture
def paid():
    """Somebody who paid this morning, and somebody whom the ledger does not know."""
    for name in ("asha", "outsider"):
        recorded(together(someone(name), loan(name), schedule(name, [TODAY, TODAY + 30])))
    ledger.book(
        payment_id="p1", loan_id="asha-loan-1", amount=Money(10_000, "GBP"), way="card", paid_at=NOW, at=NOW
    )
    take_up(at=NOW)


def told_tonight(name, *, paid=0):
    rows = schedule(name, [TODAY, TODAY + 31])["instalments"]
    record(
        "instalments", [{**it, "recorded_at": AT + 3_600, "paid": paid} for it in rows], source="core", at=NOW
    )


def left(name="asha"):
    return [it.left for it in loan_of(f"{name}-loan-1", name, LATER).instalments]


def test_a_payment_that_a_snapshot_does_not_know_stays_paid(paid):
    told_tonight("asha")
    assert left() == [10_000, 10_000]

    assert take_up(at=NOW + timedelta(hours=2)) == 1

    assert left() == [0, 10_000]
    assert verify_accounts().counts["told_anew"] == 0


def test_what_nobody_told_anew_is_left_alone_and_the_second_look_finds_nothing(paid):
    assert take_up(at=NOW) == 0
    told_tonight("asha")
    assert [take_up(at=NOW + timedelta(hours=n)) for n in (2, 3)] == [1, 0]


def test_a_loan_that_the_ledger_does_not_keep_is_not_touched(paid):
    told_tonight("outsider", paid=4_000)

    assert take_up(at=NOW + timedelta(hours=2)) == 0
    assert left("outsider") == [6_000, 6_000]
