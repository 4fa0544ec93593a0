"""Who asked for a notice gets one before each due day, by the way she chose: the usual word before a payment, never a second one.

No message of its own: where the strategy has told her of the payment already, nothing is added; where it would have left
her in peace, she is told because she asked. Holds, consents, hours and caps stand over it as over everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from tideover.book.newest import newest
from tideover.book.queries import chunks
from tideover.repayment.bills.wish import who_wants_notices
from tideover.strategy.daily import first_today, not_yet_today
from tideover.strategy.gate import Asked, consider_all
from tideover.strategy.models import Decision
from tideover.strategy.releases import NothingLive

PURPOSE, BECAUSE = "due_soon", "asked"
AHEAD = timedelta(days=7)
"""So long before the day a notice is decided on."""

MARK = "bills:notices"
AT_ONCE = 5_000
Due = tuple[str, str, int]
"""Person, loan, number of the instalment."""


def notices_if_due(*, at: datetime) -> int:
    """Once a day, in whichever worker comes first; not before a strategy is live. How many were decided.

    Who is left out because a worker died is in time on the next day: a notice is decided a week ahead.
    """
    if not first_today(MARK, at=at):
        return 0
    try:
        return notices(at=at)
    except NothingLive:
        not_yet_today(MARK)
        return 0


def notices(*, at: datetime) -> int:
    """A notice for everything that falls due within a week. How many were decided."""
    wants = who_wants_notices(at)
    due = _due(wants, at)
    told = set(_told_of({loan for _, loan, _ in due}, at))
    left = [it for it in due if it[1] not in told]
    made = 0
    while left:
        # A set names each person once: her second loan is in the next one.
        first: dict[str, Due] = {}
        for it in left:
            if len(first) < AT_ONCE:
                first.setdefault(it[0], it)
        asked = [
            Asked(who, loan, wants[who], key=f"bill.{loan}.{number}") for who, loan, number in first.values()
        ]
        considered = consider_all(asked, occasion=PURPOSE, at=at, because=BECAUSE)
        made += sum(it.decision is not None for it in considered.values())
        taken = set(first.values())
        left = [it for it in left if it not in taken]
    return made


def _due(people: Iterable[str], at: datetime) -> list[Due]:
    """Person, loan and number of every open instalment of the next days, the soonest first."""
    found = []
    for some in chunks(set(people)):
        loans = {it.loan_id: it for it in newest("loans", at=at, borrower_id__in=some)}
        for names in chunks(loans):
            for it in newest("instalments", at=at, loan_id__in=names):
                is_open = (
                    it.principal + it.interest + it.fees > it.paid and loans[it.loan_id].closed_on is None
                )
                if is_open and at.date() < it.due_on <= (at + AHEAD).date():
                    found.append((it.due_on, loans[it.loan_id].borrower_id, it.loan_id, it.number))
    return [(person, loan, number) for _, person, loan, number in sorted(found)]


def _told_of(loans: Iterable[str], at: datetime) -> Iterable[str]:
    """Loans of whose next payment somebody is told already."""
    for some in chunks(set(loans)):
        made = Decision.objects.filter(purpose=PURPOSE, subject__in=some, at__gte=at - AHEAD, at__lte=at)
        yield from made.filter(send_at__isnull=False).values_list("subject", flat=True)
