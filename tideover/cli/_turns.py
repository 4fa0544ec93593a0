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
from tideover.cli._beside import Beside, Work
from tideover.cli._steps import SKIPPED, Step, Steps
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
from tideover.strategy.jobs import decide_the_night, decide_what_changed
from tideover.strategy.trials import try_what_waits
from tideover.support.claims import settle_claims
from tideover.support.duties import close_left
from tideover.support.giving_out import give_out
from tideover.support.jobs import open_cases
from tideover.support.strangers import forget_strangers
from tideover.support.tasks import close_unwanted
from tideover.web.api.webhooks.delivering import deliver_due, has_receivers
from tideover.web.portal.doors.codes import send_codes

log = structlog.get_logger()
IDLE_SECONDS = 0.5
BUSY_SECONDS = 1.0
"""Between two turns while a channel sends, which needs the processor that a turn takes."""

AWAY_SECONDS = 1.0
"""Between two tries while the database does not answer. Nothing leaves meanwhile."""

BEFORE_DECIDING = {"loans"}
"""The step that takes up what was paid: whoever has paid must not be asked."""

BEFORE_ANYTHING_LEAVES = {"words", "outbox"}
"""Steps that read what was approved, and that look for a restored backup and for an unusual volume: they must have gone through."""


def keep_turning(*, once: bool = False, going: Callable[[], bool] = lambda: True) -> int:
    """Turn after turn until told to end, or, once, until nothing is left to do. How much there was to do.

    A step that fails does not end the worker: it rests, and what can be done without it is done. Once, the first
    of what failed is raised when all else is done.
    """
    channels, total = open_channels(os.environ, kept=settings.DEMO), 0
    lines = nullcontext() if once else lines_open(channels, worker=_name())
    beside = nullcontext(deliver_due) if once else Beside(deliver_due, is_needed=has_receivers)
    steps, is_new = Steps(), True
    with lines, beside as webhooks, lanes_of(channels) as lanes:
        while going():
            close_old_connections()
            try:
                if is_new:
                    steps.take("journal", lambda: thin(at=now()), at=now())
                    is_new = False
                done = _turned(lanes, webhooks, steps, at=now())
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
    if once:
        _raise_first(steps)
    return total


def lanes_of(channels: Mapping[str, Channel]) -> Lanes:
    """The channels of this process, each sending by itself."""
    worker = _name()

    def of_one(name: str, at: datetime, most: int) -> int:
        return send({name: channels[name]}, worker=f"{worker}:{name}", at=at, most=most)

    return Lanes(channels, of_one)


def turn(lanes: Lanes, *, at: datetime) -> int:
    """One turn. How much there was to do, and how much the lanes have done that ended meanwhile.

    Raises the first of what failed, when all other steps were taken.
    """
    steps = Steps()
    done = _turned(lanes, deliver_due, steps, at=at)
    _raise_first(steps)
    return done


def _turned(lanes: Lanes, webhooks: Work, steps: Steps, *, at: datetime) -> int:
    """Nothing long stands before the case of somebody in danger: what came in is read first, and a night is decided after."""

    def after(needed: set[str], step: Step) -> Step:
        return lambda: SKIPPED if steps.failed.keys() & needed else step()

    each: dict[str, Step] = {
        "words": speak_as_approved,
        "answers": lambda: read_left_behind(at=at),
        "cases": lambda: open_cases(at=at),
        "owners": give_out,
        "loans": lambda: take_up(at=at),
        "holds": lambda: follow_holds(at=at),
        "promises": lambda: follow_promises(at=at),
        "plans": lambda: follow_plans(at=at),
        "night": after(BEFORE_DECIDING, lambda: decide_the_night(by=_name(), at=at)),
        "events": after(BEFORE_DECIDING, lambda: decide_what_changed(at=at)),
        "bills": lambda: notices_if_due(at=at),
        "ways": lambda: daily_if_due(at=at),
        "anchor": lambda: anchor_if_due(at=at),
        "codes": lambda: send_codes(at=at),
        "outbox": lambda: take_in(at=at),
        "lanes": after(BEFORE_ANYTHING_LEAVES, lambda: lanes.start(at=at)),
        "privacy": lambda: forget_if_due(at=at),
        "strangers": lambda: forget_strangers(at=at),
        "claims": lambda: settle_claims(at=at),
        "tasks": lambda: close_unwanted(at=at),
        "duties": lambda: close_left(at=at),
        "webhooks": lambda: webhooks(at),
        "trials": lambda: try_what_waits(by=_name(), at=at),
        "sent": lambda: lanes.finished(within=BUSY_SECONDS if lanes.is_busy else 0),
    }
    return sum(steps.take(name, step, at=at) for name, step in each.items())


def _raise_first(steps: Steps) -> None:
    for error in steps.failed.values():
        raise error


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
