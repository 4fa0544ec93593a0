"""What rests because of a case: put in the moment something was told, ended when a person says that it may go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tideover.access.actors import staff_actor
from tideover.access.allowed import NotAllowed, require
from tideover.access.audit import note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.book.newest import newest
from tideover.book.surrogates import surrogate_of
from tideover.delivery.addresses import ever_beside
from tideover.kit.errors import Refused
from tideover.support.models import FROM_ANSWER, Case
from tideover.support.voice.facts import ended_by, lift, may_end
from tideover.support.voice.models import DeathTold

OTHERWISE = ("complaint",)
"""Kinds whose rest ends with their own answer."""


class NothingRests(Refused):
    """Nothing rests because of this case, or it has ended already."""


class NotHere(Refused):
    """The case is of another branch."""


@dataclass(frozen=True)
class Resting:
    """A hold that came with a case."""

    hold_id: str
    kind: str
    person_id: str
    """Whom the case is about, or somebody who shares the address from which it was told."""


def rests_for(case: Case, at: datetime) -> list[Resting]:
    """The holds that came with this case and have not ended."""
    if case.kind in OTHERWISE:
        return []
    of_answer = case.from_row.startswith(FROM_ANSWER)
    people = {case.person_id} | (ever_beside(case.person_id) if of_answer else set())
    holds = newest("holds", person_id__in=people)
    going = [
        Resting(it.hold_id, it.kind, it.person_id) for it in holds if it.until_at is None or it.until_at > at
    ]
    return [it for it in going if _came_with(case, it)]


@transaction.atomic
def may_go_on(*, case: Case, by: Staff, at: datetime, only: str = "") -> int:
    """What rests because of this case ends now, for all whom this member of staff may see, or for one; how many holds.

    Of holds that are for different roles to end, those of one's own end. Raises NotAllowed, NotHere, NothingRests.
    """
    require(by, Power.LIFT_HOLD)
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise NotHere("This case is of another branch.")
    found = [it for it in seen_by(by, case, at) if only in ("", it.person_id)]
    if not found:
        raise NothingRests("Nothing rests because of this case, or it has ended already.")
    ending = [it for it in found if may_end(by, it.kind)]
    if not ending:
        raise NotAllowed(f"What rests here is for {roles_for(found)} to end.")
    for it in ending:
        lift(it.person_id, it.hold_id, at)
        note(
            action="hold_lifted", by=staff_actor(by), at=at, about=surrogate_of(it.person_id),
            detail={"kind": it.kind, "case": case.pk},
        )  # fmt: skip
    if only in ("", case.person_id) and len(ending) == len(
        found
    ):  # it was no death of hers: no letter is offered any more
        told = DeathTold.objects.filter(case=case, state__in=("told", "found"))
        told.update(state="mistaken")
    return len(ending)


def roles_for(resting: Iterable[Resting]) -> str:
    """Who may end it, in words."""
    return " or ".join(sorted({role for it in resting for role in ended_by(it.kind)})) or "nobody"


def seen_by(reader: Staff, case: Case, at: datetime) -> list[Resting]:
    """Of what rests, that of the person of the case and of others whom this member of staff may see."""
    found = rests_for(case, at)
    others = {it.person_id for it in found} - {case.person_id}
    seen = {case.person_id}
    if others:
        seen |= set(Person.objects.visible_to(reader).filter(pk__in=others).values_list("pk", flat=True))
    return [it for it in found if it.person_id in seen]


def _came_with(case: Case, hold: Resting) -> bool:
    """An answer's holds carry its number; those of a page carry the key of their case."""
    if case.from_row.startswith(FROM_ANSWER):
        number = case.from_row.removeprefix(FROM_ANSWER)
        return hold.hold_id.startswith((f"{hold.kind}-{number}-", f"told-{number}-"))
    return hold.hold_id == case.from_row
