"""Lock-out: after some failed tries in a row a door rests for a while, over all processes and restarts.

A try is counted before the secret is looked at, so that many at once are not more than a few. Every lock ends by itself,
each later one after twice the time. Anybody can knock at the door of a password, so it rests an hour at most. Behind it,
codes get thirty tries a day: three of a million are right at a time, a chance below one in ten thousand. Passkeys pass
by both doors, and whoever manages staff opens them.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tideover.access.actors import SYSTEM
from tideover.access.audit import note
from tideover.access.models import Tries
from tideover.kit.errors import Refused

MOST_FAILED = 5
FORGOTTEN_AFTER = timedelta(days=1)


class LockedOut(Refused):
    """Too many failed tries; the door rests."""


@dataclass(frozen=True, slots=True)
class Door:
    """What somebody tries to open, and how long it rests at first and at most."""

    key: str
    rests: timedelta
    at_most: timedelta


def password_door(email: str) -> Door:
    """The door of a mail address, whether or not somebody has it."""
    key = _key("password", email.strip().lower())
    return Door(key, rests=timedelta(minutes=15), at_most=timedelta(hours=1))


def second_step_door(staff_id: int) -> Door:
    """The door of the codes of one account."""
    return Door(_key("second step", str(staff_id)), rests=timedelta(minutes=30), at_most=timedelta(hours=12))


@transaction.atomic
def try_door(door: Door, at: datetime) -> None:
    """Count a try before it is made. Raises LockedOut."""
    Tries.objects.get_or_create(key=door.key, defaults={"last_at": at})
    tries = Tries.objects.select_for_update().get(key=door.key)
    if tries.locked_until and at < tries.locked_until:
        raise LockedOut("Too many failed tries. Wait a while, use a passkey, or ask whoever manages staff.")
    tries.failed = 1 if at - tries.last_at > FORGOTTEN_AFTER else tries.failed + 1
    tries.last_at, tries.locked_until = at, None
    if tries.failed % MOST_FAILED == 0:
        tries.locked_until = at + min(
            door.at_most, door.rests * 2 ** min(tries.failed // MOST_FAILED - 1, 10)
        )
        note(action="door_locked", by=SYSTEM, at=at, detail={"door": door.key[:12], "failed": tries.failed})
    tries.save()


def opened(door: Door) -> None:
    """The secret was right: the tries before it are forgotten."""
    Tries.objects.filter(key=door.key).delete()


def is_locked(door: Door, at: datetime) -> bool:
    """Whether a door rests now."""
    return Tries.objects.filter(key=door.key, locked_until__gt=at).exists()


def _key(kind: str, told: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{kind}|{told}".encode(), hashlib.sha256).hexdigest()
