"""Two-person powers: one asks, another agrees, then it may be done: just that, once, in time.

A lender of one person says so with `TIDEOVER_ONE_PERSON=yes`: then a night takes the place of the second person, and
every such approval is marked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from tideover.access.actors import staff_actor
from tideover.access.allowed import may, require
from tideover.access.audit import Plain, note
from tideover.access.models import Request, Staff
from tideover.access.roles import SECOND, Power
from tideover.kit.errors import Refused

LASTS = timedelta(days=7)
NIGHT = timedelta(hours=12)


class SecondPersonNeeded(Refused):
    """Somebody else has to agree first."""


class NotOpen(Refused):
    """The request was used, turned down, has expired, or is for something else."""


@transaction.atomic
def ask(
    *, power: Power, what: Mapping[str, Plain], by: Staff, at: datetime, lasts: timedelta = LASTS
) -> Request:
    """Ask another person to agree to exactly this."""
    if power not in SECOND:
        raise NotOpen(f"'{power}' needs no second person.")
    require(by, power)
    request = Request.objects.create(
        power=power.value,
        what=dict(what),
        what_hash=hash_of(what),
        asked_by=by,
        asked_at=at,
        expires_at=at + lasts,
    )
    _noted("request_asked", request, by, at)
    return request


@transaction.atomic
def approve(*, request: Request, by: Staff, at: datetime) -> Request:
    """Agree as the second person. Nobody agrees to their own wish, save alone and after a night."""
    found = _open(request, at, "asked")
    alone = by.pk == found.asked_by_id
    second = SECOND[Power(found.power)]
    if alone:
        _may_stand_alone(found, by, at)
    else:
        require(by, second)
    found.approved_by, found.approved_at, found.alone = by, at, alone
    found.save(update_fields=["approved_by", "approved_at", "alone"])
    _noted("request_approved_alone" if alone else "request_approved", found, by, at)
    return found


@transaction.atomic
def turn_down(*, request: Request, by: Staff, at: datetime) -> Request:
    """Say no as the second person, or take one's own request back."""
    found = _open(request, at, "asked", "approved")
    if by.pk != found.asked_by_id:
        require(by, SECOND[Power(found.power)])
    found.turned_down_by, found.turned_down_at = by, at
    found.save(update_fields=["turned_down_by", "turned_down_at"])
    _noted("request_turned_down", found, by, at)
    return found


@transaction.atomic
def use(*, request: Request, power: Power, what: Mapping[str, Plain], by: Staff, at: datetime) -> Request:
    """Do it now: in the transaction of what is done. Raises NotOpen unless exactly this was approved and not yet used."""
    found = _open(request, at, "approved")
    if found.power != power or found.what_hash != hash_of(what):
        raise NotOpen("What was approved is something else.")
    require(by, power)
    if not Request.objects.filter(pk=found.pk, used_at__isnull=True).update(used_at=at):
        raise NotOpen("It was done already.")
    found.used_at = at
    _noted("request_used", found, by, at)
    return found


def waiting_for(user: Staff, at: datetime) -> QuerySet[Request]:
    """Requests that this person could agree to now."""
    powers = [asked.value for asked, second in SECOND.items() if may(user, second)]
    open_now = Request.objects.filter(
        power__in=powers, approved_at__isnull=True, turned_down_at__isnull=True, expires_at__gt=at
    )
    return open_now.exclude(asked_by=user).order_by("asked_at")


def hash_of(what: Mapping[str, Plain]) -> str:
    """The fingerprint of what is to be done."""
    return hashlib.sha256(json.dumps(what, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _open(request: Request, at: datetime, *states: str) -> Request:
    found = Request.objects.select_for_update().get(pk=request.pk)
    state = found.state(at)
    if state not in states:
        raise NotOpen(f"This request is {state.replace('_', ' ')}; ask anew.")
    return found


def _may_stand_alone(request: Request, by: Staff, at: datetime) -> None:
    if not settings.ONE_PERSON:
        raise SecondPersonNeeded("Somebody else has to agree to what you asked for.")
    others = [it for it in Staff.objects.who_may(SECOND[Power(request.power)]) if it.pk != by.pk]
    if others:
        raise SecondPersonNeeded("There are others who may agree; ask one of them.")
    require(by, Power(request.power))
    if at - request.asked_at < NIGHT or at.date() == request.asked_at.date():
        raise SecondPersonNeeded("You are alone: a night has to pass before you agree to your own wish.")


def _noted(action: str, request: Request, by: Staff, at: datetime) -> None:
    detail: dict[str, Plain] = {"request": request.pk, "power": request.power, "what": request.what_hash}
    note(action=action, by=staff_actor(by), at=at, detail=detail)
