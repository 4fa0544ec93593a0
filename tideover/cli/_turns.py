"""A turn of a worker: answers are read, cases opened, schedules taken up, promises judged; then strategy decides, delivery sends.

Each reads what the one before left.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import datetime

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connections

from tideover.access.clock import now
from tideover.delivery.channels import Channel
from tideover.delivery.inbound import read_left_behind
from tideover.delivery.jobs import open_channels, send, take_in
from tideover.delivery.lanes import Lanes
from tideover.delivery.lines import lines_open
from tideover.delivery.privacy.daily import forget_if_due
from tideover.delivery.restored import thin
from tideover.delivery.words import speak_as_approved
from tideover.repayment.bills.notices import notices_if_due
from tideover.repayment.ledger.holding import follow_holds
from tideover.repayment.ledger.taking_up import take_up
from tideover.repayment.plans.following import follow as follow_plans
from tideover.repayment.promises.following import follow as follow_promises
from tideover.repayment.ways.daily import daily_if_due
from tideover.strategy.anchoring import anchor_if_due
from tideover.strategy.jobs import decide_what_is_new
from tideover.strategy.trials import try_what_waits
from tideover.support.claims import settle_claims
from tideover.support.giving_out import give_out
from tideover.support.jobs import open_cases
from tideover.support.strangers import forget_strangers
from tideover.support.tasks import close_unwanted
from tideover.web.api.webhooks.delivering import deliver_due
from tideover.web.portal.doors.codes import send_codes

log = structlog.get_logger()
IDLE_SECONDS = 0.5
BUSY_SECONDS = 1.0
"""Between two turns while a channel sends, which needs the processor that a turn takes."""

AWAY_SECONDS = 1.0
"""Between two tries while the database does not answer. Nothing leaves meanwhile."""


def keep_turning(*, once: bool = False, going: Callable[[], bool] = lambda: True) -> int:
    """Turn after turn until told to end, or, once, until nothing is left to do. How much there was to do."""
    channels, total = open_channels(os.environ, kept=settings.DEMO), 0
    lines = nullcontext() if once else lines_open(channels, worker=_name())
    is_new = True
    with lines, lanes_of(channels) as lanes:
        while going():
            close_old_connections()
            try:
                if is_new:
                    thin(at=now())
                    is_new = False
                done = turn(lanes, at=now())
            except (OperationalError, InterfaceError) as error:
                if once:
                    raise
                log.error("database_away", error=type(error).__name__)  # noqa: TRY400 - it may cite what was written
                connections.close_all()
                time.sleep(AWAY_SECONDS)
                continue
            total += done
            if not done and not lanes.is_busy:
                if once:
                    break
                time.sleep(IDLE_SECONDS)
    return total


def lanes_of(channels: Mapping[str, Channel]) -> Lanes:
    """The channels of this process, each sending by itself."""
    worker = _name()

    def of_one(name: str, at: datetime, most: int) -> int:
        return send({name: channels[name]}, worker=f"{worker}:{name}", at=at, most=most)

    return Lanes(channels, of_one)


def turn(lanes: Lanes, *, at: datetime) -> int:
    """One turn. How much there was to do, and how much the lanes have done that ended meanwhile.

    Nothing long stands before the case of somebody in danger: what came in is read first, and a night is decided after.
    """
    speak_as_approved()
    heard = read_left_behind(at=at) + open_cases(at=at) + give_out()
    judged = take_up(at=at) + follow_holds(at=at) + follow_promises(at=at) + follow_plans(at=at)
    decided = decide_what_is_new(by=_name(), at=at) + notices_if_due(at=at) + daily_if_due(at=at)
    anchor_if_due(at=at)
    forget_if_due(at=at)
    taken = send_codes(at=at) + take_in(at=at)
    lanes.start(at=at)
    followed_up = (
        forget_strangers(at=at)
        + settle_claims(at=at)
        + close_unwanted(at=at)
        + deliver_due(at)
        + try_what_waits(by=_name(), at=at)
    )
    return (
        heard
        + judged
        + decided
        + taken
        + followed_up
        + lanes.finished(within=BUSY_SECONDS if lanes.is_busy else 0)
    )


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
