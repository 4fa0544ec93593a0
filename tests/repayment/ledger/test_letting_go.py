"""What is let go, and what may be charged: by two people, by the contract, never while a hold lasts."""

import pytest

from tests.people import AT, DAY, TODAY, held, row
from tests.recording import NOW, recorded
from tests.repayment.ledger.asha import LOAN, balances, left, pay, pounds
from tests.staff import member
from tideover.access import two_persons
from tideover.access.actors import SYSTEM, Actor
from tideover.access.allowed import NotAllowed
from tideover.access.roles import Power
from tideover.access.two_persons import NotOpen, SecondPersonNeeded
from tideover.engine.policy.content import SHIPPED
from tideover.repayment import ledger
from tideover.repayment.ledger.refusals import ChargesRest, MoreThanIsOpen, NotInTheContract

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed():
    """Asks for something as an agent, and agrees to it as her lead."""
    agent, lead = member("agent", "north"), member("lead", "north")

    def ask(what):
        request = two_persons.ask(power=Power.WAIVE, what=what, by=agent, at=NOW)
        return agent, two_persons.approve(request=request, by=lead, at=NOW)

    return ask


class TestLettingGo:
    def test_a_fee_is_let_go_by_two_people_and_falls_due_no_more(self, midway, agreed):
        agent, request = agreed(ledger.waiver(loan_id=LOAN, what="fees", amount=pounds(300), at=NOW))

        ledger.waive(loan_id=LOAN, what="fees", amount=pounds(300), at=NOW, by=agent, request=request)

        assert left() == [51_500, 51_100, 50_700]
        assert balances()["waived"] == 300

    def test_nobody_lets_go_alone_nor_of_something_else_than_was_agreed(self, midway, agreed):
        agent, request = agreed(ledger.waiver(loan_id=LOAN, what="fees", amount=pounds(300), at=NOW))

        with pytest.raises(SecondPersonNeeded):
            ledger.waive(loan_id=LOAN, what="fees", amount=pounds(300), at=NOW, by=agent)
        with pytest.raises(NotOpen):
            ledger.waive(loan_id=LOAN, what="fees", amount=pounds(400), at=NOW, by=agent, request=request)
        with pytest.raises(NotAllowed):
            ledger.waive(loan_id=LOAN, what="fees", amount=pounds(1), at=NOW, by=Actor("person", "p-1"))

        assert left() == [51_700, 51_200, 50_700]

    def test_within_the_limit_of_her_role_she_lets_go_alone_all_waivers_together(
        self, midway, settings, tmp_path
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

    def test_only_what_is_open_can_be_let_go(self, midway):
        with pytest.raises(MoreThanIsOpen):
            ledger.waive(loan_id=LOAN, what="fees", amount=pounds(601), at=NOW, by=SYSTEM)

    def test_a_loan_written_off_still_takes_money_and_is_still_owed(self, midway, agreed):
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
        self, midway, contract
    ):
        assert [self.charge(), self.charge()] == [True, False]

        assert left() == [51_700, 52_400, 50_700]

    def test_nothing_beyond_the_contract_is_charged(self, midway, contract):
        with pytest.raises(NotInTheContract):
            self.charge(1_201)

    def test_where_no_contract_names_it_nothing_is_charged(self, midway):
        with pytest.raises(NotInTheContract):
            self.charge(1)

    @pytest.mark.parametrize("kind", ["hardship", "dispute", "complaint"])
    def test_nothing_is_charged_while_a_hold_lets_fees_rest(self, midway, contract, kind):
        recorded(held("asha", kind, from_at=AT - DAY))

        with pytest.raises(ChargesRest):
            self.charge()

    def test_nothing_is_charged_while_a_plan_is_kept(self, midway, contract):
        plan = row("plans", plan_id="p", loan_id=LOAN, kind="pause", from_on=TODAY - 1, until_on=TODAY + 30)
        recorded({"plans": [plan]})

        with pytest.raises(ChargesRest):
            self.charge()
