"""Once a day the end of the audit trail is anchored outside the database, in whichever worker comes first."""

from __future__ import annotations

from datetime import datetime

import structlog

from tideover.access.anchors import AnchorBroken, anchor
from tideover.kit.errors import Refused
from tideover.strategy.daily import first_today

log = structlog.get_logger()
MARK = "audit:anchor"


def anchor_if_due(*, at: datetime) -> None:
    """Anchor the trail once a day. What stands in the way is said in the log and ends no worker; tomorrow tries again."""
    if not first_today(MARK, at=at):
        return
    try:
        anchor(at=at)
    except AnchorBroken as broken:
        log.error("audit_trail_broken", why=str(broken))  # noqa: TRY400 - it says all there is
    except (Refused, OSError) as trouble:
        log.error("audit_not_anchored", why=str(trouble))  # noqa: TRY400 - it says all there is
