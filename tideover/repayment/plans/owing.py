"""What is open of a loan, part by part, as the ledger knows it; and what may be offered about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from tideover.book.newest import newest
from tideover.repayment import ledger
from tideover.repayment.loans import Loan
from tideover.repayment.plans.limits import LEVELS, Level, plan_limits
from tideover.repayment.plans.means import UNTOLD, Means
from tideover.repayment.plans.models import Plan
from tideover.repayment.plans.options import Option, options_for
from tideover.repayment.plans.schedule import Due, Owed
from tideover.repayment.promises import whereabouts_of


def owed_of(loan: Loan, at: datetime) -> Owed:
    """The open parts of its schedule, the oldest first. Nothing is written."""
    standing, terms = ledger.standing_of(loan.loan_id, at)
    steps = [
        Due(it.due_on, it.open("principal"), it.open("interest"), it.open("fees"))
        for it in sorted(standing.steps, key=lambda it: (it.due_on, it.number))
        if it.left
    ]
    return Owed(
        loan.loan_id, loan.product, loan.currency, terms.annual_rate_ppm, loan.frequency or "monthly", tuple(steps)
    )  # fmt: skip


def offered_for(loan: Loan, person_id: str, at: datetime, means: Means = UNTOLD) -> tuple[Option, ...]:
    """What helps with this loan now, in the order in which it should be read. Whether it may be offered is asked before."""
    owed, limits = owed_of(loan, at), plan_limits(settings.CONTENT).of(loan.product)
    today, least = whereabouts_of(person_id, at).today(at), who_next(loan.loan_id, at)
    if least is None:
        owed = Owed(owed.loan_id, owed.product, owed.currency, None, owed.frequency, ())
    return options_for(
        owed, means, limits, today, has_guarantor=has_guarantor(loan.loan_id, at), least=least or "self"
    )


def who_next(loan_id: str, at: datetime) -> Level | None:
    """The least who may agree to one more plan of this loan; None where there were enough of them."""
    extensions = plan_limits(settings.CONTENT).extensions
    since = at - timedelta(days=extensions.within_days)
    used = Plan.objects.filter(subject=loan_id, made_at__gte=since).exclude(state="withdrawn").count()
    return next((it for it in LEVELS if used < extensions.most(it)), None)


def has_guarantor(loan_id: str, at: datetime) -> bool:
    """Whether somebody stands surety for it."""
    sureties = newest("parties", loan_id=loan_id, role="guarantor", at=at)
    return any(it.until_at is None or it.until_at > at for it in sureties)


def plain(steps: Sequence[Due]) -> list[list[object]]:
    """A schedule as it is kept."""
    return [[it.on.isoformat(), it.principal, it.interest, it.fees] for it in steps]
