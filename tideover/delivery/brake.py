"""The volume brake: a purpose of which far more is about to leave than usual waits until somebody releases it.

A wrong condition in a strategy, or a feed that lost its payments, shows first in the numbers.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from tideover.delivery.models import Message
from tideover.strategy.models import Stop
from tideover.strategy.stops import press

FAR_ABOVE = 4
"""Times the usual day."""
LEAST = 50
"""Messages below which a day is never unusual: a small lender's days differ."""
LOOK_BACK = timedelta(days=14)
BRAKE = "volume brake"
AGREED = ("correction",)
"""Purposes whose volume two people looked at before."""


def brake(*, at: datetime) -> list[str]:
    """Stop every purpose of which today holds far more than the busiest of the last fourteen days. The scopes stopped now.

    Of a purpose that none of them had, far more is more than the busiest of them held of all together.
    """
    day = at.replace(hour=0, minute=0, second=0)
    today = _counted(day, day + timedelta(days=1))
    stopped = []
    for purpose, count in today.items():
        most, why = _most_expected(purpose, day)
        scope = f"purpose:{purpose}"
        if most and count > max(most, LEAST) and not _was_looked_at(scope, day):
            press(scope=scope, by=BRAKE, at=at, why=f"{count} today; {why}")
            stopped.append(scope)
    return stopped


def _counted(since: datetime, until: datetime) -> dict[str, int]:
    within = Message.objects.filter(send_at__gte=int(since.timestamp()), send_at__lt=int(until.timestamp()))
    within = within.exclude(purpose__in=AGREED)
    return dict(within.exclude(state="suppressed").values_list("purpose").annotate(n=Count("pk")))


def _most_expected(purpose: str, day: datetime) -> tuple[int, str]:
    """How many of a purpose are no surprise, and why; 0 on a first day of all, which has no usual."""
    if usual := _busiest(Message.objects.filter(purpose=purpose), day):
        return FAR_ABOVE * usual, f"the busiest of the last days had {usual}"
    everything = _busiest(Message.objects.all(), day)
    return everything, f"none on the last days, of which the busiest had {everything} messages in all"


def _busiest(messages: QuerySet[Message], day: datetime) -> int:
    """The most of these on one of the days before; 0 where there was none."""
    sent = messages.filter(send_at__lt=int(day.timestamp()))
    sent = sent.filter(send_at__gte=int((day - LOOK_BACK).timestamp())).exclude(state="suppressed")
    by_day = Counter((day - moment) // timedelta(days=1) for moment in sent.values_list("send_at", flat=True))
    return max(by_day.values(), default=0)


def _was_looked_at(scope: str, day: datetime) -> bool:
    """Is it stopped already, or did somebody release it today?"""
    known = Stop.objects.filter(scope=scope)
    return (
        known.filter(lifted_at__isnull=True).exists()
        or known.filter(pressed_by=BRAKE, lifted_at__gte=int(day.timestamp())).exists()
    )
