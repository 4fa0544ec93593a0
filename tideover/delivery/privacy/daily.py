"""What privacy asks for once a day: sessions that are over go, and so does whoever was erased and came back."""

from __future__ import annotations

from datetime import datetime

import structlog

from tideover.delivery.privacy.again import erase_again
from tideover.delivery.privacy.sessions import clear_sessions
from tideover.strategy.daily import first_today, not_yet_today

log = structlog.get_logger()
MARK = "privacy"


def forget_if_due(*, at: datetime) -> int:
    """Once a day, in whichever worker comes first. How many sessions and people went."""
    if not first_today(MARK, at=at):
        return 0
    try:
        cleared, again = clear_sessions(at=at), erase_again(at=at)
    except Exception:
        not_yet_today(MARK)
        raise
    if again.erased or again.not_yet:
        log.warning("erased_came_back", erased_again=again.erased, not_yet=len(again.not_yet))
    return cleared + again.erased
