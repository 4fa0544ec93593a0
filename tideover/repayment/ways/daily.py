"""What falls to the ways to pay once a day: what never arrived is let go of, and debits are told and sent."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import structlog

from tideover.kit.errors import Refused
from tideover.repayment.ways.debits.collecting import collect
from tideover.repayment.ways.intents import let_lapse
from tideover.strategy.daily import first_today, not_yet_today

log = structlog.get_logger()
MARK = "repayment:ways"


def daily_if_due(*, at: datetime) -> int:
    """Once a day, in whichever worker comes first; again where it failed. How much there was to do."""
    if not first_today(MARK, at=at):
        return 0
    try:
        return _daily(at)
    except Exception:
        not_yet_today(MARK)
        raise


def _daily(at: datetime) -> int:
    lapsed = let_lapse(at=at)
    with suppress(Refused):  # no debits are set up here, or no strategy is live
        done = collect(at=at)
        log.info("debits", noticed=done.noticed, sent=done.sent)
        return lapsed + done.noticed + done.sent
    return lapsed
