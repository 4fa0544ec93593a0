"""Histories of another system that tells payments and schedules in any order: at every moment she has paid what was told."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from tests.people import loan, someone, together
from tests.recording import NOW, recorded
from tests.repayment.ledger.asha import LOAN, pounds
from tideover.book.actions import record
from tideover.repayment import ledger
from tideover.repayment.ledger.taking_up import take_up
from tideover.repayment.ledger.told_by_others import record_payments
from tideover.repayment.ledger.verifying import verify_accounts
from tideover.repayment.loans import loan_of

pytestmark = pytest.mark.django_db
DUE, STEPS = 10_000, 6
CORE = "api:1"


@dataclass(frozen=True)
class Event:
    """What happens at an hour: money comes in here, the core tells a payment, or it tells its schedule."""

    hour: float
    what: str
    payment: str = ""
    amount: int = 0
    paid: float = 0.0


def hour(number):
    return NOW + timedelta(hours=number)


def history(chance):
    """Payments that come in here or are told soon or late, and schedules that know all that was paid until then."""
    events = []
    for number in range(chance.randint(1, 6)):
        at, amount = chance.uniform(1, 100), chance.choice([1_000, 2_500, 4_000, 5_500])
        what = chance.choice(["card", "tell", "tell", "tell"])
        told = at if what == "card" else at + chance.choice([0.01, 1, 5, 30])
        events.append(Event(told, what, f"p{number}", amount, at))
    events += [Event(chance.uniform(2, 140), "schedule") for _ in range(chance.randint(0, 5))]
    return sorted(events, key=lambda it: it.hour)


def schedule_of(paid, at):
    rows = []
    for number in range(1, STEPS + 1):
        part = min(paid, DUE)
        paid -= part
        due_on = date(2026, 11, 1) + timedelta(days=30 * number)
        rows.append(
            {
                "loan_id": LOAN, "number": number, "due_on": due_on, "principal": DUE, "paid": part,
                "settled_on": date(2026, 11, 1) if part == DUE else None,
            }
        )  # fmt: skip
    record("instalments", rows, source=CORE, at=at)


def paid_now(at):
    return sum(DUE - it.left for it in loan_of(LOAN, "asha", at + timedelta(minutes=1)).instalments)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_told_when_each_payment_counts_once(seed):
    chance = random.Random(seed)
    recorded(together(someone("asha"), loan("asha")), at=hour(-24))
    before, known, events = chance.choice([0, 7_000, 12_000]), set(), history(chance)
    schedule_of(before, hour(0))

    for it in events:
        at = hour(it.hour)
        if it.what == "card":
            ledger.book(
                payment_id=it.payment, loan_id=LOAN, amount=pounds(it.amount), way="card", paid_at=at, at=at
            )
        elif it.what == "tell":
            row = {"payment_id": it.payment, "loan_id": LOAN, "amount": it.amount}
            record_payments(
                [{**row, "paid_at": hour(it.paid), "state_at": hour(it.paid)}], source=CORE, at=at
            )
        else:
            known |= {one for one in events if one.payment and one.paid <= it.hour}
            schedule_of(before + sum(one.amount for one in known), at)
        known |= {it} if it.payment else set()
        if chance.random() < 0.7:
            take_up(at=at)

        assert paid_now(at) == before + sum(one.amount for one in known), it
    take_up(at=hour(200))
    assert verify_accounts().holds
