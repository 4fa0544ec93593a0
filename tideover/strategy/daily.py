"""What is done once a day, in whichever worker comes first."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from tideover.strategy.models import Watermark


def first_today(mark: str, *, at: datetime) -> bool:
    """Whether this worker is the first of the day (UTC) to ask; every turn asks, so a day that is taken costs one read.

    A day further on than tomorrow was taken by a clock that was ahead, and stands for no day.
    """
    today = at.date().toordinal()
    is_taken = Q(last_id__range=(today, today + 1))
    if Watermark.objects.filter(is_taken, table=mark).exists():
        return False
    Watermark.objects.get_or_create(table=mark)
    return bool(Watermark.objects.filter(~is_taken, table=mark).update(last_id=today))


def not_yet_today(mark: str) -> None:
    """It could not be done; the next worker to ask is the first again."""
    Watermark.objects.filter(table=mark).update(last_id=0)
