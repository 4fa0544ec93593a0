"""Interest and fees let go, and a loan written off: by two people, or by one within the limit of her role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from tideover.access import two_persons
from tideover.access.actors import Actor, staff_actor
from tideover.access.allowed import NotAllowed, require
from tideover.access.audit import Plain, note
from tideover.access.models import Request, Staff
from tideover.access.roles import Power
from tideover.access.two_persons import SecondPersonNeeded
from tideover.book.surrogates import surrogate_of
from tideover.kit.money import Money
from tideover.repayment.ledger.changes import after_all, held
from tideover.repayment.ledger.loading import Shelf
from tideover.repayment.ledger.orders import allocation
from tideover.repayment.ledger.pouring import in_order
from tideover.repayment.ledger.refusals import MoreThanIsOpen, NotAnAmount, WrongCurrency
from tideover.repayment.ledger.telling import News, tell

LET_GO = ("interest", "fees")


def waiver(*, loan_id: str, what: str, amount: Money, at: datetime) -> Mapping[str, Plain]:
    """What a second person agrees to: to be asked for with the power `waive`. The loan is named by its number alone."""
    return {"kind": "waiver", "loan": held(loan_id, at).loan.pk, "what": what, "amount": amount.minor}


def writing_off(*, loan_id: str, at: datetime) -> Mapping[str, Plain]:
    """The same for a write-off."""
    return {"kind": "write_off", "loan": held(loan_id, at).loan.pk}


@transaction.atomic
def waive(
    *, loan_id: str, what: str, amount: Money, at: datetime, by: Staff | Actor, request: Request | None = None
) -> None:
    """Let go of open interest or fees, the oldest first. Raises MoreThanIsOpen, SecondPersonNeeded, NotAllowed."""
    shelf = held(loan_id, at)
    parts = _oldest(shelf, what, amount)
    if request is not None and isinstance(by, Staff):
        agreed = waiver(loan_id=loan_id, what=what, amount=amount, at=at)
        two_persons.use(request=request, power=Power.WAIVE, what=agreed, by=by, at=at)
    else:
        _may_alone(shelf, amount, by)
    who = _actor(by)
    detail = {"parts": parts, "by_role": by.role if isinstance(by, Staff) and request is None else ""}
    news = News("waived", at, at, amount=amount.minor, detail=detail, by=f"{who.kind}:{who.id}")
    tell([after_all(shelf, news)], at=at)
    _noted("money_waived", shelf, {"what": what, "amount": amount.minor}, who, at)


@transaction.atomic
def write_off(*, loan_id: str, at: datetime, by: Staff, request: Request) -> None:
    """The books no longer expect what is open; what she owes stays as it is, and what still comes is counted."""
    shelf = held(loan_id, at)
    agreed = writing_off(loan_id=loan_id, at=at)
    two_persons.use(request=request, power=Power.WAIVE, what=agreed, by=by, at=at)
    open_now = sum(it.left for it in shelf.standing.steps)
    if not open_now or shelf.standing.written_off:
        raise MoreThanIsOpen("Nothing is open that could be written off.")
    who = staff_actor(by)
    news = News("written_off", at, at, detail={"open": open_now}, by=f"{who.kind}:{who.id}")
    tell([after_all(shelf, news)], at=at)
    _noted("loan_written_off", shelf, {"amount": open_now}, who, at)


def _oldest(shelf: Shelf, what: str, amount: Money) -> list[list[object]]:
    if what not in LET_GO:
        raise NotAnAmount("Interest or fees can be let go; what was lent is written off or settled.")
    if amount.currency != shelf.loan.currency:
        raise WrongCurrency(f"This loan is kept in {shelf.loan.currency}.")
    left, parts = amount.minor, []
    for it in in_order(list(shelf.standing.steps)):
        took = min(left, it.open(what))
        if took > 0:
            parts.append([it.number, what, took])
            left -= took
    if left or amount.minor <= 0:
        raise MoreThanIsOpen(
            f"So much is not open. Open {what}: {_open(shelf, what).decimal} {amount.currency}."
        )
    return parts


def _open(shelf: Shelf, what: str) -> Money:
    return Money(sum(it.open(what) for it in shelf.standing.steps), shelf.loan.currency)


def _may_alone(shelf: Shelf, amount: Money, by: Staff | Actor) -> None:
    if isinstance(by, Actor):
        if by.kind != "system":
            raise NotAllowed("Only a member of staff can let go of money.")
        return
    require(by, Power.WAIVE)
    before: Counter[str] = Counter()
    for it in shelf.said:
        before[str(it.detail.get("by_role", ""))] += it.amount if it.kind == "waived" else 0
    most = allocation(settings.CONTENT).most_alone(by.role, amount.currency)
    if before[by.role] + amount.minor > most:
        raise SecondPersonNeeded("This is more than you may let go alone. Ask a second person.")


def _actor(by: Staff | Actor) -> Actor:
    return by if isinstance(by, Actor) else staff_actor(by)


def _noted(action: str, shelf: Shelf, detail: Mapping[str, Plain], by: Actor, at: datetime) -> None:
    her = surrogate_of(shelf.terms.borrower_id)
    note(action=action, by=by, at=at, about=her, detail={"loan": shelf.loan.pk, **detail})
