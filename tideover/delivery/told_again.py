"""What comes back is taken in, each on its own. What cannot be now is asked for again a few times, and then nothing waits for it."""

from __future__ import annotations

import hashlib
from datetime import datetime

import structlog

from tideover.access.counted import times
from tideover.delivery import unplaced
from tideover.delivery.channels.hearing import NotYet
from tideover.delivery.inbound import take_receipt, take_text
from tideover.delivery.incoming.received import Answered, Receipt

log = structlog.get_logger()
TIMES, A_DAY = 5, 86_400
"""How often the same is asked for again, and within which time."""


def take_in(told: Receipt | Answered, *, at: datetime) -> str:
    """What it was. Words that we fail over each time are a person's to read. Raises NotYet: it is to be told again."""
    try:
        return take_receipt(told, at=at) if isinstance(told, Receipt) else take_text(told, at=at)
    except Exception as error:  # noqa: BLE001 - whatever it is, those behind it are heard
        # Without the traceback: it would show what somebody wrote.
        log.error("not_taken_in", channel=told.channel, what=type(told).__name__, error=type(error).__name__)  # noqa: TRY400
        if may_be_asked_again(told):
            raise NotYet from None
    if isinstance(told, Answered):
        return unplaced.keep(told.channel, told.sender, told.text, at=at, outside_id=told.reference)
    return "put_aside"


def may_be_asked_again(told: Receipt | Answered) -> bool:
    """Whether the same was not asked for too often yet."""
    return times(f"early-{_name_of(told)}", within=A_DAY) <= TIMES


def _name_of(told: Receipt | Answered) -> str:
    if isinstance(told, Answered):
        return unplaced.told_once(told.channel, told.sender, told.reference, told.text)
    return hashlib.sha256(f"{told.ours} {told.reference}".encode()).hexdigest()[:32]
