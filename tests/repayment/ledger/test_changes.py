"""What is owed changes: a new schedule, and what closes the loan on a day."""

from datetime import date, timedelta

import pytest

from tests.people import TODAY, loan, row, someone, together
from tests.recording import NOW, recorded
from tests.repayment.ledger.asha import LATER, LOAN, balances, left, pay, pounds
from tideover.access.actors import SYSTEM
from tideover.repayment import ledger
from tideover.repayment.ledger.refusals import DoesNotAddUp, MoreThanIsOpen
from tideover.repayment.loans import loan_of

pytestmark = pytest.mark.django_db


def test_what_closes_the_loan_is_principal_interest_so_far_and_fees_that_are_due(midway):
    figure = ledger.payoff(LOAN, NOW.date(), NOW)

    # 1,500 of the first, and 10 of 365 days at 12 % on 1,000.00 still lent beyond it: 3.28.
    assert (figure.principal, figure.interest, figure.fees) == (
        pounds(150_000),
        pounds(1_500 + 328),
        pounds(200),
    )
    assert figure.saved == pounds(1_000 + 500 + 400 - 328)


def test_a_payoff_closes_the_loan_and_nothing_is_owed_any_more(midway):
    figure = ledger.payoff(LOAN, NOW.date(), NOW)
    done = pay(figure.amount.minor, early="payoff")

    assert (done.left, done.credit) == (pounds(0), pounds(0))
    assert loan_of(LOAN, "asha", LATER).closed_on == NOW.date()
    closed = ledger.payoff(LOAN, NOW.date() + timedelta(days=100), LATER)
    assert (closed.amount, closed.saved) == (pounds(0), pounds(0))


def test_a_payoff_that_bounces_brings_the_schedule_back(midway):
    before = left()
    pay(ledger.payoff(LOAN, NOW.date(), NOW).amount.minor, early="payoff")

    ledger.reverse(payment_id="p1", because="bounced", at=NOW)

    assert left() == before


def test_money_ahead_pays_the_next_instalments_or_shortens_the_loan_as_she_asks(midway):
    pay(51_700 + 10_000)
    assert left() == [0, 41_200, 50_700]

    pay(20_000, "p2", early="principal")
    # From the end: 500.00 of principal became 300.00, and so its interest 3.00.
    assert left() == [0, 41_200, 30_000 + 300 + 200]


def test_the_open_part_is_replaced_and_what_was_paid_stays_paid(midway):
    pay(51_700 + 1_000 + 4_000)
    new = [ledger.NewInstalment(NOW.date() + timedelta(days=30 * n), 32_000, 400, 0) for n in (1, 2, 3)]

    ledger.reschedule(loan_id=LOAN, instalments=new, at=NOW, because="plan")

    found = loan_of(LOAN, "asha", LATER)
    assert [it.left for it in found.instalments] == [0, 0, 32_400, 32_400, 32_400]
    assert found.paid == 56_700
    pay(32_400, "p2")
    assert left() == [0, 0, 0, 32_400, 32_400]


def test_fewer_instalments_than_before_leave_the_rest_asking_for_nothing(midway):
    ledger.reschedule(
        loan_id=LOAN,
        instalments=[ledger.NewInstalment(date(2027, 3, 1), 150_000, 900)],
        at=NOW,
        because="plan",
    )

    assert left() == [150_900, 0, 0]


def test_a_schedule_that_repays_more_or_less_than_is_lent_is_refused(midway):
    for principal in (149_999, 150_001):
        with pytest.raises(DoesNotAddUp):
            ledger.reschedule(
                loan_id=LOAN,
                instalments=[ledger.NewInstalment(date(2027, 3, 1), principal)],
                at=NOW,
                because="plan",
            )


def test_without_a_rate_interest_runs_by_the_day_of_the_schedule():
    step = row(
        "instalments",
        loan_id=LOAN,
        number=1,
        due_on=TODAY + 20,
        principal=10_000,
        interest=3_000,
        fees=0,
        paid=0,
    )
    recorded(together(someone("asha"), loan("asha", disbursed_on=TODAY - 10), {"instalments": [step]}))

    assert ledger.payoff(LOAN, NOW.date(), NOW).interest == pounds(1_000)


class TestCredit:
    def test_credit_goes_back_when_she_asks_and_no_more_than_it(self, midway):
        pay(153_600 + 900)
        about = {"loan_id": LOAN, "return_id": "r1", "at": NOW, "by": SYSTEM}

        with pytest.raises(MoreThanIsOpen):
            ledger.return_credit(**about, amount=pounds(901))
        ledger.return_credit(**about, amount=pounds(400))
        ledger.paid_out(loan_id=LOAN, return_id="r1", amount=pounds(400), way="transfer", at=NOW)
        ledger.paid_out(loan_id=LOAN, return_id="r1", amount=pounds(400), way="transfer", at=NOW)

        assert balances()["customer_credit"] == -500
        assert balances()["cash:transfer"] == -400
        with pytest.raises(MoreThanIsOpen):
            ledger.paid_out(loan_id=LOAN, return_id="r2", amount=pounds(1), way="transfer", at=NOW)

    def test_credit_pays_what_falls_due_later(self, midway):
        pay(153_600 + 900)
        ledger.return_credit(loan_id=LOAN, return_id="r1", at=NOW, by=SYSTEM, amount=pounds(100))
        new = [ledger.NewInstalment(NOW.date() + timedelta(days=9), 0, 0, 500)]

        ledger.reschedule(loan_id=LOAN, instalments=new, at=NOW, because="insurance")

        assert left() == [0, 0, 0, 0]
        assert balances()["customer_credit"] == -300


def settled():
    return [it.settled_on for it in loan_of(LOAN, "asha", LATER).instalments]


class TestDaysOfSettling:
    def test_an_instalment_is_settled_on_the_day_that_its_last_fee_was_let_go(self, midway):
        pay(51_500)
        assert settled() == [None, None, None]

        ledger.waive(loan_id=LOAN, what="fees", amount=pounds(200), at=NOW, by=SYSTEM)

        assert settled() == [NOW.date(), None, None]

    def test_what_was_kept_of_an_instalment_opens_again_where_its_money_goes_back(self, midway):
        pay(10_000)
        new = [ledger.NewInstalment(NOW.date() + timedelta(days=30), 150_000 - 8_500)]
        ledger.reschedule(loan_id=LOAN, instalments=new, at=NOW, because="plan")
        assert settled()[0] == NOW.date()

        ledger.reverse(payment_id="p1", because="bounced", at=NOW)

        assert settled()[:2] == [None, None]
        assert left()[:2] == [10_000, 141_500]
