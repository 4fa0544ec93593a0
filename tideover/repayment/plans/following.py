"""The life of plans: kept to their last day, or broken when a payment of theirs stays open too long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from tideover.book.models import FACTS
from tideover.book.queries import chunks
from tideover.repayment.plans.limits import plan_limits
from tideover.repayment.plans.models import Budget, Confidence, Plan
from tideover.repayment.plans.writing import write_facts

AT_ONCE = 500
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Step:
    due_on: date
    left: int


TOLD_FOR_A_WHILE: tuple[type[Budget | Confidence], ...] = (Budget, Confidence)


def follow(*, at: datetime) -> int:
    """Look at every plan whose time has come, and forget what was told for a while only. How many plans ended.

    Every turn of a worker asks; where nothing has come nothing is written, so nobody waits for a lock.
    """
    over = [it for it in TOLD_FOR_A_WHILE if it.objects.filter(keep_until__lte=at).exists()]
    if not over and not Plan.objects.filter(state="open", check_at__lte=at).exists():
        return 0
    return _followed(over, at)


@transaction.atomic
def _followed(over: Collection[type[Budget | Confidence]], at: datetime) -> int:
    for model in over:
        model.objects.filter(keep_until__lte=at).delete()
    held = Plan.objects.select_for_update().filter(state="open", check_at__lte=at)
    plans = list(held.order_by("check_at", "pk")[:AT_ONCE])
    if not plans:
        return 0
    steps, told_until = _steps({it.subject for it in plans}, at), _told_until(at)
    for it in plans:
        _look(it, steps[it.subject], at, told_until)
    Plan.objects.bulk_update(plans, ["state", "ended_at", "check_at"], batch_size=AT_ONCE)
    ended = [it for it in plans if it.state != "open"]
    write_facts(ended, at=at)
    return len(ended)


def _look(plan: Plan, steps: Collection[_Step], at: datetime, told_until: datetime | None) -> None:
    """Whether it has ended, and how; or when to look again."""
    waits = timedelta(days=plan_limits(settings.CONTENT).broken_after)
    today = at.date()
    open_days = sorted(it.due_on for it in steps if it.left and plan.from_on <= it.due_on <= plan.until_on)
    is_late = bool(open_days) and open_days[0] + waits < today
    if is_late and told_until is not None and told_until < _at(open_days[0] + waits):
        plan.check_at = at + A_DAY  # the payments feed is behind: nobody can say that she has not paid
    elif is_late:
        _end(plan, "broken", at)
    elif not open_days and plan.until_on < today:
        _end(plan, "kept", at)
    else:
        plan.check_at = _at((open_days[0] + waits if open_days else plan.until_on) + A_DAY)


def _end(plan: Plan, state: str, at: datetime) -> None:
    plan.move(state)
    plan.ended_at = at


def _at(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)


def _told_until(at: datetime) -> datetime | None:
    """Until when the payments of another system are known; None where payments are kept here."""
    row = (
        FACTS["feeds"]
        .objects.filter(name="payments", recorded_at__lte=at)
        .order_by("recorded_at", "id")
        .last()
    )
    return row.fresh_until if row else None


def _steps(loans: Collection[str], at: datetime) -> Mapping[str, list[_Step]]:
    latest: dict[tuple[str, int], _Step] = {}
    for some in chunks(loans):
        rows = (
            FACTS["instalments"]
            .objects.filter(loan_id__in=some, recorded_at__lte=at)
            .order_by("recorded_at", "id")
        )
        for it in rows:
            due = (it.principal or 0) + (it.interest or 0) + (it.fees or 0)
            latest[it.loan_id, it.number] = _Step(it.due_on, max(due - (it.paid or 0), 0))
    found: defaultdict[str, list[_Step]] = defaultdict(list)
    for (loan, _), it in latest.items():
        found[loan].append(it)
    return found
