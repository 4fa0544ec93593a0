"""A turn of a worker: strategy decides, delivery sends, support opens cases, other systems are told.

Each reads what the one before left.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connections

from tideover.access.clock import now
from tideover.delivery.channels import Channel
from tideover.delivery.jobs import open_channels, send_what_is_due
from tideover.delivery.restored import thin
from tideover.strategy.jobs import decide_what_is_new
from tideover.support.jobs import open_cases
from tideover.web.api.webhooks.delivering import deliver_due

log = structlog.get_logger()
IDLE_SECONDS = 0.5
AWAY_SECONDS = 1.0
"""Between two tries while the database does not answer. Nothing leaves meanwhile."""


def keep_turning(*, once: bool = False, going: Callable[[], bool] = lambda: True) -> int:
    """Turn after turn until told to end, or, once, until nothing is left to do. How much there was to do."""
    channels, total = open_channels(os.environ, kept=settings.DEMO), 0
    thin(at=now())
    while going():
        close_old_connections()
        try:
            done = turn(channels, at=now())
        except (OperationalError, InterfaceError) as error:
            if once:
                raise
            log.error("database_away", error=type(error).__name__)  # noqa: TRY400 - it may cite what was written
            connections.close_all()
            time.sleep(AWAY_SECONDS)
            continue
        total += done
        if not done:
            if once:
                break
            time.sleep(IDLE_SECONDS)
    return total


def turn(channels: Mapping[str, Channel], *, at: datetime) -> int:
    """One turn. How much there was to do."""
    worker = f"{socket.gethostname()}:{os.getpid()}"
    decided = decide_what_is_new(by=worker, at=at)
    sent = send_what_is_due(channels, worker=worker, at=at)
    return decided + sent + open_cases(at=at) + deliver_due(at)
