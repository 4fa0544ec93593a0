"""A worker: events, decisions, messages, over and over, until it is told to end."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from django.db import close_old_connections

from tideover.access.clock import now
from tideover.delivery import outbox
from tideover.delivery.channels import Channel, NotConnected, channel_names, open_channel
from tideover.delivery.sending import one_round
from tideover.strategy.events import note_changes
from tideover.strategy.leases import leased
from tideover.strategy.models import Run
from tideover.strategy.releases import NothingLive
from tideover.strategy.runs import run_events, run_nightly

log = structlog.get_logger()
IDLE_SECONDS = 0.5
NIGHTLY_HOUR = 3
"""UTC hour after which the day's run is due."""


def open_channels() -> dict[str, Channel]:
    """Every channel whose provider is set; the others stay closed, and are said once."""
    opened = {}
    for name in channel_names():
        try:
            opened[name] = open_channel(name, os.environ)
        except NotConnected as refused:
            log.info("channel_closed", channel=name, because=str(refused))
    return opened


def work(*, once: bool = False, going: Callable[[], bool] = lambda: True) -> int:
    """Work until told to end, or until there is nothing left to do. How many messages were looked at."""
    channels, name, total = open_channels(), f"{socket.gethostname()}:{os.getpid()}", 0
    while going():
        close_old_connections()
        done = turn(channels, worker=name, at=now())
        total += done
        if not done and once:
            break
        if not done:
            time.sleep(IDLE_SECONDS)
    return total


def turn(channels: Mapping[str, Channel], *, worker: str, at: datetime) -> int:
    """One turn: the night's run if it is due, events, new decisions, and what is due to leave. How much there was to do."""
    try:
        ran = nightly_if_due(at)
        note_changes(at=at)
        events = run_events(at=at)
    except NothingLive:
        return 0
    taken = outbox.take(at=at)
    sent = one_round(channels, worker=worker, at=at)
    if sent.total:
        log.info("round", **sent.outcomes)
    return sent.total + taken + (events.people if events else 0) + int(ran)


def nightly_if_due(at: datetime) -> bool:
    """Run the night's decision once a day, in whichever worker comes first."""
    due = at.replace(hour=NIGHTLY_HOUR, minute=0, second=0)
    due = due if due <= at else due - timedelta(days=1)
    if Run.objects.filter(kind="nightly", at__gte=int(due.timestamp())).exists():
        return False
    if not leased("nightly", by=f"{socket.gethostname()}:{os.getpid()}", at=at, lasts=timedelta(hours=2)):
        return False
    run_nightly(at=at)
    return True
