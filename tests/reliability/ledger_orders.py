"""One history of twenty events from a provider, told in many orders, twice over, with crashes between: one final state."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from datetime import timedelta

from tests.people import TODAY, loan, row, someone, together
from tests.reliability.ledger_sim import NOW, Crash

EVENTS = 20


def orders(count: int, seed: int) -> dict[str, object]:
    """So many orders of the history. How many final states there were, and how many should be: one."""
    chance, ended = random.Random(seed), {}
    straight = list(range(EVENTS))
    for number in range(count):
        order = list(straight)
        if number:
            order += chance.choices(straight, k=chance.randint(0, 10))
            chance.shuffle(order)
        ended.setdefault(_told(number, order, chance if number else None), order)
    return {"orders": count, "events": EVENTS, "final_states": len(ended), "which": list(ended.values())[1:3],
            "passed": len(ended) == 1}  # fmt: skip


def _told(number: int, order: list[int], chance: random.Random | None) -> str:
    from django.db import transaction

    name = f"order{number}"
    _lend(name)
    history = _history(name)
    for place in order:
        try:
            with transaction.atomic():
                history[place]()
                _maybe_crash(chance)
        except Crash:
            history[place]()
    return _state(name)


def _maybe_crash(chance: random.Random | None) -> None:
    if chance and chance.random() < 0.1:
        raise Crash


def _lend(name: str) -> None:
    from tests.recording import recorded

    steps = [
        row("instalments", loan_id=f"{name}-loan-1", number=place, due_on=TODAY - 35 + 20 * place, principal=9_000,
            interest=900 - 100 * place, fees=90, paid=0)
        for place in range(1, 7)
    ]  # fmt: skip
    recorded(together(someone(name), loan(name, annual_rate_ppm=240_000), {"instalments": steps}))


def _history(name: str) -> list[Callable[[], object]]:
    """Nine payments: announced, booked, bounced, refunded, charged back, unnamed and matched, one meant to shorten the loan."""
    from tideover.kit.money import Money
    from tideover.repayment import ledger

    loan_id = f"{name}-loan-1"

    def at(hour: int):
        return NOW + timedelta(hours=hour)

    def money(amount: int) -> Money:
        return Money(amount, "GBP")

    def announced(key: str, amount: int, hour: int):
        about = {"payment_id": f"{name}{key}", "loan_id": loan_id, "amount": money(amount)}
        return lambda: ledger.announce(**about, way="card", at=at(hour))

    def booked(key: str, amount: int, hour: int, early: str = "", where: str = loan_id):
        about = {"payment_id": f"{name}{key}", "loan_id": where, "amount": money(amount), "early": early}
        return lambda: ledger.book(**about, way="card", paid_at=at(hour), at=at(hour + 1))

    def back(key: str, hour: int, verb: str):
        return lambda: getattr(ledger, verb)(payment_id=f"{name}{key}", because="told", at=at(hour))

    def refunded(key: str, number: str, amount: int, hour: int):
        about = {"payment_id": f"{name}{key}", "refund_id": number, "amount": money(amount)}
        return lambda: ledger.refund(**about, at=at(hour))

    def matched(key: str, hour: int):
        return lambda: ledger.match(payment_id=f"{name}{key}", loan_id=loan_id, at=at(hour), by="staff-1")

    return [
        announced("a", 9_890, 1), booked("a", 9_890, 2),
        announced("b", 5_000, 3), booked("b", 5_000, 4), back("b", 60, "reverse"),
        booked("c", 20_000, 5, "principal"), refunded("c", "1", 1_500, 6), refunded("c", "2", 500, 7),
        booked("d", 3_000, 8), back("d", 30, "charge_back"), refunded("d", "1", 200, 9),
        announced("e", 700, 10),
        announced("f", 800, 11), back("f", 12, "reverse"),
        booked("g", 1_234, 13, where=""), matched("g", 14),
        booked("h", 60_000, 15), refunded("h", "1", 70_000, 16),
        booked("i", 777, 17), booked("j", 777, 17, "ahead"),
    ]  # fmt: skip


def _state(name: str) -> str:
    """The balances, the schedule and the payments as the book has them, in short. Not when we heard of them."""
    from django.db.models import Sum

    from tideover.book.models import FACTS
    from tideover.repayment.ledger.models import Posting

    loan_id = f"{name}-loan-1"
    sums = Posting.objects.filter(loan__loan_id=loan_id).values_list("account").annotate(Sum("amount"))
    told: dict[str, object] = {
        "balances": sorted((account, amount) for account, amount in sums.order_by() if amount)
    }
    for table, keys in (("instalments", ("number",)), ("payments", ("payment_id",))):
        rows = FACTS[table].objects.filter(loan_id=loan_id).order_by("recorded_at", "id")
        columns = [it.name for it in FACTS[table].table.columns]
        latest = {tuple(getattr(it, key) for key in keys): it for it in rows}
        told[table] = [
            [str(getattr(latest[key], column)).removeprefix(name) for column in columns]
            for key in sorted(latest)
        ]
    return hashlib.sha256(json.dumps(told).replace(name, "").encode()).hexdigest()
