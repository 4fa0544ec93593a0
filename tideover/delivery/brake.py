"""The volume brake: a purpose of which far more is about to leave than usual waits until somebody releases it.

A wrong condition in a strategy, or a feed that lost its payments, shows first in the numbers.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, QuerySet, Value

from tideover.delivery.models import Message
from tideover.strategy.models import Stop
from tideover.strategy.stops import press

FAR_ABOVE = 4
"""Times the usual day."""
LEAST = 50
"""Messages below which a day is never unusual: a small lender's days differ."""
LOOK_BACK = timedelta(days=14)
A_DAY, BRAKE = 86_400, "volume brake"
AGREED = ("correction",)
"""Purposes whose volume two people looked at before."""


def brake(*, at: datetime) -> list[str]:
    """Stop every purpose of which today holds far more than the busiest of the last fourteen days. The scopes stopped now.

    Of a purpose that none of them had, far more is more than the busiest of them held of all together.
    """
    day = at.replace(hour=0, minute=0, second=0)
    today = _counted(day, day + timedelta(days=1))
    busiest, in_all = _busiest(day) if today else ({}, 0)
    stopped = []
    for purpose, count in today.items():
        most, why = _most_expected(busiest.get(purpose, 0), in_all)
        scope = f"purpose:{purpose}"
        if most and count > max(most, LEAST) and not _was_looked_at(scope, day):
            press(scope=scope, by=BRAKE, at=at, why=f"{count} today; {why}")
            stopped.append(scope)
    return stopped


def _counted(since: datetime, until: datetime) -> dict[str, int]:
    return dict(
        _within(since, until).exclude(purpose__in=AGREED).values_list("purpose").annotate(n=Count("pk"))
    )


def _within(since: datetime, until: datetime) -> QuerySet[Message]:
    within = Message.objects.filter(send_at__gte=int(since.timestamp()), send_at__lt=int(until.timestamp()))
    return within.exclude(state="suppressed")


def _most_expected(usual: int, in_all: int) -> tuple[int, str]:
    """How many of a purpose are no surprise, and why; 0 on a first day of all, which has no usual."""
    if usual:
        return FAR_ABOVE * usual, f"the busiest of the last days had {usual}"
    return in_all, f"none on the last days, of which the busiest had {in_all} messages in all"


def _busiest(day: datetime) -> tuple[dict[str, int], int]:
    """The most of each purpose on one of the days before, and of all together; counted where they lie, for they may be millions."""
    ago = ExpressionWrapper(
        (Value(int(day.timestamp())) - F("send_at")) / A_DAY, output_field=BigIntegerField()
    )
    rows = _within(day - LOOK_BACK, day).values_list("purpose", ago).annotate(n=Count("pk"))
    most, together = dict[str, int](), Counter[int]()
    for purpose, days_ago, count in rows:
        most[purpose] = max(most.get(purpose, 0), count)
        together[days_ago] += count
    return most, max(together.values(), default=0)


def _was_looked_at(scope: str, day: datetime) -> bool:
    """Is it stopped already, or did somebody release it today?"""
    known = Stop.objects.filter(scope=scope)
    return (
        known.filter(lifted_at__isnull=True).exists()
        or known.filter(pressed_by=BRAKE, lifted_at__gte=int(day.timestamp())).exists()
    )
