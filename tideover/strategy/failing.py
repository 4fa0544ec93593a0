"""Which steps of the workers fail just now, and since when they last did: for whoever watches the numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

from tideover.strategy.models import Watermark

MARK = "failing:"
REMEMBERED = timedelta(minutes=15)
"""A step that failed longer ago than that, and was not heard of since, is believed well: its worker may be gone."""


def note_failing(step: str, *, at: datetime) -> None:
    """A step of a worker failed."""
    Watermark.objects.update_or_create(table=MARK + step, defaults={"last_id": int(at.timestamp())})


def note_well(step: str) -> None:
    """A step that had failed went through."""
    Watermark.objects.filter(table=MARK + step).delete()


def failing(*, at: datetime) -> list[str]:
    """The steps that failed a short while ago and did not go through since, by name."""
    since = int((at - REMEMBERED).timestamp())
    found = Watermark.objects.filter(table__startswith=MARK, last_id__gte=since).order_by("table")
    return [it.removeprefix(MARK) for it in found.values_list("table", flat=True)]
