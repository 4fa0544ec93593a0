"""What is to be sent now: decisions are taken into the outbox, and what is due leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog

from tideover.book.queries import assumed
from tideover.delivery import outbox
from tideover.delivery.brake import brake_on_a_new_day
from tideover.delivery.channels import Channel, NotConnected, channel_names, open_channel
from tideover.delivery.channels.kept import KeptChannel
from tideover.delivery.restored import look
from tideover.delivery.sending import one_round
from tideover.delivery.taking import take

log = structlog.get_logger()


def open_channels(environ: Mapping[str, str], *, kept: bool = False) -> dict[str, Channel]:
    """Every channel whose provider is set. The others stay closed, which is said; `kept`: they keep what they are given."""
    opened: dict[str, Channel] = {}
    for name in channel_names():
        try:
            opened[name] = open_channel(name, environ)
        except NotConnected as refused:
            if kept:
                opened[name] = KeptChannel(name)
            else:
                log.info("channel_closed", channel=name, because=str(refused))
    return opened


def take_in(*, at: datetime) -> int:
    """Take new decisions into the outbox, make what dead workers held due again, and end what is too late. How many decisions.

    A book that assumes consents or channels is decided and looked at, and nobody is contacted from it.
    """
    if guesses := assumed():
        log.warning("nothing_is_sent", because="the book assumes what nobody recorded", assumed=guesses)
        return 0
    look(at=at)
    outbox.free_orphans(at=at)
    outbox.end_too_late(at=at)
    brake_on_a_new_day(at=at)
    return take(at=at)


def send(channels: Mapping[str, Channel], *, worker: str, at: datetime, most: int = outbox.A_CLAIM) -> int:
    """Send what is due, up to one claim of so many. How much there was to do."""
    if assumed():
        return 0
    sent = one_round(channels, worker=worker, at=at, most=most)
    if sent.total:
        log.info("round", **sent.outcomes)
    return sent.total


def send_what_is_due(channels: Mapping[str, Channel], *, worker: str, at: datetime) -> int:
    """Take in new decisions and send what is due, up to one claim. How much there was to do."""
    return take_in(at=at) + send(channels, worker=worker, at=at)
