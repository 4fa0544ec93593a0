"""What pages about promises and plans show to one member of staff: what runs, which days suit, what helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tideover.access.allowed import may
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.kit.money import Money
from tideover.repayment.loans import Loan, loans_of
from tideover.repayment.plans import means_of, offered_for
from tideover.repayment.plans.accepting import LEVEL_OF
from tideover.repayment.plans.limits import LEVELS
from tideover.repayment.plans.models import Plan
from tideover.repayment.plans.options import Option
from tideover.repayment.plans.why import has_confided
from tideover.repayment.promises import held_back, whereabouts_of
from tideover.repayment.promises.making import latest_day
from tideover.repayment.promises.models import Part
from tideover.repayment.promises.suggesting import suggested
from tideover.web.desk.readable import KINDS
from tideover.web.portal.help.cards import Card, card_of


@dataclass(frozen=True)
class Running:
    """A promise or a plan that runs, in words; `amount` where it is of one amount."""

    says: str
    loan_id: str
    until: date
    amount: Money | None
    by: str


def running_of(person_id: str, reader: Staff) -> Mapping[str, object]:
    """What runs of hers, and what this member of staff can do about it."""
    return {
        "running": [*_promises(person_id), *_plans(person_id)],
        "may_agree": may(reader, Power.RECORD_FACTS),
        "has_confided": may(reader, Power.ANSWER) and has_confided(person_id),
    }


def _promises(person_id: str) -> list[Running]:
    parts = Part.objects.filter(person_id=person_id, state="open").select_related("promise")
    return [
        Running("A day was promised", it.subject, it.promise.on, Money(it.amount, it.currency), _by(it.promise.by))
        for it in parts.order_by("promise__on", "pk")
    ]  # fmt: skip


def _plans(person_id: str) -> list[Running]:
    plans = Plan.objects.filter(person_id=person_id, state="open").order_by("until_on", "pk")
    return [Running(KINDS[it.kind], it.subject, it.until_on, None, _by(it.by)) for it in plans]


def _by(actor: str) -> str:
    """Who wrote it down, by the kind of actor."""
    return "by staff" if actor.startswith("staff:") else "by herself, or by somebody with her leave"


def open_loans(person_id: str, at: datetime) -> list[Loan]:
    """Her loans about which something may be agreed, the most pressing first."""
    loans = loans_of(person_id, at)
    reasons = held_back(loans, person_id, at)
    found = [it for it in loans if it.loan_id not in reasons and it.open_instalments]
    return sorted(found, key=lambda it: (it.open_instalments[0].due_on, it.loan_id))


def chosen(loans: Sequence[Loan], loan_id: str) -> Loan | None:
    """The one that was chosen; where none was named, the only one. What was said of one loan is never written to another."""
    if not loan_id and len(loans) == 1:
        return loans[0]
    return next((it for it in loans if it.loan_id == loan_id), None)


def days_for(person_id: str, loan: Loan, at: datetime) -> Mapping[str, object]:
    """Days that suit her, as far ahead as staff may write down."""
    return {
        "loan": loan, "next": loan.open_instalments[0], "left": loan.money(loan.open_instalments[0].left),
        "days": suggested(person_id, [loan], at, origin="agent", payday=means_of(person_id, at).payday),
        "today": whereabouts_of(person_id, at).today(at), "latest": latest_day([loan], at.date(), "agent"),
    }  # fmt: skip


@dataclass(frozen=True)
class Offered:
    """An option with its words; `is_mine`: this member of staff may agree to it."""

    says: str
    card: Card
    is_mine: bool


def options_of(person_id: str, loan: Loan, reader: Staff, at: datetime) -> list[Offered]:
    """What helps with a loan, in the order in which it should be read."""
    mine = LEVELS.index(LEVEL_OF.get(reader.role, "agent"))
    found = offered_for(loan, person_id, at, means_of(person_id, at))
    return [_offered(it, loan, mine) for it in found if it.schedule]


def _offered(it: Option, loan: Loan, mine: int) -> Offered:
    return Offered(KINDS[it.kind], card_of(it, loan), LEVELS.index(it.who) <= mine)
