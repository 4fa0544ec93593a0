"""The random steps: each does one thing through the ledger's own verbs, and hands back what the oracle is to remember."""

from __future__ import annotations

from datetime import timedelta

from tideover.access.actors import SYSTEM
from tideover.book.actions import record
from tideover.book.models import FACTS
from tideover.kit.money import Money
from tideover.repayment import ledger

AMOUNTS = (0, -5, 10**18)


def nothing():
    """Nothing to remember."""


def announce(sim, due):
    key, amount = _new(sim), _amount(sim)
    ledger.announce(
        payment_id=key, loan_id=due.loan_id, amount=Money(amount, due.currency), way="card", at=sim.at
    )
    return lambda: due.payments.update({key: _payment(None)})


def book(sim, due):
    waiting = [key for key, it in due.payments.items() if it["amount"] is None]
    key = sim.chance.choice(waiting) if waiting and sim.chance.random() < 0.6 else _new(sim)
    amount = sim.chance.choice(AMOUNTS) if sim.chance.random() < 0.03 else _amount(sim)
    currency = "USD" if sim.chance.random() < 0.02 else due.currency
    paid_at = sim.at - timedelta(days=sim.chance.randint(0, 30))
    early = sim.chance.choice(["", "", "ahead", "principal", "payoff"])
    ledger.book(
        payment_id=key, loan_id=due.loan_id, amount=Money(amount, currency), way=sim.chance.choice(["card", "cash"]),
        paid_at=paid_at, at=sim.at, early=early,
    )  # fmt: skip

    def known():
        due.payments.setdefault(key, _payment(None))["amount"] = amount

    return known


def again(sim, due):
    """The same payment once more, or with another amount: refused, and nothing changes."""
    booked = [(key, it["amount"]) for key, it in due.payments.items() if it["amount"] is not None]
    if booked:
        key, amount = sim.chance.choice(booked)
        ledger.book(
            payment_id=key, loan_id=due.loan_id, amount=Money(amount + sim.chance.randint(0, 1), due.currency), way="x",
            paid_at=sim.at, at=sim.at,
        )  # fmt: skip
    return nothing


def reverse(sim, due):
    key = _known(sim, due)
    ledger.reverse(payment_id=key, because="bounced", at=sim.at)
    return lambda: due.payments.setdefault(key, _payment(None)).update(reversed=True)


def charge_back(sim, due):
    key = _known(sim, due)
    ledger.charge_back(payment_id=key, because="card_owner", at=sim.at)
    return lambda: due.payments.setdefault(key, _payment(None)).update(charged_back=True)


def refund(sim, due):
    key, amount, refund_id = _known(sim, due), sim.chance.randint(1, 6_000), f"r{sim.chance.randint(1, 3)}"
    ledger.refund(payment_id=key, refund_id=refund_id, amount=Money(amount, due.currency), at=sim.at)

    def known():
        due.payments.setdefault(key, _payment(None))["refunds"].setdefault(refund_id, amount)

    return known


def match(sim, due):
    """Money without a name, found out at once."""
    key, amount = _new(sim), _amount(sim)
    ledger.book(
        payment_id=key,
        loan_id="",
        amount=Money(amount, due.currency),
        way="transfer",
        paid_at=sim.at,
        at=sim.at,
    )
    ledger.match(payment_id=key, loan_id=due.loan_id, at=sim.at, by="staff-1")
    return lambda: due.payments.update({key: _payment(amount)})


def waive(sim, due):
    what, amount = sim.chance.choice(["fees", "interest"]), Money(sim.chance.randint(1, 90), due.currency)
    ledger.waive(loan_id=due.loan_id, what=what, amount=amount, at=sim.at, by=SYSTEM)
    return nothing


def charge(sim, due):
    amount = Money(sim.chance.randint(1, 1_200), due.currency)
    instalment = sim.chance.randint(1, 3)
    ledger.charge(
        loan_id=due.loan_id, name="late_fee", instalment=instalment, amount=amount, at=sim.at, by=SYSTEM
    )
    return nothing


def reschedule(sim, due):
    stands, _ = ledger.standing_of(due.loan_id, sim.at)
    left, parts = sum(it.open("principal") for it in stands.steps), sim.chance.randint(1, 5)
    share = Money(left, due.currency).split(parts)
    new = [
        ledger.NewInstalment(sim.at.date() + timedelta(days=20 * place), it.minor, sim.chance.randint(0, 300))
        for place, it in enumerate(share)
    ]
    ledger.reschedule(loan_id=due.loan_id, instalments=new, at=sim.at, because="plan")
    return nothing


def return_credit(sim, due):
    stands, _ = ledger.standing_of(due.loan_id, sim.at)
    amount = sim.chance.randint(1, max(stands.credit, 1))
    about = {"loan_id": due.loan_id, "return_id": _new(sim), "at": sim.at}
    ledger.return_credit(**about, amount=Money(amount, due.currency), by=SYSTEM)

    def known():
        due.returned += amount

    return known


def told_anew(sim, due):
    """Another system moves a day of the schedule, and knows all that was paid."""
    rows = FACTS["instalments"].objects.filter(loan_id=due.loan_id).order_by("recorded_at", "id")
    last = {it.number: it for it in rows}
    names = [it.name for it in FACTS["instalments"].table.columns]
    row = {name: getattr(last[max(last)], name) for name in names}
    record("instalments", [{**row, "due_on": row["due_on"] + timedelta(days=1)}], source="core", at=sim.at)
    return nothing


def payoff(sim, due):
    figure = ledger.payoff(due.loan_id, sim.at.date(), sim.at)
    if figure.amount.minor <= 0 or figure.credit.minor:
        return nothing
    key = _new(sim)
    done = ledger.book(
        payment_id=key,
        loan_id=due.loan_id,
        amount=figure.amount,
        way="card",
        paid_at=sim.at,
        at=sim.at,
        early="payoff",
    )
    if done.left.minor or done.credit.minor:
        sim.fault(f"a payoff of {figure.amount} left {done.left} to pay and {done.credit} over")
    return lambda: due.payments.update({key: _payment(figure.amount.minor)})


def _payment(amount):
    return {"amount": amount, "refunds": {}, "reversed": False, "charged_back": False}


def _new(sim):
    sim.number += 1
    return f"p{sim.number}"


def _amount(sim):
    return sim.chance.choice([1, 7, sim.chance.randint(1, 10_000), sim.chance.randint(1, 40_000)])


def _known(sim, due):
    return sim.chance.choice(list(due.payments)) if due.payments and sim.chance.random() < 0.95 else _new(sim)
