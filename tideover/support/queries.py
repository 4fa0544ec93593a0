"""Cases, read for the pages that show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator

from tideover.access.models import Staff
from tideover.delivery.models import Corrected, Message
from tideover.delivery.progress import in_words
from tideover.delivery.queries import names_of
from tideover.strategy.telling import words
from tideover.support.models import DUTY, FROM_MESSAGE, KINDS, OUTCOMES, Case, CaseQuerySet

A_PAGE = 50


@dataclass(frozen=True)
class Law:
    """The article behind a duty."""

    title: str
    href: str


@dataclass(frozen=True)
class Listed:
    """A case with its words: what is to be done, about whom, by whom, under which law."""

    case: Case
    says: str
    name: str
    owner: str
    laws: tuple[Law, ...]
    is_past: bool
    outcome: str = ""


def queue_page(
    user: object, wanted: Mapping[str, str], number: str | None, today: date
) -> tuple[Page[Case], list[Listed]]:
    """What waits for somebody of these branches: danger first, then by date."""
    rows = Case.objects.waiting().visible_to(user)
    if wanted.get("kind") in KINDS:
        rows = rows.filter(kind=wanted["kind"])
    if wanted.get("whose") == "mine" and isinstance(user, Staff):
        rows = rows.filter(owner=str(user.pk))
    elif wanted.get("whose") == "open":
        rows = rows.filter(state="open")
    page = Paginator(rows, A_PAGE).get_page(number)
    return page, told(page, today)


def cases_of(person: str, user: object, today: date) -> list[Listed]:
    """All cases of a person, those that wait first."""
    rows: CaseQuerySet = Case.objects.visible_to(user).filter(person_id=person)
    return told(rows.order_by("closed_at", "due_on", "pk"), today)


def told(cases: Iterable[Case], today: date) -> list[Listed]:
    """Cases in words, however many, in three more queries."""
    found = list(cases)
    names = names_of(it.person_id for it in found)
    owners = _owners(found)
    laws = _laws(found)
    return [
        Listed(
            it, KINDS.get(it.kind, it.kind), names[it.person_id], owners.get(it.owner, it.owner), laws.get(it.pk, ()),
            it.due_on < today, OUTCOMES.get(it.outcome, it.outcome),
        )
        for it in found
    ]  # fmt: skip


def _owners(cases: list[Case]) -> dict[str, str]:
    numbers = {int(it.owner) for it in cases if it.owner.isdecimal()}
    return {str(pk): name for pk, name in Staff.objects.filter(pk__in=numbers).values_list("pk", "name")}


def _laws(cases: list[Case]) -> dict[int, tuple[Law, ...]]:
    """Which articles ask for what could not be delivered: the rule that made us tell it."""
    duties = {it.from_row.removeprefix(FROM_MESSAGE): it.pk for it in cases if it.kind == DUTY}
    numbers = [int(it) for it in duties if it.isdecimal()]
    rows = Message.objects.filter(pk__in=numbers, decision__isnull=False).values_list("pk", "decision__step")
    return {duties[str(pk)]: _behind(step) for pk, step in rows}


def _behind(step: str) -> tuple[Law, ...]:
    """The rule that the decision's step names; where it names none, better no article than another country's."""
    rule = words().rules.get(step)
    return tuple(Law(it.title, it.href) for it in rule.written.reference) if rule else ()


def why_no_message(case: Case, hidden: frozenset[str]) -> str:
    """What keeps us from putting it right by a message, in sentences; "" where the case is about something else."""
    origin, _, number = case.from_row.partition("-")
    if case.kind != "correction" or not number.isdecimal():
        return ""
    if origin == "corrected":
        row = Corrected.objects.filter(pk=number).values_list("forbidden_by", flat=True).first()
    else:
        row = Message.objects.filter(pk=number).values_list("because", flat=True).first()
    return in_words(row or "", hidden)
