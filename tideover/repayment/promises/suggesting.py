"""The days to suggest to a person for some of her loans, from how she has paid so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from tideover.book.models import FACTS
from tideover.kit.calendars import local_day
from tideover.kit.days import date_of
from tideover.repayment.loans import Loan
from tideover.repayment.promises.days import Choice, choices, usual_day
from tideover.repayment.promises.limits import Origin
from tideover.repayment.promises.making import latest_day
from tideover.repayment.promises.whereabouts import Whereabouts, whereabouts_of

LAST = 12
"""Payments that tell a habit."""


def suggested(
    person_id: str, loans: Sequence[Loan], at: datetime, *, origin: Origin = "self", payday: int | None = None
) -> tuple[Choice, ...]:
    """Three days or four. `payday`: the day of the month she named; else the one she mostly pays on."""
    where = whereabouts_of(person_id, at)
    known = payday or usual_day(_paid_on(loans, where, at))
    today = where.today(at)
    return choices(today, latest=latest_day(loans, today, origin), payday=known, where=where)


def _paid_on(loans: Sequence[Loan], where: Whereabouts, at: datetime) -> list[date]:
    """The days of her last payments, on her own calendar."""
    ids = [it.loan_id for it in loans]
    rows = FACTS["payments"].objects.filter(
        loan_id__in=ids, reversed_at=None, paid_at__lte=at, recorded_at__lte=at
    )
    paid = rows.order_by("-paid_at").values_list("payment_id", "paid_at")[: LAST * 2]
    latest = dict(reversed(list(paid)))
    days = sorted(date_of(local_day(where.zone, int(it.timestamp()))) for it in latest.values())
    return (
        days[-LAST:]
        or sorted(it.settled_on for loan in loans for it in loan.instalments if it.settled_on)[-LAST:]
    )
