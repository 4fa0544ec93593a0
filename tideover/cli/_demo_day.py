"""A day of the demo, played hour by hour: the real outbox, the real guards, real SMTP, and a clock set by hand."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from tideover.access.actions import invite
from tideover.access.clock import now
from tideover.access.roles import Role
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.importing import import_book
from tideover.book.models import FACTS, Address
from tideover.cli._demo_mailbox import mailbox
from tideover.cli._live import make_database
from tideover.cli._turns import lanes_of, turn
from tideover.delivery.jobs import open_channels
from tideover.delivery.models import Message
from tideover.engine.facts import open_book
from tideover.strategy.models import Run
from tideover.strategy.releases import ensure_shipped

BATCH = 1_000


def play(folder: Path, place: Path, day: datetime) -> Iterator[str]:
    """Import the book and live through a day, UTC; what happened, line by line."""
    (place / "tideover.db").unlink(missing_ok=True)
    make_database()
    _set_clock(place, day)
    done = import_book(open_book(folder), source="made up", at=day)
    yield f"Imported {sum(done.added.values()):,} facts."
    _made_up_addresses()
    record("feeds", [{"name": "payments", "fresh_until": day + timedelta(days=30)}], source="demo", at=day)
    ensure_shipped(at=day)
    with mailbox(place / "mailbox"), lanes_of(open_channels(os.environ, kept=True)) as lanes:
        for hour in range(3, 24):
            at = day + timedelta(hours=hour, minutes=59)
            _set_clock(place, at)
            while turn(lanes, at=at) or lanes.is_busy:
                pass
    (place / "clock").unlink()
    yield from _told()


def _set_clock(place: Path, at: datetime) -> None:
    (place / "clock").write_text(at.isoformat(), "utf-8")


def _made_up_addresses() -> None:
    """Mailboxes and numbers that belong to nobody: example domains (RFC 2606) and a range kept for fiction."""
    points = FACTS["contact_points"].objects.exclude(address_id=None)
    known = points.values_list("address_id", "channel").distinct().order_by("address_id")
    made: Iterable[Address] = (
        Address(address_id=key, channel=channel, value=value, index=blind(value))
        for number, (key, channel) in enumerate(known)
        for value in [f"person{number}@example.org" if channel == "email" else f"+371200{number:05}"]
    )
    Address.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)


def _told() -> Iterator[str]:
    run = Run.nights.latest("at")
    people = ", ".join(f"{count:,} {treatment}" for treatment, count in sorted(run.counts.items()))
    yield f"Decided {run.people:,} people: {people}."
    states = Message.objects.values("channel", "state").annotate(n=Count("pk")).order_by("channel", "state")
    for row in states:
        yield f"  {row['channel']:7} {row['state']:11} {row['n']:,}"


def desk_link() -> str:
    """A link by which whoever looks at the demo becomes its lead, with a password and a second step of her own."""
    _, token = invite(
        email="lead@harbour.example", name="Lead", role=Role.LEAD, sees_every_branch=True, by=None, at=now()
    )
    return f"{settings.PUBLIC_URL}/staff/join/{token}/"
