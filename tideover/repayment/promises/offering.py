"""May a day be asked for at all? Never where a promise could bring an old claim back, nor while something protects her."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from tideover.book.newest import newest
from tideover.engine.policy.lists import Hold, read_lists
from tideover.repayment.loans import Loan
from tideover.repayment.promises.limits import promise_limits
from tideover.repayment.promises.refusals import NotOffered

TALK_FIRST = "Please talk with us first. A person will look at this with you."
NOTHING_OPEN = "Nothing is to be paid here."


def held_back(loans: Collection[Loan], person_id: str, at: datetime) -> dict[str, str]:
    """The loans for which no promise and no plan may be held out, with the reason in neutral words. One query."""
    kinds, today = promise_limits(settings.CONTENT).not_while, at.date()
    holds = _holds({person_id, *(it.borrower_id for it in loans)}, {it.loan_id for it in loans}, kinds, at)
    lists = read_lists(settings.CONTENT).holds
    found: dict[str, str] = {}
    for loan in loans:
        if not loan.is_hers or loan.is_closed(today) or not loan.left:
            found[loan.loan_id] = NOTHING_OPEN
        elif is_too_old(loan, today) or any(_rests(it, loan, person_id, lists) for it in holds):
            found[loan.loan_id] = TALK_FIRST
    return found


def is_too_old(loan: Loan, today: date) -> bool:
    """The time in which it can be claimed has run out: a promise could be read as owning to it again."""
    return loan.limitation_on is not None and loan.limitation_on <= today


def must_be_offered(loans: Collection[Loan], person_id: str, at: datetime) -> None:
    """Raises NotOffered where one of them must not be held out."""
    for reason in held_back(loans, person_id, at).values():
        raise NotOffered(reason)


def _rests(hold: Any, loan: Loan, person_id: str, lists: Mapping[str, Hold]) -> bool:
    is_about = hold.loan_id in (None, "", loan.loan_id)
    whole = lists[hold.kind].covers == "loan" and (
        hold.loan_id == loan.loan_id or hold.person_id == loan.borrower_id
    )
    return is_about and (hold.person_id == person_id or whole)


def _holds(people: set[str], loans: set[str], kinds: Collection[str], at: datetime) -> list[Any]:
    """Holds of these kinds in force on these people, or on these loans whoever of them they protect."""
    about = Q(person_id__in=sorted(people)) | Q(loan_id__in=sorted(loans))
    return [
        it
        for it in newest("holds", about, kind__in=sorted(kinds), at=at)
        if (it.from_at is None or it.from_at <= at) and (it.until_at is None or it.until_at > at)
    ]
