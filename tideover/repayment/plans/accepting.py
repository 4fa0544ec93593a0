"""Agree to an option: the schedule becomes what was seen, the plan has a life of its own, collections rest while it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import transaction

from tideover.access.actors import Actor, person_actor, staff_actor
from tideover.access.allowed import require
from tideover.access.audit import note
from tideover.access.models import Request, Staff
from tideover.access.roles import Power, Role
from tideover.book.models import Person
from tideover.book.surrogates import surrogate_of
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.loans import Loan, loan_of
from tideover.repayment.plans.limits import LEVELS, Level, plan_limits
from tideover.repayment.plans.means import UNTOLD, Means
from tideover.repayment.plans.models import Plan
from tideover.repayment.plans.options import Option
from tideover.repayment.plans.owing import offered_for, owed_of, plain
from tideover.repayment.plans.refusals import NeedsAPerson, OptionChanged
from tideover.repayment.plans.telling import tell_agreed
from tideover.repayment.plans.writing import write_facts
from tideover.repayment.promises import give_way, must_be_offered, whereabouts_of
from tideover.repayment.promises.refusals import NotHers
from tideover.strategy.gate import UnknownPerson
from tideover.strategy.releases import NothingLive

LEVEL_OF: Mapping[str, Level] = {Role.AGENT: "agent", Role.LEAD: "approver"}
"""As whom a member of staff agrees, by role."""


@transaction.atomic
def accept(
    *,
    person_id: str,
    loan_id: str,
    key: str,
    at: datetime,
    means: Means = UNTOLD,
    by: Staff | Actor | None = None,
    requests: Mapping[str, Request] | None = None,
) -> Plan:
    """Agree to the option of that key; pressed twice it is one plan. Undone on the same day, it is as if nothing was.

    `by`: staff, or somebody with her leave, who may what she may alone; else it is she herself.
    `requests`: what a second person agreed to let go of, by interest and fees. Raises NotHers, NotOffered, OptionChanged,
    NeedsAPerson, NotAllowed, SecondPersonNeeded.
    """
    loan = _locked(person_id, loan_id, by, at)
    if again := Plan.objects.filter(subject=loan_id, state="open", agreed__key=key).first():
        return again
    must_be_offered([loan], person_id, at)
    option = next(
        (it for it in offered_for(loan, person_id, at, means) if it.key == key and it.schedule), None
    )
    if option is None:
        raise OptionChanged("Something has changed since you looked. Please look at the options once more.")
    level: Level = LEVEL_OF.get(by.role, "agent") if isinstance(by, Staff) else "self"
    if LEVELS.index(option.who) > LEVELS.index(level):
        raise NeedsAPerson("A person has to look at this one. Ask us for it, and we answer you.")
    before = owed_of(loan, at).steps
    _let_go(loan, option, by, requests or {}, at)
    new = [ledger.NewInstalment(it.on, it.principal, it.interest, it.fees) for it in option.schedule]
    ledger.reschedule(loan_id=loan_id, instalments=new, at=at, because=option.kind)
    plan = _kept(person_id, loan, option, level, _actor(by, person_id), at, before=plain(before))
    give_way(loan_id=loan_id, person_id=person_id, at=at)
    with suppress(NothingLive, UnknownPerson):
        tell_agreed(plan, at=at)
    return plan


def _locked(person_id: str, loan_id: str, by: Staff | Actor | None, at: datetime) -> Loan:
    """One change of a person's loans at a time; staff only for people they may see."""
    people = Person.objects.all()
    if isinstance(by, Staff):
        require(by, Power.RECORD_FACTS)
        people = Person.objects.visible_to(by)
    held = people.select_for_update(no_key=True).filter(pk=person_id).first()
    loan = loan_of(loan_id, person_id, at) if held else None
    if loan is None:
        raise NotHers("This loan cannot be found.")
    return loan


def _let_go(
    loan: Loan, option: Option, by: Staff | Actor | None, requests: Mapping[str, Request], at: datetime
) -> None:
    """Money is let go by the ledger's own rule: within the role's limit, else by two people."""
    for what, amount in (("fees", option.fees_let_go), ("interest", option.interest_let_go)):
        if amount and isinstance(by, Staff):
            ledger.waive(
                loan_id=loan.loan_id, what=what, amount=Money(amount, loan.currency), at=at, by=by, request=requests.get(what)
            )  # fmt: skip


def _kept(
    person_id: str,
    loan: Loan,
    option: Option,
    level: Level,
    by: Actor,
    at: datetime,
    *,
    before: list[list[object]],
) -> Plan:
    where, waits = whereabouts_of(person_id, at), plan_limits(settings.CONTENT).broken_after
    replaced = Plan.objects.filter(subject=loan.loan_id, state="open").first()
    if replaced:
        _end(replaced, at)
    plan = Plan.objects.create(
        person_id=person_id, subject=loan.loan_id, kind=option.kind, level=level, by=f"{by.kind}:{by.id}",
        from_on=where.today(at), until_on=option.until_on or option.first.on, made_at=at, before=before, replaces=replaced,
        check_at=where.over_at(option.first.on, waits), agreed=_seen(option, loan.currency),
    )  # fmt: skip
    write_facts([*([replaced] if replaced else []), plan], at=at)
    note(
        action="plan_agreed", by=by, at=at, about=surrogate_of(person_id),
        detail={"plan": plan.pk, "kind": plan.kind, "level": level, "extra": option.extra, "let_go": option.let_go},
    )  # fmt: skip
    return plan


def _end(plan: Plan, at: datetime) -> None:
    plan.move("replaced")
    plan.ended_at = at
    plan.save(update_fields=["state", "ended_at"])


def _seen(option: Option, currency: str) -> dict[str, object]:
    """What she saw and agreed to."""
    return {
        "key": option.key, "currency": currency, "schedule": plain(option.schedule), "total": option.total,
        "extra": option.extra, "let_go": option.let_go, "ends_on": option.schedule[-1].on.isoformat(),
        "credit": option.credit, "guarantor": option.guarantor,
    }  # fmt: skip


def _actor(by: Staff | Actor | None, person_id: str) -> Actor:
    if isinstance(by, Staff):
        return staff_actor(by)
    return by or person_actor(surrogate_of(person_id))
