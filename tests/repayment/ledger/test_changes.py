"""What is owed changes: a new schedule, and what closes the loan on a day."""

from datetime import date, timedelta

import pytest

from tests.people import AT, DAY, TODAY, held, loan, row, someone, together
from tests.recording import NOW, recorded
from tests.staff import member
from tideover.access import two_persons
from tideover.access.actors import SYSTEM, Actor
from tideover.access.allowed import NotAllowed
from tideover.access.roles import Power
from tideover.access.two_persons import NotOpen, SecondPersonNeeded
from tideover.engine.policy.content import SHIPPED
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.ledger.models import Posting
from tideover.repayment.ledger.refusals import ChargesRest, DoesNotAddUp, MoreThanIsOpen, NotInTheContract
from tideover.repayment.loans import loan_of

pytestmark = pytest.mark.django_db
LOAN = "asha-loan-1"
LATER = NOW + timedelta(hours=1)


def pounds(amount):
    return Money(amount, "GBP")


@pytest.fixture
def asha():
    """Twelve per cent a year, 31 days each: 10.00 interest in the running period, 5.00 in the next."""
    steps = [
        row("instalments", loan_id=LOAN, number=1, due_on=TODAY - 10, principal=50_000, interest=1_500, fees=200, paid=0),
        row("instalments", loan_id=LOAN, number=2, due_on=TODAY + 20, principal=50_000, interest=1_000, fees=200, paid=0),
        row("instalments", loan_id=LOAN, number=3, due_on=TODAY + 50, principal=50_000, interest=500, fees=200, paid=0),
    ]  # fmt: skip
    about = loan("asha", principal=150_000, annual_rate_ppm=120_000, disbursed_on=TODAY - 40)
    recorded(together(someone("asha"), about, {"instalments": steps}))


def pay(amount, payment_id="p1", **about):
    return ledger.book(
        payment_id=payment_id, loan_id=LOAN, amount=pounds(amount), way="card", paid_at=NOW, at=NOW, **about
    )


def left():
    return [it.left for it in loan_of(LOAN, "asha", LATER).instalments]


def test_what_closes_the_loan_is_principal_interest_so_far_and_fees_that_are_due(asha):
    figure = ledger.payoff(LOAN, NOW.date(), NOW)

    # 1,500 of the first, and 10 of 365 days at 12 % on 1,000.00 still lent beyond it: 3.28.
    assert (figure.principal, figure.interest, figure.fees) == (
        pounds(150_000),
        pounds(1_500 + 328),
        pounds(200),
    )
    assert figure.saved == pounds(1_000 + 500 + 400 - 328)


def test_a_payoff_closes_the_loan_and_nothing_is_owed_any_more(asha):
    figure = ledger.payoff(LOAN, NOW.date(), NOW)
    done = pay(figure.amount.minor, early="payoff")

    assert (done.left, done.credit) == (pounds(0), pounds(0))
    assert loan_of(LOAN, "asha", LATER).closed_on == NOW.date()
    closed = ledger.payoff(LOAN, NOW.date() + timedelta(days=100), LATER)
    assert (closed.amount, closed.saved) == (pounds(0), pounds(0))


def test_a_payoff_that_bounces_brings_the_schedule_back(asha):
    before = left()
    pay(ledger.payoff(LOAN, NOW.date(), NOW).amount.minor, early="payoff")

    ledger.reverse(payment_id="p1", because="bounced", at=NOW)

    assert left() == before


def test_money_ahead_pays_the_next_instalments_or_shortens_the_loan_as_she_asks(asha):
    pay(51_700 + 10_000)
    assert left() == [0, 41_200, 50_700]

    pay(20_000, "p2", early="principal")
    # From the end: 500.00 of principal became 300.00, and so its interest 3.00.
    assert left() == [0, 41_200, 30_000 + 300 + 200]


def test_the_open_part_is_replaced_and_what_was_paid_stays_paid(asha):
    pay(51_700 + 1_000 + 4_000)
    new = [ledger.NewInstalment(NOW.date() + timedelta(days=30 * n), 32_000, 400, 0) for n in (1, 2, 3)]

    ledger.reschedule(loan_id=LOAN, instalments=new, at=NOW, because="plan")

    found = loan_of(LOAN, "asha", LATER)
    assert [it.left for it in found.instalments] == [0, 0, 32_400, 32_400, 32_400]
    assert found.paid == 56_700
    pay(32_400, "p2")
    assert left() == [0, 0, 0, 32_400, 32_400]


def test_fewer_instalments_than_before_leave_the_rest_asking_for_nothing(asha):
    ledger.reschedule(
        loan_id=LOAN,
        instalments=[ledger.NewInstalment(date(2027, 3, 1), 150_000, 900)],
        at=NOW,
        because="plan",
    )

    assert left() == [150_900, 0, 0]


def test_a_schedule_that_repays_more_or_less_than_is_lent_is_refused(asha):
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


def balances():
    found = {}
    for it in Posting.objects.all():
        found[it.account] = found.get(it.account, 0) + it.amount
    return {name: amount for name, amount in found.items() if amount}


@pytest.fixture
def agreed():
    """Asks for something as an agent, and agrees to it as her lead."""
    agent, lead = member("agent", "north"), member("lead", "north")

    def ask(what):
        request = two_persons.ask(power=Power.WAIVE, what=what, by=agent, at=NOW)
        return agent, two_persons.approve(request=request, by=lead, at=NOW)

    return ask


