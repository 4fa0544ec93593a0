"""The loans somebody stands in, as they were known at a moment."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, DAY, TODAY, loan, outsider, reachable, row, schedule, someone, together
from tests.recording import recorded
from tideover.book.actions import record
from tideover.kit.days import date_of
from tideover.repayment.loans import loan_of, loans_of

pytestmark = pytest.mark.django_db
NOW = datetime.fromtimestamp(AT, UTC)
ON = date_of(TODAY)


@pytest.fixture(autouse=True)
def book():
    days = [TODAY - 40, TODAY - 10, TODAY + 20]
    hers = together(someone("joan"), reachable("joan"), loan("joan"), schedule("joan", days, lags=[0]))
    recorded(together(hers, outsider("far"), someone("guard"), someone("mum")), at=NOW - timedelta(days=1))


def stands(person, told, role="guarantor", **about):
    party = row("parties", loan_id="joan-loan-1", person_id=person, role=role, may_be_told=told, **about)
    recorded({"parties": [party]}, at=NOW - timedelta(hours=1))


def test_what_is_due_paid_and_left_adds_up():
    (hers,) = loans_of("joan", NOW)

    assert (hers.paid, hers.left, hers.overdue(ON)) == (10_000, 20_000, 10_000)
    assert hers.next_one.number == 2
    assert hers.is_hers


def test_only_what_was_known_then_counts(django_assert_num_queries):
    paid = {
        "loan_id": "joan-loan-1",
        "number": 2,
        "due_on": date_of(TODAY - 10),
        "principal": 10_000,
        "interest": 0,
        "fees": 0,
        "paid": 10_000,
    }
    record("instalments", [paid], source="test", at=NOW + timedelta(hours=1))

    with django_assert_num_queries(3):
        before = loan_of("joan-loan-1", "joan", NOW)
    after = loan_of("joan-loan-1", "joan", NOW + timedelta(hours=2))

    assert (before.paid, after.paid) == (10_000, 20_000)


def test_a_stranger_sees_nothing():
    assert loan_of("joan-loan-1", "far", NOW) is None


def test_a_guarantor_sees_the_loan_only_where_she_may_be_told():
    stands("guard", "own_part")
    stands("mum", "nothing", role="payer")

    assert [it.role for it in loans_of("guard", NOW)] == ["guarantor"]
    assert loans_of("mum", NOW) == ()


def test_somebody_who_stood_in_it_once_sees_it_no_more():
    stands("guard", "all", until_at=AT - DAY)

    assert loans_of("guard", NOW) == ()
