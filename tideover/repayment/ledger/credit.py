"""Money of the customer that no instalment took: it goes back when she asks, and pays what falls due later until then."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tideover.access.actors import Actor
from tideover.access.audit import note
from tideover.book.surrogates import surrogate_of
from tideover.kit.money import Money
from tideover.repayment.ledger.changes import after_all, held
from tideover.repayment.ledger.refusals import MoreThanIsOpen
from tideover.repayment.ledger.telling import News, tell


@transaction.atomic
def return_credit(*, loan_id: str, return_id: str, amount: Money, at: datetime, by: Actor) -> None:
    """Set credit aside to go back to the customer. Raises MoreThanIsOpen."""
    shelf = held(loan_id, at)
    news = News(
        "credit_returned", at, at, number=return_id, by=f"{by.kind}:{by.id}", amount=amount.minor, currency=amount.currency
    )  # fmt: skip
    (heard,) = tell([after_all(shelf, news)], at=at)
    if heard.is_new and amount.minor > heard.before.credit:
        raise MoreThanIsOpen(
            f"Credit that can go back: {Money(heard.before.credit, amount.currency).decimal}."
        )
    if heard.is_new:
        her = surrogate_of(shelf.terms.borrower_id)
        note(action="credit_returned", by=by, at=at, about=her, detail={"amount": amount.minor})


@transaction.atomic
def paid_out(*, loan_id: str, return_id: str, amount: Money, way: str, at: datetime) -> None:
    """What was set aside has left by a way. Raises MoreThanIsOpen where so much was not set aside."""
    shelf = held(loan_id, at)
    news = News(
        "paid_out", at, at, number=return_id, amount=amount.minor, currency=amount.currency, way=way
    )  # fmt: skip
    (heard,) = tell([after_all(shelf, news)], at=at)
    if heard.is_new and heard.after.balances.get("refunds_payable", 0) > 0:
        raise MoreThanIsOpen("So much was not set aside to go back.")
