"""One loan: where it stands, its whole schedule, every fee and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponseBase

from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.loans import Instalment, Loan
from tideover.repayment.terms.beside import beside
from tideover.repayment.terms.fees import fees_of
from tideover.web.portal.door import for_borrowers
from tideover.web.portal.showing import show
from tideover.web.portal.standing.found import found
from tideover.web.portal.standing.home import stand_of


@dataclass(frozen=True)
class Row:
    """One payment of the schedule. `state` is paid, partly, late or coming."""

    number: int
    on: date
    amount: Money
    principal: Money
    cost: Money
    left: Money
    state: str


@dataclass(frozen=True)
class FeeRow:
    """One fee, the day of the payment it belongs to, and why it is there."""

    on: date
    amount: Money
    why: str


@for_borrowers
def loan(request: HttpRequest, loan_id: str) -> HttpResponseBase:
    """All that she may be told of it."""
    it = found(request, loan_id)
    if not it.is_whole:
        return show(request, "portal/standing/own_part.html", {"loan": it.loan}, here="home")
    known = beside([it.loan.loan_id], today=it.place.today, at=it.at)
    fees = [FeeRow(fee.due_on, it.loan.money(fee.amount), fee.why) for fee in fees_of(it.loan)]
    about = {
        "stand": stand_of(it.loan, known, it.place.today),
        "rows": [_row(it.loan, step, it.place.today) for step in it.loan.instalments],
        "principal": it.loan.money(sum(step.principal for step in it.loan.instalments)),
        "cost": it.loan.money(sum(step.interest + step.fees for step in it.loan.instalments)),
        "fees": fees,
        "resting": ledger.resting(it.loan.loan_id, it.at) if it.loan.instalments else None,
        "at": it.place.today,
    }
    return show(request, "portal/standing/loan.html", about, here="home")


def _row(loan: Loan, step: Instalment, today: date) -> Row:
    return Row(
        step.number, step.due_on, loan.money(step.amount), loan.money(step.principal),
        loan.money(step.interest + step.fees), loan.money(step.left), _state(step, today),
    )  # fmt: skip


def _state(step: Instalment, today: date) -> str:
    if not step.left:
        return "paid"
    if step.due_on < today:
        return "late"
    return "partly" if step.paid else "coming"
