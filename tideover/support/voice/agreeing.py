"""What somebody with her leave agrees to for her: a day, or a plan. It is written down as theirs, and told as hers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tideover.access.actors import Actor, person_actor
from tideover.access.audit import note
from tideover.book.surrogates import surrogate_of
from tideover.repayment.loans import Loan
from tideover.repayment.plans import accept, offered_for
from tideover.repayment.plans.models import Plan
from tideover.repayment.plans.options import Option
from tideover.repayment.promises import Promised, held_back, promise_to_pay
from tideover.repayment.promises.days import Choice
from tideover.repayment.promises.suggesting import suggested
from tideover.support.voice.models import PowerToAct
from tideover.support.voice.powers import AGREED, NotThere, look, may_for

NEEDED = ("see", "agree")
"""Nobody agrees to what they may not see."""


@dataclass(frozen=True)
class Open:
    """What may be agreed about one of her loans: days to choose, and options that she could agree to alone.

    What she told of her means is hers: the options are shown as if she had told nothing.
    """

    power: PowerToAct
    loan: Loan
    days: tuple[Choice, ...]
    options: tuple[Option, ...]


def may_agree(power: PowerToAct, at: datetime) -> bool:
    """Whether whoever acts may agree to something for her now."""
    return all(may_for(power.acts_id, power.person_id, it, at) for it in NEEDED)


def open_for(*, power_id: int, acts_id: str, loan_id: str, at: datetime) -> Open:
    """What may be agreed about this loan; that they looked is written down for her. Raises NotThere."""
    power, loan = _seen(power_id, acts_id, loan_id, at)
    her = power.person_id
    if held_back([loan], her, at):
        return Open(power, loan, (), ())
    alone = tuple(it for it in offered_for(loan, her, at) if it.who == "self" and it.schedule)
    return Open(power, loan, suggested(her, [loan], at), alone)


@transaction.atomic
def promise_for(*, power_id: int, acts_id: str, loan_id: str, on: date, at: datetime) -> Promised:
    """A day for her, within the limits that hold for herself. Raises NotThere, and what a promise raises."""
    power, _ = _seen(power_id, acts_id, loan_id, at)
    by = person_actor(surrogate_of(acts_id))
    made = promise_to_pay(person_id=power.person_id, loan_ids=[loan_id], on=on, origin="self", at=at, by=by)
    _noted(power, by, at)
    return made


@transaction.atomic
def accept_for(*, power_id: int, acts_id: str, loan_id: str, key: str, at: datetime) -> Plan:
    """The option of that key, which she could agree to alone. Raises NotThere, and what a plan raises."""
    power, _ = _seen(power_id, acts_id, loan_id, at)
    by = person_actor(surrogate_of(acts_id))
    made = accept(person_id=power.person_id, loan_id=loan_id, key=key, at=at, by=by)
    _noted(power, by, at)
    return made


def _seen(power_id: int, acts_id: str, loan_id: str, at: datetime) -> tuple[PowerToAct, Loan]:
    power, loans = look(power_id=power_id, acts_id=acts_id, at=at)
    loan = next((it for it in loans if it.loan_id == loan_id), None)
    if loan is None or not may_agree(power, at):
        raise NotThere("This has ended, or was never yours to agree to.")
    return power, loan


def _noted(power: PowerToAct, by: Actor, at: datetime) -> None:
    """She finds it beside their looks."""
    note(action=AGREED, by=by, at=at, about=surrogate_of(power.person_id), detail={"power": power.pk})
