"""Who pays: where she lives, and which of her loans she may pay."""

from __future__ import annotations

from datetime import datetime

from tideover.book.newest import newest_one
from tideover.repayment.loans import Loan, loans_of


def country_of(person_id: str) -> str:
    """Where she lives, as an ISO 3166 code; "" where we do not know."""
    row = newest_one("borrowers", borrower_id=person_id)
    return str(row.country or "") if row else ""


def payable(person_id: str, at: datetime) -> tuple[Loan, ...]:
    """Loans with something open that she may know all of."""
    return tuple(
        it
        for it in loans_of(person_id, at)
        if it.may_be_told == "all" and it.left and not it.is_closed(at.date())
    )


def payable_one(person_id: str, loan_id: str, at: datetime) -> Loan | None:
    """One of them; None where it is not hers to pay."""
    return next((it for it in payable(person_id, at) if it.loan_id == loan_id), None)
