"""The stop button: one press, and nothing of that scope leaves until somebody lifts it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tideover.access.actors import staff_actor
from tideover.access.allowed import require
from tideover.access.audit import note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.kit.errors import Refused
from tideover.strategy.models import Stop

ALL = "all"
RESTORED = "restored"
"""Everything, since a backup was restored: two people let it go on."""


class NotStopped(Refused):
    """There is nothing to lift."""


def press(
    *, scope: str = ALL, by: str, at: datetime, why: str = "", counted_until: datetime | None = None
) -> Stop:
    """Stop a scope; pressed twice, it is stopped once."""
    stop, _ = Stop.objects.get_or_create(
        scope=scope,
        lifted_at=None,
        defaults={"pressed_by": by, "pressed_at": at, "why": why, "counted_until": counted_until},
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
    if stop.pressed_by != str(by.pk):
        Stop.objects.filter(pk=stop.pk).update(is_shared=True)
    note(action="sending_stopped", by=staff_actor(by), at=at, about=scope)
    return stop


def standing() -> QuerySet[Stop]:
    """What is stopped now, the longest first."""
    return Stop.objects.filter(lifted_at__isnull=True).order_by("pressed_at")


def stopped() -> frozenset[str]:
    """The scopes that are stopped now."""
    return frozenset(Stop.objects.filter(lifted_at__isnull=True).values_list("scope", flat=True))


def scopes_over(*, channel: str, purpose: str, strategy_hash: str) -> frozenset[str]:
    """The stops that would cover a message."""
    return frozenset({ALL, RESTORED, f"channel:{channel}", f"purpose:{purpose}", f"strategy:{strategy_hash}"})
