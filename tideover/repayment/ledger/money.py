"""Money comes, and may go again: the verbs for everything a bank, a provider or a cashier tells.

Each may be told in any order, twice, or before what it follows from: the end is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tideover.access.actors import Actor
from tideover.access.audit import note
from tideover.book.surrogates import surrogate_of
from tideover.kit.money import Money
from tideover.repayment.ledger.standing import Standing
from tideover.repayment.ledger.telling import Heard, News, tell


@dataclass(frozen=True)
class Paid:
    """A part of a payment that went to an instalment. Amounts in minor units."""

    number: int
    principal: int
    interest: int
    fees: int


@dataclass(frozen=True)
class Booked:
    """Money that is here: what it changed in the schedule, and what no instalment took."""

    payment_id: str
    loan_id: str
    is_new: bool
    parts: tuple[Paid, ...]
    credit: Money
    """All credit of the customer afterwards."""

    left: Money
    """Still to be paid of the whole schedule."""


@dataclass(frozen=True)
class Payment:
    """Money that came in, as one line of a statement tells it. Without a loan it waits until somebody matches it."""

    payment_id: str
    amount: Money
    paid_at: datetime
    way: str = ""
    loan_id: str = ""
    source: str = ""
    early: str = ""


def announce(
    *, payment_id: str, loan_id: str, amount: Money, way: str, at: datetime, by: str = "", source: str = ""
) -> None:
    """Money is on its way: seen at once, counted for nothing until it is booked."""
    by = (surrogate_of(by) or by) if by else ""
    news = News(
        "announced", at, at, payment_id, loan_id, amount.minor, amount.currency, way, by=by, source=source
    )  # fmt: skip
    tell([news], at=at)


def book(
    *, payment_id: str, loan_id: str, amount: Money, way: str, paid_at: datetime, at: datetime, source: str = "",
    early: str = "",
) -> Booked:  # fmt: skip
    """Money is here. `early` says what money beyond what is due is for, one of `EARLY`; "" leaves it to the contract."""
    return book_many([Payment(payment_id, amount, paid_at, way, loan_id, source, early)], at=at)[0]


def book_many(payments: Sequence[Payment], *, at: datetime) -> list[Booked]:
    """All of a statement's payments, or none of them."""
    news = [
        News(
            "booked", it.paid_at, at, it.payment_id, it.loan_id, it.amount.minor, it.amount.currency, it.way,
            source=it.source, detail={"early": it.early} if it.early else {},
        )
        for it in payments
    ]  # fmt: skip
    heard = tell(news, at=at)
    return [_booked(it, one) for it, one in zip(payments, heard, strict=True)]


@transaction.atomic
def match(*, payment_id: str, loan_id: str, at: datetime, by: str) -> None:
    """Somebody found out which loan this money is for. `by` is the number of a member of staff."""
    (heard,) = tell([News("matched", at, at, payment_id, loan_id, by=f"staff:{by}")], at=at)
    if heard.is_new:
        note(action="payment_matched", by=Actor("staff", by), at=at, detail={"payment": heard.payment})


def reverse(*, payment_id: str, because: str, at: datetime) -> None:
    """The money did not come after all: a debit bounced, a cheque was not honoured, a booking was wrong."""
    tell([News("reversed", at, at, payment_id, because=because)], at=at)


def charge_back(*, payment_id: str, because: str, at: datetime) -> None:
    """The payer's bank took back what was left of it."""
    tell([News("charged_back", at, at, payment_id, because=because)], at=at)


def refund(*, payment_id: str, refund_id: str, amount: Money, at: datetime, because: str = "") -> None:
    """A part of it, or all, went back to whoever paid. Each refund has a number of its own."""
    news = News(
        "refunded", at, at, payment_id, amount=amount.minor, currency=amount.currency, number=refund_id, because=because
    )  # fmt: skip
    tell([news], at=at)


def _booked(payment: Payment, heard: Heard) -> Booked:
    currency = payment.amount.currency
    after = heard.after
    return Booked(
        payment.payment_id, payment.loan_id or heard.loan_id, heard.is_new, _difference(heard.before, after),
        Money(after.credit, currency), Money(sum(it.left for it in after.steps), currency),
    )  # fmt: skip


def _difference(before: Standing, after: Standing) -> tuple[Paid, ...]:
    were = {it.number: it.paid for it in before.steps}
    found = []
    for it in after.steps:
        was = were.get(it.number, {})
        parts = {part: amount - was.get(part, 0) for part, amount in it.paid.items()}
        if any(parts.values()):
            found.append(Paid(it.number, parts["principal"], parts["interest"], parts["fees"]))
    return tuple(found)
