"""What a payment would do to a loan, before anybody makes it: poured as the ledger will pour it. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tideover.kit.money import Money
from tideover.repayment.ledger import pouring
from tideover.repayment.ledger.closing import standing_of
from tideover.repayment.ledger.standing import Standing


@dataclass(frozen=True)
class Foreseen:
    """The loan after the payment, beside what its schedule asks for now."""

    saved: Money
    """Less than the schedule would have asked in all."""
    payments: int
    """How many are still to come."""
    next_on: date | None
    next_amount: Money
    ends_on: date | None
    """The day of the last payment; None where the loan is closed."""

    @property
    def closes(self) -> bool:
        """Nothing is owed afterwards."""
        return self.ends_on is None


def foresee(
    *, loan_id: str, amount: Money, aims: Iterable[str], on: date, at: datetime
) -> dict[str, Foreseen]:
    """What this amount would do, paid that day, for each of these aims. Raises NoSuchLoan."""
    stands, terms = standing_of(loan_id, at)
    return {it: _foreseen(stands, terms, amount, it, on) for it in aims}


def _foreseen(stands: Standing, terms: Any, amount: Money, early: str, on: date) -> Foreseen:
    steps = deepcopy(list(stands.steps))
    before = sum(it.left for it in steps)
    over = pouring.pour_as(
        steps, amount.minor, early, on=on, order=stands.order, rate_ppm=terms.annual_rate_ppm, began_on=terms.disbursed_on
    )  # fmt: skip
    left = [it for it in pouring.in_order(steps) if it.left]
    saved = before - (amount.minor - over) - sum(it.left for it in left)
    return Foreseen(
        Money(saved, amount.currency), len(left), left[0].due_on if left else None,
        Money(left[0].left if left else 0, amount.currency), left[-1].due_on if left else None,
    )  # fmt: skip
