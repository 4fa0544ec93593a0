"""Money that came in: the payment as a fact, and what it pays of the schedule, oldest instalment first."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from tideover.book.actions import record
from tideover.book.models import Fact
from tideover.book.newest import newest, newest_one
from tideover.kit.amounts import read_amount
from tideover.kit.errors import Refused


class NothingOpen(Refused):
    """There is no open instalment that this money could pay."""


class NotAnAmount(Refused):
    """More than nothing is paid, or it is no payment."""


def latest_loan(loan_id: str) -> Fact | None:
    """A loan as it is known now."""
    return newest_one("loans", loan_id=loan_id)


@transaction.atomic
def payment_received(*, loan_id: str, text: str, way: str, source: str, at: datetime) -> Fact:
    """Record a payment as somebody wrote its amount, and what it settles. Raises UnclearAmount, NothingOpen."""
    loan = latest_loan(loan_id)
    open_ones = [it for it in _schedule(loan_id) if it.settled_on is None]  # type: ignore[attr-defined]
    if loan is None or not open_ones:
        raise NothingOpen("Nothing is open here, so there is nothing to pay.")
    amount = read_amount(text, loan.currency, locale="en")  # type: ignore[attr-defined]
    if amount <= 0:
        raise NotAnAmount("Write an amount above nothing, such as 120.50.")
    paid = {
        "payment_id": f"{source}-{secrets.token_hex(8)}",
        "loan_id": loan_id,
        "paid_at": at,
        "amount": amount,
    }
    (payment,) = record("payments", [{**paid, "way": way, "state_at": at}], source=source, at=at)
    record("instalments", _settled(open_ones, amount, at), source=source, at=at)
    return payment


def _schedule(loan_id: str) -> list[Fact]:
    return sorted(newest("instalments", loan_id=loan_id), key=lambda it: (it.due_on, it.number))


def _settled(open_ones: list[Fact], amount: int, at: datetime) -> list[dict[str, object]]:
    """New versions of the instalments that the money reaches."""
    rows: list[dict[str, object]] = []
    for it in open_ones:
        if amount <= 0:
            break
        row = it.as_row
        due = row["principal"] + row["interest"] + row["fees"]
        part = min(amount, due - row["paid"])
        settled = at.date() if row["paid"] + part >= due else None
        rows.append({**row, "paid": row["paid"] + part, "settled_on": settled})
        amount -= part
    return rows
