"""The night: the moment of the day at which everybody is decided."""

from __future__ import annotations

from datetime import datetime, timedelta

NIGHTLY_HOUR = 3
"""UTC hour after which the day's run is due."""


def night_before(at: datetime) -> datetime:
    """When the latest night's run was due."""
    due = at.replace(hour=NIGHTLY_HOUR, minute=0, second=0)
    return due if due <= at else due - timedelta(days=1)


def night_after(at: datetime) -> datetime:
    """When the next night's run is due: what leaves before then is decided now or never."""
    return night_before(at) + timedelta(days=1)
