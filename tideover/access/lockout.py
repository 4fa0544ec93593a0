"""Lock-out: after some failed tries in a row a door rests for a while, over all processes and restarts.

A try is counted before the secret is looked at, so that many at once are not more than a few. The lock ends by itself,
each later one after twice the time: fifty tries a day at most, a chance of one in twenty thousand against six digits.
Whoever locks somebody out on purpose delays them by hours at most; passkeys pass by this door, and an admin opens it.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tideover.access.actors import SYSTEM
from tideover.access.audit import note
from tideover.access.models import Tries
from tideover.kit.errors import Refused

MOST_FAILED = 5
RESTS = timedelta(minutes=15)
RESTS_AT_MOST = timedelta(hours=4)
FORGOTTEN_AFTER = timedelta(days=1)


class LockedOut(Refused):
    """Too many failed tries; the door rests."""


def password_door(email: str) -> str:
    """The door of a mail address, whether or not somebody has it."""
    return _key("password", email.strip().lower())


def second_step_door(staff_id: int) -> str:
    """The door of the codes of one account."""
    return _key("second step", str(staff_id))


@transaction.atomic
def try_door(door: str, at: datetime) -> None:
    """Count a try before it is made. Raises LockedOut."""
    Tries.objects.get_or_create(key=door, defaults={"last_at": at})
    tries = Tries.objects.select_for_update().get(key=door)
    if tries.locked_until and at < tries.locked_until:
        raise LockedOut("Too many failed tries. Wait a while, use a passkey, or ask whoever manages staff.")
    tries.failed = 1 if at - tries.last_at > FORGOTTEN_AFTER else tries.failed + 1
    tries.last_at, tries.locked_until = at, None
    if tries.failed % MOST_FAILED == 0:
        tries.locked_until = at + min(RESTS_AT_MOST, RESTS * 2 ** min(tries.failed // MOST_FAILED - 1, 10))
        note(action="door_locked", by=SYSTEM, at=at, detail={"door": door[:12], "failed": tries.failed})
    tries.save()


def opened(door: str) -> None:
    """The secret was right: the tries before it are forgotten."""
    Tries.objects.filter(key=door).delete()


def is_locked(door: str, at: datetime) -> bool:
    """Whether a door rests now."""
    return Tries.objects.filter(key=door, locked_until__gt=at).exists()


def _key(kind: str, told: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{kind}|{told}".encode(), hashlib.sha256).hexdigest()
