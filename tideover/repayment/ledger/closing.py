"""What closes a loan on a day, and what that saves against its schedule. True on any day, after the end as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tideover.book.models import FACTS
from tideover.kit.money import Money
from tideover.repayment.ledger import pouring
from tideover.repayment.ledger.loading import Shelf, shelves, terms_of
from tideover.repayment.ledger.models import LedgerLoan
from tideover.repayment.ledger.opening import rows_of
from tideover.repayment.ledger.orders import Order
from tideover.repayment.ledger.pouring import Step
from tideover.repayment.ledger.refusals import NoSuchLoan


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
    terms = terms_of([loan_id]).get(loan_id)
    if terms is None:
        raise NoSuchLoan("The book does not know this loan.")
    steps, credit = _steps(loan_id, terms, at)
    owed = pouring.owed_on(steps, on, rate_ppm=terms.annual_rate_ppm, began_on=terms.disbursed_on)
    total = sum(owed.values())
    money = {name: Money(amount, terms.currency) for name, amount in owed.items()}
    return Payoff(
        on, Money(max(total - credit, 0), terms.currency), **money, credit=Money(credit, terms.currency),
        saved=Money(sum(it.left for it in steps) - total, terms.currency),
    )  # fmt: skip


def standing_shelf(loan_id: str) -> Shelf | None:
    """A loan as the ledger has it; None where money never touched it."""
    loan = LedgerLoan.objects.filter(loan_id=loan_id).first()
    return shelves([loan])[loan.pk] if loan else None


def _steps(loan_id: str, terms: object, at: datetime) -> tuple[list[Step], int]:
    """From the ledger, else from the book with its instalments split as the usual order does."""
    shelf = standing_shelf(loan_id)
    if shelf is not None and any(it.kind == "opened" for it in shelf.said):
        return list(shelf.standing.steps), shelf.standing.credit
    rows = (
        FACTS["instalments"]
        .objects.filter(loan_id=loan_id, recorded_at__lte=at)
        .order_by("recorded_at", "id")
    )
    latest = {it.number: it for it in rows}
    plain = rows_of(latest[number] for number in sorted(latest))
    steps = [
        Step(it["number"], date.fromisoformat(it["due_on"]), {part: it[part] for part in pouring.PARTS})
        for it in plain
    ]
    order = Order("instalments", ("interest", "principal", "fees"), "ahead")
    pouring.fill(steps, {it["number"]: it["paid"] for it in plain}, order)
    return steps, 0
