"""A gateway and the bank's statement tell of the same money, in either order: it counts once."""

from datetime import timedelta

import pytest

from tests.people import TODAY, loan, row, someone, together
from tests.recording import NOW, recorded
from tests.repayment.statements.banks import Move, written
from tests.repayment.ways.connected import gateway_post
from tests.staff import member
from tideover.kit.money import Money
from tideover.repayment.loans import loan_of
from tideover.repayment.statements.hands import match_line
from tideover.repayment.statements.models import StatementLine
from tideover.repayment.statements.taking import take_statement
from tideover.repayment.statements.verifying import verify_statements
from tideover.repayment.ways.hearing import take_post
from tideover.repayment.ways.intents import begin
from tideover.repayment.ways.models import Intent
from tideover.repayment.ways.references import reference_of

pytestmark = pytest.mark.django_db
LOAN, AMOUNT = "asha-loan-1", 10_000
NEXT_DAY = NOW + timedelta(days=1)


@pytest.fixture
def asha(environ):
    steps = [
        row("instalments", loan_id=LOAN, number=place, due_on=TODAY - 10 + 30 * place, principal=AMOUNT, interest=0, fees=0, paid=0)
        for place in range(4)
    ]  # fmt: skip
    recorded(together(someone("asha"), loan("asha", currency="INR"), {"instalments": steps}))


@pytest.fixture
def bank(tmp_path):
    """Tells of so many equal transfers with the loan's reference, a day of each."""

    def tells(*days, file="one", text=""):
        moves = [
            Move(it.date(), AMOUNT, text or reference_of(LOAN), "Asha", bank_id=f"{file}-{n}")
            for n, it in enumerate(days)
        ]
        path = tmp_path / f"{file}.xml"
        path.write_bytes(written("camt08", moves).replace(b"EUR", b"INR"))
        take_statement(path, at=days[-1])

    return tells


def gateway(at=NOW, number="g1", **about):
    event = {"id": number, "kind": "paid", "amount": AMOUNT, "currency": "INR", "at": at.isoformat(), **about}
    body, headers = gateway_post(event, at=at)
    take_post(way="upi", body=body, headers=headers, at=at)


def begun(once="one"):
    return begin(
        loan=loan_of(LOAN, "asha", NOW),
        person_id="asha",
        amount=Money(AMOUNT, "INR"),
        way="upi",
        once=once,
        at=NOW,
    )


def paid(at=NEXT_DAY + timedelta(days=20)):
    return sum(it.paid for it in loan_of(LOAN, "asha", at).instalments)


def test_what_a_gateway_told_is_the_line_of_the_next_day(asha, bank):
    made = begun()
    gateway(payment=made.code)

    bank(NEXT_DAY)

    assert paid() == AMOUNT
    assert verify_statements().holds


def test_what_the_bank_told_is_what_a_gateway_tells_later_by_the_reference(asha, bank):
    begun()
    bank(NOW)

    gateway(NEXT_DAY, reference=reference_of(LOAN))

    assert paid() == AMOUNT
    assert Intent.objects.count() == 1


def test_what_a_gateway_told_is_the_line_that_a_person_matches_the_next_day(asha, bank):
    made = begun()
    gateway(payment=made.code)
    bank(NEXT_DAY, text="from my aunt")

    match_line(line=StatementLine.objects.get(), loan=LOAN, by=member("lead", "north"), at=NEXT_DAY)

    assert paid() == AMOUNT
    assert verify_statements().holds


def test_the_next_payment_of_the_same_amount_is_other_money(asha, bank):
    made = begun()
    gateway(payment=made.code)
    bank(NEXT_DAY)

    bank(NEXT_DAY + timedelta(days=1), file="two")
    bank(NEXT_DAY + timedelta(days=12), file="three")

    assert paid() == 3 * AMOUNT
    assert verify_statements().holds


def test_a_payment_of_a_week_later_is_not_taken_for_what_a_gateway_told(asha, bank):
    made = begun()
    gateway(payment=made.code)

    bank(NOW + timedelta(days=7))

    assert paid() == 2 * AMOUNT
