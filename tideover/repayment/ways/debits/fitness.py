"""Whether an instalment may be taken today: asked before it is told, and again before it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings

from tideover.book.newest import newest
from tideover.engine.policy.lists import read_lists
from tideover.repayment.loans import Instalment
from tideover.repayment.ways.models import Debit, Mandate

TOO_LITTLE = "AM04"
LOOKED_AT = 2
"""The last debits of a mandate: where all of them came back for want of money, the next would too."""


@lru_cache(maxsize=1)
def _stopping() -> frozenset[str]:
    """Kinds of hold under which nothing is taken."""
    return frozenset(kind for kind, it in read_lists(settings.CONTENT).holds.items() if "debits" in it.stops)


def unfit(mandates: Iterable[Mandate], at: datetime) -> dict[int, str]:
    """Mandates by which nothing may be taken now, with why: a hold, a promise, a plan, an account that was empty before."""
    every = list(mandates)
    people, loans = {it.person_id for it in every}, {it.loan_id for it in every}
    held_people, held_loans = _held(people, loans, at)
    promised, planned = _open_promises(loans, at), _open_plans(loans, at)
    empty = _came_back_empty(every)
    found = {}
    for it in every:
        if it.person_id in held_people or it.loan_id in held_loans:
            found[it.pk] = "hold"
        elif it.loan_id in promised:
            found[it.pk] = "promise"
        elif it.loan_id in planned:
            found[it.pk] = "plan"
        elif it.pk in empty:
            found[it.pk] = "too_little"
    return found


def instalments_of(loans: set[str], at: datetime) -> dict[str, list[Instalment]]:
    """The schedules of these loans as they are known, in order. One query."""
    steps = {(it.loan_id, it.number): it for it in newest("instalments", at=at, loan_id__in=loans)}
    found: dict[str, list[Instalment]] = {}
    for (loan_id, _), it in sorted(steps.items()):
        step = Instalment(
            it.number, it.due_on, it.principal or 0, it.interest or 0, it.fees or 0, it.paid or 0, it.settled_on
        )  # fmt: skip
        found.setdefault(loan_id, []).append(step)
    return found


def _held(people: set[str], loans: set[str], at: datetime) -> tuple[set[str], set[str]]:
    rows = [
        *newest("holds", at=at, person_id__in=people),
        *newest("holds", at=at, loan_id__in=loans),
    ]
    on = [
        it
        for it in rows
        if it.kind in _stopping()
        and (it.from_at is None or it.from_at <= at)
        and (it.until_at is None or it.until_at > at)
    ]
    return {it.person_id for it in on if not it.loan_id}, {it.loan_id for it in on if it.loan_id}


def _open_promises(loans: set[str], at: datetime) -> set[str]:
    rows = newest("promises", at=at, loan_id__in=loans)
    return {it.loan_id for it in rows if (it.ended_at is None or it.ended_at > at) and it.on >= at.date()}


def _open_plans(loans: set[str], at: datetime) -> set[str]:
    """Plans under way: what falls due under one is agreed anew, and taken only when she says so."""
    rows = newest("plans", at=at, loan_id__in=loans)
    return {it.loan_id for it in rows if _runs(it, at.date()) and (it.ended_at is None or it.ended_at > at)}


def _runs(plan: Any, on: date) -> bool:
    return plan.until_on is None or plan.until_on >= on


def _came_back_empty(mandates: list[Mandate]) -> set[int]:
    """What we expect of an account follows from its own past alone."""
    ends: dict[int, list[str]] = {}
    rows = Debit.objects.filter(mandate__in=mandates, state__in=("settled", "returned")).order_by(
        "-due_on", "-pk"
    )
    for it in rows:
        ends.setdefault(it.mandate_id, []).append(it.because if it.state == "returned" else "")
    return {pk for pk, codes in ends.items() if codes[:LOOKED_AT] == [TOO_LITTLE] * LOOKED_AT}
