"""The stop button: one press, and nothing of that scope leaves until somebody lifts it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tideover.access.actors import staff_actor
from tideover.access.allowed import require
from tideover.access.audit import Plain, note
from tideover.access.models import Request, Staff
from tideover.access.roles import Power
from tideover.access.two_persons import approve, ask, hash_of, use
from tideover.kit.errors import Refused
from tideover.strategy.models import Stop

ALL = "all"
RESTORED = "restored"
"""Everything, since a backup was restored: two people let it go on."""


class NotStopped(Refused):
    """There is nothing to lift."""


def press(*, scope: str = ALL, by: str, at: datetime, why: str = "") -> Stop:
    """Stop a scope; pressed twice, it is stopped once."""
    stop, _ = Stop.objects.get_or_create(
        scope=scope, lifted_at=None, defaults={"pressed_by": by, "pressed_at": at, "why": why}
    )
    return stop


def lift(*, scope: str = ALL, by: str, at: datetime) -> None:
    """Let a scope go on. Raises NotStopped."""
    found = Stop.objects.filter(scope=scope, lifted_at__isnull=True)
    if not found.update(lifted_by=by, lifted_at=int(at.timestamp())):
        raise NotStopped(f"'{scope}' is not stopped.")


@transaction.atomic
def stop_sending(*, scope: str = ALL, by: Staff, at: datetime) -> Stop:
    """A member of staff presses the button. Raises NotAllowed."""
    require(by, Power.STOP_SENDING)
    stop = press(scope=scope, by=str(by.pk), at=at)
    note(action="sending_stopped", by=staff_actor(by), at=at, about=scope)
    return stop


@transaction.atomic
def release_sending(*, scope: str = ALL, by: Staff, at: datetime) -> bool:
    """A member of staff lets a scope go on. False: somebody else has to agree first. Raises NotAllowed, NotStopped.

    After a backup was restored one person asks and another agrees, each by the same press.
    """
    if scope == RESTORED and not _agreed(by, at):
        return False
    if scope != RESTORED:
        require(by, Power.RELEASE_SENDING)
    lift(scope=scope, by=str(by.pk), at=at)
    note(action="sending_released", by=staff_actor(by), at=at, about=scope)
    return True


def _agreed(by: Staff, at: datetime) -> bool:
    """Has another person asked for it before? Then this one agrees; else this one asks."""
    what: dict[str, Plain] = {"scope": RESTORED}
    asked = Request.objects.filter(
        power=Power.RELEASE_SENDING, what_hash=hash_of(what), approved_at__isnull=True, turned_down_at__isnull=True,
        expires_at__gt=at,
    ).first()  # fmt: skip
    if asked is None:
        ask(power=Power.RELEASE_SENDING, what=what, by=by, at=at)
        return False
    approve(request=asked, by=by, at=at)
    use(request=asked, power=Power.RELEASE_SENDING, what=what, by=asked.asked_by, at=at)
    return True


def standing() -> QuerySet[Stop]:
    """What is stopped now, the longest first."""
    return Stop.objects.filter(lifted_at__isnull=True).order_by("pressed_at")


def stopped() -> frozenset[str]:
    """The scopes that are stopped now."""
    return frozenset(Stop.objects.filter(lifted_at__isnull=True).values_list("scope", flat=True))


def is_stopped(scopes: frozenset[str], *, channel: str, purpose: str, strategy_hash: str) -> bool:
    """Does one of the pressed stops cover this message?"""
    return bool(
        scopes & {ALL, RESTORED, f"channel:{channel}", f"purpose:{purpose}", f"strategy:{strategy_hash}"}
    )
