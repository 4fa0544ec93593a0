"""What the lender changes in what is owed: a new schedule, something let go, a charge, a write-off, credit given back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tideover.kit.money import Money
from tideover.repayment.ledger.journal import Journal
from tideover.repayment.ledger.loading import Shelf, locked_loans, shelves
from tideover.repayment.ledger.opening import open_shelves
from tideover.repayment.ledger.pouring import PARTS, Step, in_order
from tideover.repayment.ledger.refusals import DoesNotAddUp, NoSuchLoan
from tideover.repayment.ledger.telling import News, tell
from tideover.repayment.ledger.writing import write_facts


@dataclass(frozen=True)
class NewInstalment:
    """A payment of the new schedule; amounts in minor units of the loan's currency."""

    due_on: date
    principal: int
    interest: int = 0
    fees: int = 0


@transaction.atomic
def reschedule(*, loan_id: str, instalments: Sequence[NewInstalment], at: datetime, because: str) -> None:
    """Replace the open part of the schedule. What was paid stays paid, where it was paid. Raises DoesNotAddUp."""
    shelf = held(loan_id, at)
    steps = list(shelf.standing.steps)
    _adds_up(steps, instalments, shelf.loan.currency)
    detail = {"steps": _new_rows(steps, instalments, at.date())}
    news = News("rescheduled", at, at, because=because, detail=detail)
    tell([after_all(shelf, news)], at=at)


def after_all(shelf: Shelf, news: News) -> News:
    """Something the lender changes about a loan, as told after all it changed before, with a number of its own."""
    changes = [it.at for it in shelf.said if not it.payment]
    currency = news.currency or (shelf.loan.currency if news.amount else "")
    return replace(
        news, loan_id=shelf.loan.loan_id, at=max([news.at, *changes]), currency=currency,
        number=news.number or str(len(changes)),
    )  # fmt: skip


def held(loan_id: str, at: datetime) -> Shelf:
    """A loan's ledger, opened where it was not, held until the transaction ends. Raises NoSuchLoan."""
    found = all_held([loan_id], at)
    if loan_id not in found:
        raise NoSuchLoan("The book does not know this loan.")
    return found[loan_id]


def all_held(loan_ids: Iterable[str], at: datetime) -> dict[str, Shelf]:
    """The ledgers of several loans, opened where they were not, held until the transaction ends. Unknown loans are left out."""
    on, journal = shelves(locked_loans(loan_ids, {}).values()), Journal()
    open_shelves(on, journal, at=at)
    journal.write()
    # What the book told anew is the schedule from now on, and must not be taken for news a second time.
    write_facts(list(on.values()), at=at)
    return {it.loan.loan_id: it for it in on.values()}


def _adds_up(steps: Sequence[Step], new: Sequence[NewInstalment], currency: str) -> None:
    still = sum(it.open("principal") for it in steps)
    told = sum(it.principal for it in new)
    if any(min(it.principal, it.interest, it.fees) < 0 for it in new):
        raise DoesNotAddUp("An instalment of the new schedule has an amount below nothing.")
    if told != still:
        raise DoesNotAddUp(
            f"The new schedule repays {Money(told, currency).decimal} {currency}; "
            f"still lent is {Money(still, currency).decimal} {currency}."
        )


def _new_rows(steps: Sequence[Step], new: Sequence[NewInstalment], today: date) -> list[Mapping[str, Any]]:
    """Paid parts under their old numbers, then the new instalments; numbers nobody needs any more ask for nothing."""
    kept = [it for it in in_order(list(steps)) if it.total_paid or not it.amount]
    rows = [_row(it.number, it.due_on, it.paid, it.settled_on or today) for it in kept]
    used = {it.number for it in kept}
    first = max((it.number for it in kept if it.total_paid), default=0) + 1
    coming = sorted(new, key=lambda it: it.due_on)
    for number, it in zip(
        (n for n in range(first, first + len(new) + len(used)) if n not in used), coming, strict=False
    ):
        rows.append(_row(number, it.due_on, {part: getattr(it, part) for part in PARTS}, None))
        used.add(number)
    gone = [it for it in steps if it.number not in used]
    return rows + [
        _row(it.number, min(it.due_on, today), dict.fromkeys(PARTS, 0), min(it.due_on, today)) for it in gone
    ]


def _row(number: int, due_on: date, due: Mapping[str, int], settled_on: date | None) -> dict[str, Any]:
    return {
        "number": number, "due_on": due_on.isoformat(), **{part: due[part] for part in PARTS},
        "settled_on": settled_on.isoformat() if settled_on else None,
    }  # fmt: skip
