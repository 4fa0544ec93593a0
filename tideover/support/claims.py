"""'I have paid': a case is closed when the bank tells of the money; after a week without it, it says where we looked.

The hold that keeps her from being asked again ends with the money, in the same transaction that books it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from tideover.access.actors import SYSTEM
from tideover.access.audit import note
from tideover.book.models import FACTS
from tideover.delivery.answers import LOOKING
from tideover.repayment.statements.claims import BEFORE, Looked, looked_for
from tideover.repayment.statements.models import StatementLine
from tideover.support.models import Case

KIND = "paid"


@transaction.atomic
def settle_claims(*, at: datetime) -> int:
    """Close the cases whose money is here, and tell what was looked at in those that waited long enough. How many."""
    cases = list(Case.objects.filter(kind=KIND).exclude(state="closed").order_by("pk"))
    loans = _loans_of(cases)
    found = _found({loan for each in loans.values() for loan in each})
    done = 0
    for case in cases:
        hers = loans[case.pk]
        if any(on >= (case.opened_at - BEFORE).date() for loan in hers for on in found.get(loan, ())):
            done += _is_here(case, hers, at)
        elif at - case.opened_at >= LOOKING and not case.note:
            done += _is_not_here(case, hers, at)
    return done


def _loans_of(cases: Sequence[Case]) -> dict[int, list[str]]:
    """The loan each is about; of one about none, all of hers."""
    people = {it.person_id for it in cases if not it.subject}
    rows = (
        FACTS["loans"].objects.filter(borrower_id__in=people).values_list("borrower_id", "loan_id").distinct()
    )
    every: dict[str, list[str]] = {}
    for person, loan in rows:
        every.setdefault(person, []).append(loan)
    return {it.pk: [it.subject] if it.subject else sorted(every.get(it.person_id, [])) for it in cases}


def _found(loans: set[str]) -> Mapping[str, list[date]]:
    days: dict[str, list[date]] = {}
    rows = StatementLine.objects.filter(loan_id__in=loans, state="matched", amount__gt=0)
    for loan, on in rows.values_list("loan_id", "booked_on") if loans else ():
        days.setdefault(loan, []).append(on)
    return days


def _is_here(case: Case, loans: Sequence[str], at: datetime) -> int:
    """Close it, unless somebody sees to it: then the words are for them."""
    line = looked_for(loans, since=case.opened_at).found[-1]
    words = f"The bank tells of {line.money.decimal} {line.currency}, booked on {line.booked_on:%A %d %B %Y}. It is paid to the loan."
    if case.note == words:
        return 0
    case.note = words
    if case.state == "open":
        case.state, case.outcome, case.closed_at = "closed", "already_paid", at
        note(
            action="case_closed",
            by=SYSTEM,
            at=at,
            about=f"case:{case.pk}",
            detail={"outcome": "already_paid"},
        )
    case.save(update_fields=["note", "state", "outcome", "closed_at"])
    return 1


def _is_not_here(case: Case, loans: Sequence[str], at: datetime) -> int:
    case.note, case.due_on = _words(looked_for(loans, since=case.opened_at)), at.date()
    case.save(update_fields=["note", "due_on"])
    note(action="claim_not_found", by=SYSTEM, at=at, about=f"case:{case.pk}")
    return 1


def _words(looked: Looked) -> str:
    until = (
        f"the last of them of {looked.until:%A %d %B %Y}" if looked.until else "none of which is of that time"
    )
    near = "; ".join(
        f"{it.money.decimal} {it.currency} of {it.booked_on:%A %d %B}" for it in looked.nearby[:5]
    )
    return (
        f"The payment was not found in {looked.files} files of the bank with {looked.lines} movements, {until}. "
        + (
            f"Money that waits and may be hers: {near}. "
            if near
            else "No money that waits points to her loan. "
        )
        + "Ask her for the day and the way she paid; a receipt helps."
    )
