"""Erasing by two people: one asks and says why, another agrees, and it is done: just that, once, in time.

A wish names the person by surrogate, so that whoever may see nobody can agree to it, and nothing of it leads to her afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from tideover.access import two_persons
from tideover.access.actors import Actor, staff_actor
from tideover.access.allowed import may, require
from tideover.access.audit import Plain
from tideover.access.models import Request, Staff
from tideover.access.roles import Power
from tideover.access.two_persons import NotOpen
from tideover.book.surrogates import people_behind, surrogate_of
from tideover.delivery.privacy.erasing import Erased, alone_with, erase_subject, refuse_what_must_end_first
from tideover.delivery.privacy.retention import Duty, retention
from tideover.delivery.privacy.subject import NobodyThere, subject_of
from tideover.kit.errors import Refused
from tideover.kit.paths import quoted_in_path

ERASE = Power.ERASE_SUBJECT
WHY: Mapping[str, str] = MappingProxyType(
    {
        "she_asked": "She asked for it.",
        "not_needed": "What we keep about her is needed no more.",
        "no_right": "We had no right to keep it.",
        "law": "A law or an authority asks for it.",
    }
)
"""Why somebody is erased: choices, not words of one's own, for those would name her after she is gone."""


class NoReason(Refused):
    """Why she is to be erased was not said."""


class AskerMayNoMore(Refused):
    """Whoever asked left or lost the role, so that there are no two who want it."""


class NotAgreed(Refused):
    """Nobody asked for it, or no second person has agreed."""


@transaction.atomic
def ask_to_erase(*, person_id: str, why: str, by: Staff, at: datetime) -> Request:
    """Ask that somebody be erased; asked again, it is the same wish. Raises NotAllowed, NoReason, NobodyThere, NeededForAClaim."""
    require(by, ERASE)
    if why not in WHY:
        raise NoReason("Choose why she is to be erased.")
    refuse_what_must_end_first(subject_of(person_id), at)
    known = wish_for(person_id, at)
    return known or two_persons.ask(power=ERASE, what=_what(person_id, why), by=by, at=at)


def agree_to_erase(*, request: Request, by: Staff, at: datetime) -> Erased:
    """Agree as the second person: she is erased now.

    Raises NotAllowed, AskerMayNoMore, SecondPersonNeeded, NotOpen, and what erasing refuses, such as Held.
    """
    person_id = _whom(request)
    if not may(Staff.objects.get(pk=request.asked_by_id), ERASE):
        raise AskerMayNoMore("Whoever asked may not ask for this any more. Let somebody who may ask anew.")
    refuse_what_must_end_first(subject_of(person_id), at)
    if Request.objects.get(pk=request.pk).state(at) != "asked":  # pressed twice: the first one is at work
        raise NotOpen("This is decided already, or too old. Ask anew.")
    with alone_with(person_id, at):
        agreed = two_persons.approve(request=request, by=by, at=at)
        return erase_subject(person_id, at, staff_actor(by), agreed=agreed)


def turn_down_erasure(*, request: Request, by: Staff, at: datetime) -> None:
    """Say no as the second person, or take one's own wish back. Raises NotAllowed, NotOpen."""
    two_persons.turn_down(request=request, by=by, at=at)


def erase_as_agreed(*, person_id: str, by: Actor, at: datetime) -> Erased:
    """Carry out what two people agreed on and what broke off. Raises NotAgreed, NobodyThere, and what erasing refuses."""
    subject_of(person_id)
    agreed = wish_for(person_id, at)
    if agreed is None:
        raise NotAgreed(
            f"Nobody asked that this person be erased. Ask on {settings.PUBLIC_URL}/desk/people/{quoted_in_path(person_id)}/erase; "
            "somebody else agrees there, and she is erased."
        )
    if agreed.approved_at is None:
        raise NotAgreed(
            f"It was asked for, and nobody else has agreed yet: {settings.PUBLIC_URL}/desk/erasures/."
        )
    return erase_subject(person_id, at, by, agreed=agreed)


def wishes(at: datetime) -> QuerySet[Request]:
    """Wishes that stand, the oldest first: of whoever may still ask, agreed on or not, and not yet carried out."""
    standing = Request.objects.filter(
        power=ERASE.value, used_at__isnull=True, turned_down_at__isnull=True, expires_at__gt=at,
        asked_by__in=[it.pk for it in Staff.objects.who_may(ERASE)],
    )  # fmt: skip
    return standing.select_related("asked_by", "approved_by").order_by("asked_at")


def wish_for(person_id: str, at: datetime) -> Request | None:
    """The wish that stands about somebody."""
    return wishes(at).filter(what__person=surrogate_of(person_id)).first()


def kept_by_law() -> tuple[Duty, ...]:
    """What stays of her, why and for how long, to be said before anybody asks."""
    return retention(settings.CONTENT)


def _what(person_id: str, why: str) -> dict[str, Plain]:
    return {"person": surrogate_of(person_id), "why": why}


def _whom(request: Request) -> str:
    surrogate = str(request.what.get("person", ""))
    found = people_behind([surrogate]).get(surrogate)
    if request.power != ERASE or found is None:
        raise NobodyThere("There is nobody behind this wish any more; she may have been erased already.")
    return found
