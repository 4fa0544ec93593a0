"""Wishes to erase somebody, as their reader may see them: who is meant stands there only for those who may see her."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from tideover.access.allowed import may
from tideover.access.models import Request, Staff
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.delivery.privacy.agreeing import WHY, kept_by_law, wishes
from tideover.support.models import Case


@dataclass(frozen=True)
class Wish:
    """One wish that stands. `person` is empty for whoever may not see her; `she_asked_on` where she did so on her page."""

    request: Request
    why: str
    person: Person | None
    she_asked_on: date | None
    is_own: bool
    may_agree: bool


@dataclass(frozen=True)
class Stays:
    """What outlives an erasure, why, and until when."""

    what: str
    says: str
    until: date


def told(requests: Iterable[Request], reader: Staff) -> list[Wish]:
    """Each wish for this member of staff."""
    found = list(requests)
    meant = {str(it.what.get("person", "")) for it in found}
    people = {str(it.surrogate): it for it in Person.objects.filter(surrogate__in=meant)}
    seen = set(Person.objects.visible_to(reader).filter(surrogate__in=meant).values_list("pk", flat=True))
    cases = Case.objects.filter(kind="erase_data", person_id__in=[it.pk for it in people.values()])
    asked = dict(cases.exclude(state="closed").values_list("person_id", "opened_at"))
    return [_wish(it, people.get(str(it.what.get("person", ""))), seen, asked, reader) for it in found]


def _wish(
    request: Request, person: Person | None, seen: set[str], asked: dict[str, datetime], reader: Staff
) -> Wish:
    is_own = request.asked_by_id == reader.pk
    she_asked = asked.get(person.pk) if person else None
    return Wish(
        request,
        WHY.get(str(request.what.get("why", "")), ""),
        person if person and person.pk in seen else None,
        she_asked.date() if she_asked else None,
        is_own,
        may_agree=settings.ONE_PERSON if is_own else may(reader, Power.APPROVE_ERASURE),
    )


def standing(reader: Staff, at: datetime) -> list[Wish]:
    """Every wish that stands."""
    return told(wishes(at), reader)


def stays(at: datetime) -> list[Stays]:
    """What must be kept of somebody who is erased now."""
    return [
        Stays(", ".join(it.tables).replace("_", " "), it.says, it.until(at.date())) for it in kept_by_law()
    ]
