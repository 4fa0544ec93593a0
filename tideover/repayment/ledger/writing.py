"""What the ledger knows, as facts for the engine: versions of payments and instalments, and the end of a loan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from tideover.book.actions import record
from tideover.repayment.ledger.loading import Shelf
from tideover.repayment.ledger.models import LedgerLoan
from tideover.repayment.ledger.opening import fingerprint, rows_of
from tideover.repayment.ledger.pouring import Step
from tideover.repayment.ledger.standing import PaymentStands

SOURCE = "ledger"


def write_facts(shelves: Sequence[Shelf], *, at: datetime) -> None:
    """Everything about these loans that differs from what the book says. Money that names no loan is not in the book."""
    named = [it for it in shelves if it.terms is not None]
    for table, rows in (("payments", _payments), ("instalments", _instalments), ("loans", _ended)):
        new = [row for it in named for row in rows(it)]
        if new:
            record(table, new, source=SOURCE, at=at)
    for it in named:
        it.loan.written = fingerprint(_plain(it.standing.steps))
    LedgerLoan.objects.bulk_update([it.loan for it in named], ["written"], batch_size=500)


def _payments(shelf: Shelf) -> Iterable[dict[str, object]]:
    for number, it in shelf.standing.payments.items():
        yield payment_row(shelf.payments[number], shelf.loan.loan_id, it)


def payment_row(payment_id: str, loan_id: str, it: PaymentStands) -> dict[str, object]:
    """A payment as the book tells it."""
    return {
        "payment_id": payment_id, "loan_id": loan_id, "paid_at": it.paid_at, "amount": it.came, "way": it.way or None,
        "state_at": it.confirmed_at, "reversed_at": it.taken_back_at,
    }  # fmt: skip


def _instalments(shelf: Shelf) -> Iterable[dict[str, object]]:
    said = {it["number"]: it for it in rows_of(shelf.schedule)}
    for row in _plain(shelf.standing.steps):
        if said.get(row["number"]) != row:
            yield {
                "loan_id": shelf.loan.loan_id,
                **row,
                "due_on": _day(row["due_on"]),
                "settled_on": _day(row["settled_on"]),
            }


def _plain(steps: Iterable[Step]) -> list[dict[str, Any]]:
    return [
        {
            "number": it.number, "due_on": it.due_on.isoformat(), **it.due, "paid": it.total_paid,
            "settled_on": it.settled_on.isoformat() if it.settled_on else None,
        }
        for it in sorted(steps, key=lambda it: it.number)
    ]  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _ended(shelf: Shelf) -> Iterable[dict[str, object]]:
    """A loan ends on the day its last instalment is paid, and begins again where that payment is taken back."""
    steps, terms = shelf.standing.steps, shelf.terms
    days = [it.settled_on for it in steps if it.amount]
    ended = max((it for it in days if it), default=None) if days and all(days) else None
    if bool(ended) == bool(terms.closed_on):
        return
    # What the lender's own system ended is its own to begin again.
    if ended is None and terms.provenance != SOURCE:
        return
    yield {**terms.as_row, "closed_on": ended}
