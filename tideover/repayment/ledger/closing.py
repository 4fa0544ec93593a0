"""What closes a loan on a day, and what that saves against its schedule. True on any day, after the end as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tideover.kit.money import Money
from tideover.repayment.ledger import pouring
from tideover.repayment.ledger.loading import shelves
from tideover.repayment.ledger.models import LedgerLoan
from tideover.repayment.ledger.opening import looked_at
from tideover.repayment.ledger.refusals import NoSuchLoan
from tideover.repayment.ledger.standing import Standing


@dataclass(frozen=True)
class Payoff:
    """What is to be paid on a day so that nothing is owed afterwards."""

    on: date
    amount: Money
    """Principal, interest so far and fees that are due, less the customer's credit."""

    principal: Money
    interest: Money
    fees: Money
    credit: Money
    saved: Money
    """Less than the schedule would have asked in all."""


def payoff(loan_id: str, on: date, at: datetime) -> Payoff:
    """The payoff figure. Interest runs to the day: actual/365 on what is lent, else the day's share of the schedule's."""
    stands, terms = standing_of(loan_id, at)
    steps = list(stands.steps)
    owed = pouring.owed_on(steps, on, rate_ppm=terms.annual_rate_ppm, began_on=terms.disbursed_on)
    total = sum(owed.values())
    money = {name: Money(amount, terms.currency) for name, amount in owed.items()}
    return Payoff(
        on, Money(max(total - stands.credit, 0), terms.currency), **money, credit=Money(stands.credit, terms.currency),
        saved=Money(sum(it.left for it in steps) - total, terms.currency),
    )  # fmt: skip


def standing_of(loan_id: str, at: datetime) -> tuple[Standing, Any]:
    """How a loan's money stands, and its terms; where money never touched it, as the book tells it. Nothing is written."""
    known = LedgerLoan.objects.filter(loan_id=loan_id).first() or LedgerLoan(pk=0, loan_id=loan_id)
    shelf = shelves([known])[known.pk]
    if shelf.terms is None:
        raise NoSuchLoan("The book does not know this loan.")
    return looked_at(shelf, at=at), shelf.terms
