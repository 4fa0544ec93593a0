"""A charge: only one the contract names, never above what it names, never while a hold or a kept plan lets it rest."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from tideover.access.actors import Actor
from tideover.access.audit import note
from tideover.book.newest import newest
from tideover.book.queries import people_of_loans
from tideover.book.surrogates import surrogate_of
from tideover.engine.policy.lists import read_lists
from tideover.kit.money import Money
from tideover.repayment.ledger.changes import after_all, held
from tideover.repayment.ledger.holding import covers
from tideover.repayment.ledger.loading import Shelf
from tideover.repayment.ledger.orders import allocation
from tideover.repayment.ledger.pouring import in_order
from tideover.repayment.ledger.refusals import ChargesRest, MoreThanIsOpen, NotInTheContract, WrongCurrency
from tideover.repayment.ledger.telling import News, tell


@transaction.atomic
def charge(*, loan_id: str, name: str, instalment: int, amount: Money, at: datetime, by: Actor) -> bool:
    """Charge what the contract names, once for an instalment; it falls due with the next one. Whether it was new."""
    shelf = held(loan_id, at)
    most = allocation(settings.CONTENT).most(name, amount.currency)
    if amount.currency != shelf.loan.currency:
        raise WrongCurrency(f"This loan is kept in {shelf.loan.currency}.")
    if most is None or not 0 < amount.minor <= most:
        raise NotInTheContract(
            f"The contract names no charge '{name}' of {amount.decimal} {amount.currency}."
        )
    _must_not_rest(shelf, at)
    detail = {"parts": [[_next(shelf, at), "fees", amount.minor]], "name": name}
    number = f"{name} of {instalment}"
    news = News("charged", at, at, detail=detail, number=number, by=f"{by.kind}:{by.id}", amount=amount.minor)
    (heard,) = tell([after_all(shelf, news)], at=at)
    if heard.is_new:
        her = surrogate_of(shelf.terms.borrower_id)
        note(
            action="charged",
            by=by,
            at=at,
            about=her,
            detail={"loan": shelf.loan.pk, "amount": amount.minor},
        )
    return heard.is_new


def _next(shelf: Shelf, at: datetime) -> int:
    steps = in_order([it for it in shelf.standing.steps if it.amount])
    if not steps or shelf.standing.written_off:
        raise MoreThanIsOpen("Nothing is to be paid here that a charge could fall due with.")
    return next((it for it in steps if it.due_on > at.date()), steps[-1]).number


def _must_not_rest(shelf: Shelf, at: datetime) -> None:
    if _has_a_hold(shelf, at) or _is_on_a_plan(shelf, at):
        raise ChargesRest("While a hold or a plan lasts, nothing is charged.")


def _has_a_hold(shelf: Shelf, at: datetime) -> bool:
    """A hold on the loan, on its borrower, or on any party where it covers the whole loan."""
    holds, loan_id = read_lists(settings.CONTENT).holds, shelf.loan.loan_id
    known = newest("holds", person_id__in=people_of_loans([loan_id]), at=at)
    return any(
        "fees" in holds[it.kind].stops
        and covers(it, loan_id, shelf.terms.borrower_id, holds)
        and it.from_at <= at
        and (it.until_at is None or it.until_at > at)
        for it in known
        if it.kind in holds
    )


def _is_on_a_plan(shelf: Shelf, at: datetime) -> bool:
    today = at.date()
    return any(
        (it.ended_at is None or it.ended_at > at)
        and (it.from_on is None or it.from_on <= today)
        and (it.until_on is None or it.until_on >= today)
        for it in newest("plans", loan_id=shelf.loan.loan_id, at=at)
    )
