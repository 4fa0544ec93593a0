"""What is done once a day, in whichever worker comes first."""

from __future__ import annotations

from datetime import datetime

from tideover.strategy.models import Watermark


def first_today(mark: str, *, at: datetime) -> bool:
    """Whether this worker is the first of the day (UTC) to ask; every turn asks, so a day that is taken costs one read."""
    today = at.date().toordinal()
    if Watermark.objects.filter(table=mark, last_id__gte=today).exists():
        return False
    Watermark.objects.get_or_create(table=mark)
    return bool(Watermark.objects.filter(table=mark, last_id__lt=today).update(last_id=today))


def not_yet_today(mark: str) -> None:
    """It could not be done; the next worker to ask is the first again."""
    Watermark.objects.filter(table=mark).update(last_id=0)
