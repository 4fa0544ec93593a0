"""Lifting a stop takes two: one asks, another agrees, and it is lifted at once. A press by mistake is taken back alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from tideover.access import two_persons
from tideover.access.actors import staff_actor
from tideover.access.allowed import require
from tideover.access.audit import Plain, note
from tideover.access.models import Request, Staff
from tideover.access.roles import Power
from tideover.kit.errors import Refused
from tideover.strategy.models import Stop
from tideover.strategy.stops import NotStopped, lift, standing

OWN_MISTAKE = timedelta(minutes=10)
"""Time within which whoever pressed a stop by mistake takes it back without a second person."""


class NotOwnMistake(Refused):
    """A stop that others rely on, or that has stood a while, is lifted by two."""


@transaction.atomic
def ask_release(*, scope: str, by: Staff, at: datetime) -> Request:
    """Ask that a stopped scope may go on; asked again, it is the same wish. Raises NotAllowed, NotStopped."""
    stop = _standing(scope)
    require(by, Power.RELEASE_SENDING)
    known = asked([stop], at).get(stop.pk)
    return known or two_persons.ask(power=Power.RELEASE_SENDING, what=_what(stop), by=by, at=at)


@transaction.atomic
def agree_release(*, scope: str, by: Staff, at: datetime) -> None:
    """Agree as the second person: it goes on now. Raises NotAllowed, SecondPersonNeeded, NotStopped, NotOpen."""
    stop = _standing(scope)
    request = asked([stop], at).get(stop.pk)
    if request is None:
        raise two_persons.NotOpen("Nobody has asked to let this go on, or the wish has expired. Ask anew.")
    two_persons.approve(request=request, by=by, at=at)
    two_persons.use(
        request=request, power=Power.RELEASE_SENDING, what=_what(stop), by=request.asked_by, at=at
    )
    _lifted(stop, "sending_released", by, at)


@transaction.atomic
def keep_stopped(*, scope: str, by: Staff, at: datetime) -> None:
    """Say no as the second person, or take one's own wish back. Raises NotAllowed, NotStopped, NotOpen."""
    stop = _standing(scope)
    request = asked([stop], at).get(stop.pk)
    if request is None:
        raise two_persons.NotOpen("Nobody has asked to let this go on.")
    two_persons.turn_down(request=request, by=by, at=at)


@transaction.atomic
def take_back_stop(*, scope: str, by: Staff, at: datetime) -> None:
    """Undo one's own press within ten minutes, alone; the audit trail says so. Raises NotAllowed, NotStopped, NotOwnMistake."""
    stop = _standing(scope)
    require(by, Power.STOP_SENDING)
    if not may_take_back(stop, by, at):
        raise NotOwnMistake(
            "Only whoever pressed a stop takes it back alone, within ten minutes, and only if nobody else pressed it too."
        )
    _lifted(stop, "stop_taken_back_alone", by, at)


def may_take_back(stop: Stop, user: Staff, at: datetime) -> bool:
    """Whether it is this person's own press, nobody else's, and so fresh that it may have been a slip."""
    return stop.pressed_by == str(user.pk) and not stop.is_shared and at - stop.pressed_at < OWN_MISTAKE


def asked(stops: list[Stop], at: datetime) -> Mapping[int, Request]:
    """Who asked that which of these stops be lifted: wishes that stand, by stop."""
    hashes = {two_persons.hash_of(_what(it)): it.pk for it in stops}
    open_now = Request.objects.filter(
        power=Power.RELEASE_SENDING.value, what_hash__in=hashes, approved_at__isnull=True,
        turned_down_at__isnull=True, expires_at__gt=at,
    )  # fmt: skip
    return {hashes[it.what_hash]: it for it in open_now.select_related("asked_by").order_by("-asked_at")}


def _standing(scope: str) -> Stop:
    found = standing().select_for_update().filter(scope=scope).first()
    if found is None:
        raise NotStopped(f"'{scope}' is not stopped.")
    return found


def _what(stop: Stop) -> dict[str, Plain]:
    return {"stop": stop.pk, "scope": stop.scope}


def _lifted(stop: Stop, action: str, by: Staff, at: datetime) -> None:
    lift(scope=stop.scope, by=str(by.pk), at=at)
    note(action=action, by=staff_actor(by), at=at, about=stop.scope, detail={"stop": stop.pk})
