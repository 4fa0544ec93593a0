"""Work that only one process may do at a time: a name, a holder, and when it is free again should the holder die."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import Q

from tideover.kit.errors import Refused
from tideover.strategy.models import Lease

MIRROR = "mirror"
"""Held by whoever reads or writes the mirror for long: a night, a trial and an erasure do not meet there."""

IMPORT = "import"
"""Held by whoever reads files into the book, and while somebody is erased: else she came in again behind it."""

LONGEST = timedelta(hours=6)
"""No work holds anything for as long as that."""


class Held(Refused):
    """Somebody else is at work that this must not meet."""


@contextmanager
def held(*names: str, by: str, at: datetime, lasts: timedelta) -> Iterator[None]:
    """All of these leases, or none. Raises Held. Whoever holds them already may hold them again within."""
    try:
        if not all(leased(name, by=by, at=at, lasts=lasts) for name in names):
            raise Held(
                "A night, a trial, an import or an erasure is being worked on, and this may not go on beside it. Nothing was "
                "done; do it again in a few minutes."
            )
        yield
    finally:
        for name in names:
            freed(name, by=by)


def leased(name: str, *, by: str, at: datetime, lasts: timedelta) -> bool:
    """Take the lease if nobody holds it; whoever holds it may take it again.

    One that runs on for longer than any may was taken by a clock that was ahead, and holds nobody up.
    """
    moment, until = int(at.timestamp()), int((at + lasts).timestamp())
    Lease.objects.get_or_create(name=name, defaults={"holder": by, "until": moment})
    free = Q(until__lte=moment) | Q(until__gt=int((at + LONGEST).timestamp())) | Q(holder=by)
    return bool(Lease.objects.filter(free, name=name).update(holder=by, until=until))


def freed(name: str, *, by: str) -> None:
    """Give a lease back as soon as the work is done, whatever the clock says by then."""
    Lease.objects.filter(name=name, holder=by).update(until=0)
