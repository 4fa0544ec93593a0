"""Asha's loan while it changes: what tests of waivers, plans and payoffs do and look at."""

from datetime import timedelta

from tests.recording import NOW
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.ledger.models import Posting
from tideover.repayment.loans import loan_of

LOAN = "asha-loan-1"
LATER = NOW + timedelta(hours=1)


def pounds(amount):
    return Money(amount, "GBP")


def pay(amount, payment_id="p1", **about):
    return ledger.book(
        payment_id=payment_id, loan_id=LOAN, amount=pounds(amount), way="card", paid_at=NOW, at=NOW, **about
    )


def left():
    return [it.left for it in loan_of(LOAN, "asha", LATER).instalments]


def balances():
    found = {}
    for it in Posting.objects.all():
        found[it.account] = found.get(it.account, 0) + it.amount
    return {name: amount for name, amount in found.items() if amount}
