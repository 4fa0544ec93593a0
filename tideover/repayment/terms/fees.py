"""Every fee of a loan and why: agreed with the schedule, charged since by the contract, or let go."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tideover.repayment.ledger.models import Told
from tideover.repayment.loans import Loan

Why = Literal["agreed", "charged", "waived"]


@dataclass(frozen=True)
class Fee:
    """One fee in minor units, and the day of the payment that it falls due with."""

    due_on: date
    amount: int
    why: Why


def fees_of(loan: Loan) -> tuple[Fee, ...]:
    """By day; what was agreed first."""
    told = Told.objects.filter(loan__loan_id=loan.loan_id, kind__in=("charged", "waived")).order_by("pk")
    since = Counter[tuple[int, Why]]()
    for it in told:
        for number, part, amount in it.detail.get("parts", ()):
            if part == "fees":
                since[number, "charged" if it.kind == "charged" else "waived"] += amount
    found = []
    for step in loan.instalments:
        charged, waived = since[step.number, "charged"], since[step.number, "waived"]
        agreed = max(step.fees - charged + waived, 0)
        amounts: tuple[tuple[Why, int], ...] = (("agreed", agreed), ("charged", charged), ("waived", waived))
        found += [Fee(step.due_on, amount, why) for why, amount in amounts if amount]
    return tuple(sorted(found, key=lambda it: it.due_on))
