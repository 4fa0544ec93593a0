"""Random money over random loans, with crashes in the middle: after every step all postings add up to nothing.

The oracle is plain sums of what was done here; it knows nothing of how the ledger works.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.people import AT, TODAY, loan, row, someone, together
from tests.reliability.own_process import answered, in_own_process, made_ready

NOW = datetime.fromtimestamp(AT, UTC)
CURRENCIES = ("GBP", "VND", "KWD", "EUR", "IRR")
A_ROUND, LOANS = 500, 40
"""So many steps go over so many loans; then others take their place."""

ALLOCATION = "charges: {late_fee: {GBP: 1200, VND: 20000, KWD: 3000, EUR: 1200, IRR: 900000}}"
VERBS = {
    "announce": 12, "book": 34, "again": 6, "reverse": 8, "refund": 8, "charge_back": 5, "match": 4, "waive": 6,
    "charge": 5, "reschedule": 4, "return_credit": 4, "told_anew": 2, "payoff": 2,
}  # fmt: skip


class Crash(Exception):
    """The power goes, in the middle of a transaction."""


def run(full: bool) -> dict[str, object]:
    """100,000 steps, 1,000 orders of one history, one payment told 500 times at once; or a sample of each."""
    return in_own_process(
        "tests.reliability.ledger_sim", *((100_000, 1_000, 500) if full else (300, 12, 100))
    )


@dataclass
class Due:
    """What the oracle knows of one loan."""

    loan_id: str
    currency: str
    opened_with: int
    payments: dict[str, dict] = field(default_factory=dict)
    returned: int = 0

    @property
    def cash(self) -> int:
        """All that came in less all that left again, by what was done here."""
        return sum(_here(it) for it in self.payments.values())


def _here(payment: dict) -> int:
    if payment["amount"] is None:
        return 0
    refunded = sum(payment["refunds"].values())
    if payment["reversed"]:
        return -refunded
    return min(0, payment["amount"] - refunded) if payment["charged_back"] else payment["amount"] - refunded


@dataclass
class Sim:
    """A run of it: chance, the clock, what the postings came to so far."""

    chance: random.Random
    at: datetime = NOW
    dues: dict[str, Due] = field(default_factory=dict)
    steps: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    sums: Counter[str] = field(default_factory=Counter)
    balances: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: int = 0
    number: int = 0

    def fault(self, says: str) -> None:
        self.faults.append(f"step {self.steps.total()}: {says}")


def operations(steps: int, seed: int) -> dict[str, object]:
    """So many random steps, each looked at at once."""
    from tideover.repayment.ledger.verifying import verify_accounts

    sim, began = Sim(random.Random(seed)), time.monotonic()
    for first in range(0, steps, A_ROUND):
        _lend(sim, first // A_ROUND)
        for _ in range(min(A_ROUND, steps - first)):
            _step(sim)
    seconds = time.monotonic() - began
    verified = verify_accounts()
    return {
        "steps": sim.steps.total(), "of_each": dict(sim.steps), "refused": dict(sim.refused),
        "postings": sim.seen, "entries": verified.counts["entries"], "faults": sim.faults[:5],
        "verified": verified.counts, "steps_a_second": round(steps / seconds, 1),
        "passed": not sim.faults and verified.holds and sim.steps["crash"] > 0,
    }  # fmt: skip


def _lend(sim: Sim, round_: int) -> None:
    from tests.recording import recorded

    sim.dues, books = {}, []
    for number in range(LOANS):
        name, currency = f"r{round_}n{number}", sim.chance.choice(CURRENCIES)
        steps = [
            row("instalments", loan_id=f"{name}-loan-1", number=place, due_on=TODAY - 40 + 20 * place,
                principal=sim.chance.randint(0, 9_000), interest=sim.chance.randint(0, 900), fees=sim.chance.randint(0, 90),
                paid=0)
            for place in range(1, sim.chance.randint(2, 7))
        ]  # fmt: skip
        if sim.chance.random() < 0.3:
            steps[0]["paid"] = sim.chance.randint(0, steps[0]["principal"])
        rate = sim.chance.choice([None, 0, 240_000])
        known = loan(
            name, currency=currency, annual_rate_ppm=rate, principal=sum(it["principal"] for it in steps)
        )
        books.append(together(someone(name), known, {"instalments": steps}))
        sim.dues[f"{name}-loan-1"] = Due(f"{name}-loan-1", currency, steps[0]["paid"])
    recorded(*books, at=sim.at)


def _step(sim: Sim) -> None:
    from tideover.kit.errors import Refused

    sim.at += timedelta(seconds=sim.chance.randint(1, 400))
    due = sim.chance.choice(list(sim.dues.values()))
    verb = sim.chance.choices(list(VERBS), list(VERBS.values()))[0]
    crashes_at = sim.chance.randint(1, 25) if sim.chance.random() < 0.08 else 0
    try:
        known = _doing(sim, due, verb, crashes_at)
        known()
        sim.steps[verb] += 1
    except Crash:
        sim.steps["crash"] += 1
    except Refused as refused:
        sim.steps[verb] += 1
        sim.refused[type(refused).__name__] += 1
    _looked_at(sim, due)


def _doing(sim: Sim, due: Due, verb: str, crashes_at: int):
    """Do it, and hand back what the oracle then has to remember. A crash leaves nothing to remember."""
    from django.db import connection, transaction

    from tests.reliability import ledger_verbs

    asked = 0

    def falter(execute, sql, params, many, context):
        nonlocal asked
        asked += 1
        if crashes_at and asked >= crashes_at:
            raise Crash
        return execute(sql, params, many, context)

    with connection.execute_wrapper(falter), transaction.atomic():
        known = getattr(ledger_verbs, verb)(sim, due)
        if crashes_at:
            raise Crash
    return known


def _looked_at(sim: Sim, due: Due) -> None:
    from tideover.repayment.ledger.loading import shelves
    from tideover.repayment.ledger.models import LedgerLoan, Posting

    new = Posting.objects.filter(pk__gt=sim.seen).order_by("pk")
    for number, name, account, amount, currency in new.values_list(
        "pk", "loan__loan_id", "account", "amount", "entry__currency"
    ):
        sim.sums[currency] += amount
        sim.balances[name, account] += amount
        sim.seen = number
    if any(sim.sums.values()):
        sim.fault(f"the postings leave {dict(sim.sums)} over")
    found = LedgerLoan.objects.filter(loan_id=due.loan_id).first()
    if found is None:
        return
    shelf = shelves([found])[found.pk]
    mine = {
        account: amount for (name, account), amount in sim.balances.items() if name == due.loan_id and amount
    }
    stands = shelf.standing
    if mine != dict(stands.balances):
        sim.fault(f"the balances of {due.loan_id} are no replay: {mine} {dict(stands.balances)}")
    cash = sum(amount for account, amount in mine.items() if account.startswith("cash"))
    if cash != due.cash:
        sim.fault(f"{due.loan_id} has {cash} in cash where {due.cash} is right")
    paid = sum(it.total_paid for it in stands.steps)
    known = due.opened_with + due.cash + mine.get("unexplained", 0) - due.returned
    if paid + stands.credit != known:
        sim.fault(f"{due.loan_id} counts {paid} paid and {stands.credit} credit of {known}")
    if any(not 0 <= it.paid[part] <= it.due[part] for it in stands.steps for part in it.due):
        sim.fault(f"{due.loan_id} has more paid than due")


def _main() -> None:
    place = Path(sys.argv[sys.argv.index("--here") + 1])
    made_ready()
    from django.conf import settings

    from tests.reliability.ledger_hands import hands
    from tests.reliability.ledger_orders import orders
    from tideover.engine.policy.content import SHIPPED

    own = (SHIPPED / "allocation.yaml").read_text("utf-8").replace("charges: {}", ALLOCATION)
    (place / "content").mkdir()
    (place / "content" / "allocation.yaml").write_text(own, "utf-8")
    settings.CONTENT = place / "content"
    steps, permutations, tellings = (int(it) for it in sys.argv[1:4])
    seed = int(sys.argv[4]) if sys.argv[4].isdigit() else 1
    found = {
        "operations": operations(steps, seed), "orders": orders(permutations, seed), "hands": hands(tellings)
    }  # fmt: skip
    answered(place, {**found, "passed": all(it["passed"] for it in found.values())})


if __name__ == "__main__":
    _main()
