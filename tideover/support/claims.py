"""'I have paid': a case is closed when the bank tells of the money, and after a week without it says where we looked.

Where she said more than that, a person reads it. The hold that keeps her from being asked again ends with the money, in
the same transaction that books it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from tideover.access.actors import SYSTEM
from tideover.access.audit import note
from tideover.book.models import FACTS
from tideover.delivery.answers import LOOKING
from tideover.delivery.models import Answer
from tideover.repayment.statements.claims import BEFORE, Looked, looked_for
from tideover.repayment.statements.models import StatementLine
from tideover.support.models import FROM_ANSWER, Case

KIND = "paid"


@transaction.atomic
def settle_claims(*, at: datetime) -> int:
    """Close the cases whose money is here, and tell what was looked at in those that waited long enough. How many."""
    cases = list(Case.objects.filter(kind=KIND).exclude(state="closed").order_by("pk"))
    loans, answers = _loans_of(cases), _answers_of(cases)
    found = _found({loan for each in loans.values() for loan in each})
    done = 0
    for case in cases:
        hers, answer = loans[case.pk], answers.get(case.from_row)
        lines = [it for loan in hers for it in found.get(loan, ()) if _may_be_meant(it, case, answer)]
        if lines:
            done += _is_here(case, max(lines, key=lambda it: (it.booked_on, it.pk)), answer, at)
        elif at - case.opened_at >= LOOKING and not case.note:
            done += _is_not_here(case, hers, at)
    return done


def _answers_of(cases: Sequence[Case]) -> dict[str, Answer]:
    """What she said, by what each case came from."""
    numbers = [it.from_row.removeprefix(FROM_ANSWER) for it in cases if it.from_row.startswith(FROM_ANSWER)]
    rows = Answer.objects.filter(pk__in=numbers).select_related("message")
    rows = rows.only("at", "certain", "also", "message", "message__ended_at", "message__send_at")
    return {f"{FROM_ANSWER}{it.pk}": it for it in rows}


def _may_be_meant(line: StatementLine, case: Case, answer: Answer | None) -> bool:
    """Is it of the time she speaks of? What was with her loan when we wrote to her, the message had counted already."""
    is_near = line.booked_on >= (case.opened_at - BEFORE).date()
    return is_near and (answer is None or answer.message is None or _is_news(line, answer))


def _is_news(line: StatementLine, answer: Answer) -> bool:
    """Was the money put to her loan only after we had written, or, where she wrote first, after she had?"""
    since = answer.at if answer.message is None else answer.message.ended_at or answer.message.send_at
    return line.moved_at is not None and line.moved_at >= since


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


def _found(loans: set[str]) -> Mapping[str, list[StatementLine]]:
    lines: dict[str, list[StatementLine]] = {}
    rows = StatementLine.objects.filter(loan_id__in=loans, state="matched", amount__gt=0)
    rows = rows.only("loan_id", "booked_on", "moved_at", "amount", "currency")
    for it in rows if loans else ():
        lines.setdefault(it.loan_id, []).append(it)
    return lines


def _is_here(case: Case, line: StatementLine, answer: Answer | None, at: datetime) -> int:
    """Close it where she said nothing else, unless somebody sees to it: for a person, the words say what was found."""
    words = f"The bank tells of {line.money.decimal} {line.currency}, booked on {line.booked_on:%A %d %B %Y}. It is paid to the loan."
    if case.note == words:
        return 0
    case.note = words
    if case.state == "open" and answer and answer.certain and not answer.also and _is_news(line, answer):
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
