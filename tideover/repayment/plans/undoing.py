"""Undo a plan on the day it was agreed: the schedule is what it was before."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from tideover.access.actors import Actor, person_actor
from tideover.access.audit import note
from tideover.book.surrogates import surrogate_of
from tideover.repayment import ledger
from tideover.repayment.ledger.refusals import DoesNotAddUp
from tideover.repayment.plans.models import Plan
from tideover.repayment.plans.refusals import NothingToUndo, TooLateToUndo
from tideover.repayment.plans.telling import keep_back
from tideover.repayment.plans.writing import write_facts
from tideover.repayment.promises import whereabouts_of


def plan_of(plan_id: int, person_id: str) -> Plan | None:
    """One of her plans; None where it is nobody's or not hers to see."""
    return Plan.objects.filter(pk=plan_id, person_id=person_id).first()


def open_plans_of(person_id: str) -> list[Plan]:
    """Those that run."""
    return list(Plan.objects.filter(person_id=person_id, state="open").order_by("-made_at"))


def may_undo(plan: Plan, at: datetime) -> bool:
    """It is still its own day on her calendar, and nothing was let go with it."""
    where = whereabouts_of(plan.person_id, at)
    return plan.state == "open" and not plan.agreed["let_go"] and where.today(plan.made_at) == where.today(at)


@transaction.atomic
def undo(*, plan_id: int, person_id: str, at: datetime, by: Actor | None = None) -> Plan:
    """The schedule before it counts again. Raises NothingToUndo, TooLateToUndo."""
    plan = Plan.objects.select_for_update().filter(pk=plan_id, person_id=person_id, state="open").first()
    if plan is None:
        raise NothingToUndo("There is no plan to undo.")
    if not may_undo(plan, at):
        raise TooLateToUndo(
            "A plan can be undone on its own day. Please talk with us, and we change it together."
        )
    _schedule_back(plan, at)
    plan.move("withdrawn")
    plan.ended_at = at
    plan.save(update_fields=["state", "ended_at"])
    earlier = plan.replaces if plan.replaces and plan.replaces.state == "replaced" else None
    if earlier:
        earlier.move("open")
        earlier.ended_at = None
        earlier.save(update_fields=["state", "ended_at"])
    write_facts([plan, *([earlier] if earlier else [])], at=at)
    keep_back(plan, at=at)
    her = surrogate_of(person_id)
    note(action="plan_undone", by=by or person_actor(her), at=at, about=her, detail={"plan": plan.pk})
    return plan


def _schedule_back(plan: Plan, at: datetime) -> None:
    steps = [
        ledger.NewInstalment(date.fromisoformat(on), principal, interest, fees)
        for on, principal, interest, fees in plan.before
    ]
    try:
        ledger.reschedule(loan_id=plan.subject, instalments=steps, at=at, because="plan_undone")
    except DoesNotAddUp as refused:
        raise TooLateToUndo(
            "A payment has come since. Please talk with us, and we change it together."
        ) from refused