class TestLettingGo:
    def test_a_fee_is_let_go_by_two_people_and_falls_due_no_more(self, asha, agreed):
        agent, request = agreed(ledger.waiver(loan_id=LOAN, what="fees", amount=pounds(300), at=NOW))

        ledger.waive(loan_id=LOAN, what="fees", amount=pounds(300), at=NOW, by=agent, request=request)

        assert left() == [51_500, 51_100, 50_700]
        assert balances()["waived"] == 300

    def test_nobody_lets_go_alone_nor_of_something_else_than_was_agreed(self, asha, agreed):
        agent, request = agreed(ledger.waiver(loan_id=LOAN, what="fees", amount=pounds(300), at=NOW))

        with pytest.raises(SecondPersonNeeded):
            ledger.waive(loan_id=LOAN, what="fees", amount=pounds(300), at=NOW, by=agent)
        with pytest.raises(NotOpen):
            ledger.waive(loan_id=LOAN, what="fees", amount=pounds(400), at=NOW, by=agent, request=request)
        with pytest.raises(NotAllowed):
            ledger.waive(loan_id=LOAN, what="fees", amount=pounds(1), at=NOW, by=Actor("person", "p-1"))

        assert left() == [51_700, 51_200, 50_700]

    def test_within_the_limit_of_her_role_she_lets_go_alone_all_waivers_together(
        self, asha, settings, tmp_path
    ):
        own = (
            (SHIPPED / "allocation.yaml")
            .read_text("utf-8")
            .replace("alone: {}", "alone: {agent: {GBP: 250}}")
        )
        (tmp_path / "allocation.yaml").write_text(own, "utf-8")
        settings.CONTENT = tmp_path
        agent = member("agent", "north")

        ledger.waive(loan_id=LOAN, what="fees", amount=pounds(200), at=NOW, by=agent)
        with pytest.raises(SecondPersonNeeded):
            ledger.waive(loan_id=LOAN, what="interest", amount=pounds(51), at=NOW, by=agent)

        assert left() == [51_500, 51_200, 50_700]

    def test_only_what_is_open_can_be_let_go(self, asha):
        with pytest.raises(MoreThanIsOpen):
            ledger.waive(loan_id=LOAN, what="fees", amount=pounds(601), at=NOW, by=SYSTEM)

    def test_a_loan_written_off_still_takes_money_and_is_still_owed(self, asha, agreed):
        agent, request = agreed(ledger.writing_off(loan_id=LOAN, at=NOW))

        ledger.write_off(loan_id=LOAN, at=NOW, by=agent, request=request)
        pay(51_700)

        assert left() == [0, 51_200, 50_700]
        assert balances()["written_off"] == 51_200 + 50_700
        assert "principal" not in balances()


class TestCharges:
    @pytest.fixture
    def contract(self, settings, tmp_path):
        """A contract that names a late fee of up to 12.00."""
        own = (SHIPPED / "allocation.yaml").read_text("utf-8")
        own = own.replace("charges: {}", "charges: {late_fee: {GBP: 1200}}")
        (tmp_path / "allocation.yaml").write_text(own, "utf-8")
        settings.CONTENT = tmp_path

    def charge(self, amount=1_200, instalment=1):
        return ledger.charge(
            loan_id=LOAN, name="late_fee", instalment=instalment, amount=pounds(amount), at=NOW, by=SYSTEM
        )

    def test_what_the_contract_names_is_charged_once_and_falls_due_with_the_next_instalment(
        self, asha, contract
    ):
        assert [self.charge(), self.charge()] == [True, False]

        assert left() == [51_700, 52_400, 50_700]

    def test_nothing_beyond_the_contract_is_charged(self, asha, contract):
        with pytest.raises(NotInTheContract):
            self.charge(1_201)

    def test_where_no_contract_names_it_nothing_is_charged(self, asha):
        with pytest.raises(NotInTheContract):
            self.charge(1)

    @pytest.mark.parametrize("kind", ["hardship", "dispute", "complaint"])
    def test_nothing_is_charged_while_a_hold_lets_fees_rest(self, asha, contract, kind):
        recorded(held("asha", kind, from_at=AT - DAY))

        with pytest.raises(ChargesRest):
            self.charge()

    def test_nothing_is_charged_while_a_plan_is_kept(self, asha, contract):
        plan = row("plans", plan_id="p", loan_id=LOAN, kind="pause", from_on=TODAY - 1, until_on=TODAY + 30)
        recorded({"plans": [plan]})

        with pytest.raises(ChargesRest):
            self.charge()


class TestCredit:
    def test_credit_goes_back_when_she_asks_and_no_more_than_it(self, asha):
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

    def test_credit_pays_what_falls_due_later(self, asha):
        pay(153_600 + 900)
        ledger.return_credit(loan_id=LOAN, return_id="r1", at=NOW, by=SYSTEM, amount=pounds(100))
        new = [ledger.NewInstalment(NOW.date() + timedelta(days=9), 0, 0, 500)]

        ledger.reschedule(loan_id=LOAN, instalments=new, at=NOW, because="insurance")

        assert left() == [0, 0, 0, 0]
        assert balances()["customer_credit"] == -300
