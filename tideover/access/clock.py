"""What time it is, asked in one place: every verb below takes `at`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings


def now() -> datetime:
    """The present moment in UTC, cut to the second; in tests and replays the instant in TIDEOVER_CLOCK_FILE while there is one."""
    if settings.CLOCK_FILE and not settings.IS_PRODUCTION and (file := Path(settings.CLOCK_FILE)).is_file():
        return datetime.fromisoformat(file.read_text("utf-8").strip()).astimezone(UTC)
    return datetime.now(UTC).replace(microsecond=0)
