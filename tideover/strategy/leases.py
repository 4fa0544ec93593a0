"""Work that only one process may do at a time: a name, a holder, and when it is free again should the holder die."""

from __future__ import annotations

from datetime import datetime, timedelta

from tideover.strategy.models import Lease


def leased(name: str, *, by: str, at: datetime, lasts: timedelta) -> bool:
    """Take the lease if nobody holds it; whoever holds it may take it again."""
    moment, until = int(at.timestamp()), int((at + lasts).timestamp())
    Lease.objects.get_or_create(name=name, defaults={"holder": by, "until": moment})
    free = Lease.objects.filter(name=name, until__lte=moment) | Lease.objects.filter(name=name, holder=by)
    return bool(free.update(holder=by, until=until))


def let_go(name: str, *, by: str, at: datetime) -> None:
    """Give it back, so that the next one need not wait until it would have ended."""
    Lease.objects.filter(name=name, holder=by).update(until=int(at.timestamp()))
