"""What `tideover verify ledger` finds, and where it says that it found it."""

import pytest
from django.db import connection

from tests.people import TODAY, loan, schedule, someone, together
from tests.recording import NOW, recorded
from tideover.access.append_only import unprotect
from tideover.book.actions import record
from tideover.book.ledger import INFORMS, verify_ledger
from tideover.book.models import FACTS
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.ledger.models import ONLY_ADDED, Posting
from tideover.repayment.ledger.verifying import FAULTS, KEPT_IN, verify_accounts

pytestmark = pytest.mark.django_db
LOAN = "asha-loan-1"


@pytest.fixture
def kept():
    """A loan with an instalment paid before the ledger knew it, and two payments since, one of which went back."""
    days = [TODAY - 30, TODAY, TODAY + 30]
    recorded(together(someone("asha"), loan("asha"), schedule("asha", days, lags=[0])))
    for number in (1, 2):
        ledger.book(
            payment_id=f"p{number}", loan_id=LOAN, amount=Money(4_000, "GBP"), way="cash", paid_at=NOW, at=NOW
        )
    ledger.reverse(payment_id="p2", because="counted_wrong", at=NOW)


def found():
    verified = verify_accounts()
    return {it: verified.counts[it] for it in FAULTS if verified.counts[it]}, verified.where


def test_a_ledger_that_was_left_alone_holds_and_so_does_the_book(kept):
    assert found() == ({}, [])
    facts = verify_ledger(at=NOW.replace(hour=23), kept_in=KEPT_IN)
    assert not any(count for name, count in facts.items() if name not in INFORMS)


@pytest.mark.parametrize("table", ONLY_ADDED)
@pytest.mark.parametrize("what", ["UPDATE {} SET at = 0", "DELETE FROM {}"])
def test_what_was_written_is_neither_changed_nor_removed(kept, table, what):
    what = what.replace("at = 0", "id = id")

    with pytest.raises(Exception, match="only ever added"), connection.cursor() as cursor:
        cursor.execute(what.format(table))


def test_a_posting_that_was_changed_is_found_with_its_entry_and_its_loan(kept):
    unprotect(connection, "repayment_ledger_posting")
    one = Posting.objects.filter(account="cash:cash").order_by("pk").first()
    Posting.objects.filter(pk=one.pk).update(amount=one.amount + 1)

    faults, where = found()

    assert faults == {"entries_that_leave_something_over": 1, "balances_that_are_no_replay": 1}
    assert f"entry {one.entry_id} leaves 1" in where[0]
    assert f"loan {LOAN}: cash:cash" in where[1]


def test_a_fact_that_was_changed_behind_the_ledger_is_found(kept):
    FACTS["instalments"].objects.filter(provenance="ledger").update(paid=1)
    FACTS["instalments"].objects.exclude(provenance="ledger").update(provenance="ledger")

    assert found()[0] == {"facts_that_differ": 1}


def test_a_payment_fact_that_was_changed_is_found(kept):
    FACTS["payments"].objects.filter(payment_id="p1").update(amount=1)

    assert found()[0] == {"facts_that_differ": 1}


def test_a_schedule_that_another_system_told_anew_is_no_fault(kept):
    rows = schedule("asha", [TODAY - 30, TODAY + 1, TODAY + 31], lags=[0])["instalments"]
    record(
        "instalments",
        [{k: v for k, v in it.items() if k != "recorded_at"} for it in rows],
        source="core",
        at=NOW,
    )

    assert found()[0] == {}
    assert verify_accounts().counts["told_anew"] == 1


def test_a_payment_that_another_system_tells_with_another_amount_stays_as_booked_and_is_named(kept):
    told = {"payment_id": "p1", "loan_id": LOAN, "paid_at": NOW, "amount": 4_500, "state_at": NOW}
    record("payments", [told], source="core", at=NOW)
    ledger.book(
        payment_id="p3", loan_id=LOAN, amount=Money(500, "GBP"), way="cash", paid_at=NOW, at=NOW
    )  # the ledger tells all of this loan again

    faults, where = found()

    assert faults == {}
    assert verify_accounts().counts["told_otherwise"] == 1
    assert where == [
        f"told otherwise: loan {LOAN}: payment p1 is booked with 4000, and told elsewhere as 4500"
    ]
