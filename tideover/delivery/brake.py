"""The volume brake: what far more is about to leave of than anybody expects waits until somebody looks and releases it.

A wrong condition in a strategy, or a feed that lost its payments, shows first in the numbers. Expected is what the last days
held, and what the trial of a release counted before people agreed to it: so a first day has something to be measured by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, QuerySet, Value

from tideover.delivery.models import Message
from tideover.strategy.models import Stop
from tideover.strategy.stops import ALL, press
from tideover.strategy.tried import expected_a_day

FAR_ABOVE = 4
"""Times the usual day."""
LEAST = 50
"""Messages of one purpose below which a day is never unusual: a small lender's days differ."""
LEAST_IN_ALL = 100
"""The same for all purposes together."""
LOOK_BACK = timedelta(days=14)
A_DAY, BRAKE = 86_400, "volume brake"
AGREED = ("correction",)
"""Purposes whose volume two people looked at before."""
ASKED_FOR = ("answer", "receipt")
"""Classes of messages that answer what somebody did: a busy door is no sign that we say too much."""


@dataclass(frozen=True)
class Usual:
    """Messages a day: the most of one of the last days, or what trials counted, of each purpose and of all together."""

    busiest: Mapping[str, int]
    busiest_in_all: int
    tried: Mapping[str, int]

    def most_of(self, purpose: str) -> tuple[int, str]:
        """How many of a purpose are no surprise, and why; 0 where nothing tells what is usual."""
        of_it, tried = self.busiest.get(purpose, 0), self.tried.get(purpose, 0)
        if of_it or tried:
            return FAR_ABOVE * max(of_it, tried), _said(of_it, tried)
        if self.busiest_in_all:
            return (
                self._in_all,
                f"none on the last days, of which the busiest had {self.busiest_in_all} messages in all",
            )
        return self._in_all, f"its trial had none of them, and {self._in_all} messages a day in all"

    def most_in_all(self) -> tuple[int, str]:
        """How many of all purposes together are no surprise, and why; 0 where nothing tells what is usual."""
        return FAR_ABOVE * self._in_all, _said(self.busiest_in_all, sum(self.tried.values()))

    @property
    def _in_all(self) -> int:
        return max(self.busiest_in_all, sum(self.tried.values()))


def _said(busiest: int, tried: int) -> str:
    said = (
        f"the busiest of the last days had {busiest}" if busiest else "",
        f"its trial counted {tried} a day" if tried > busiest else "",
    )
    return ", ".join(it for it in said if it)


def brake(*, at: datetime) -> list[str]:
    """Stop every purpose of which today holds far more than usual, and everything where the rest together do. The scopes stopped now.

    Usual is the busiest of the last fourteen days, or what was counted for a day in the trials of what is live. Of a purpose
    that had none of either, far more is more than a day held of all together.
    """
    day = at.replace(hour=0, minute=0, second=0)
    today = _counted(day, day + timedelta(days=1))
    if not today:
        return []
    usual, seen_to = Usual(*_busiest(day), expected_a_day()), _seen_to(day)
    stopped, rest = [], 0
    for (purpose, purpose_class), count in today.items():
        scope = f"purpose:{purpose}"
        if scope in seen_to:
            continue
        most, why = usual.most_of(purpose)
        if most and count > max(most, LEAST):
            press(scope=scope, by=BRAKE, at=at, why=f"{count} today; {why}")
            stopped.append(scope)
        elif purpose_class not in ASKED_FOR:
            rest += count
    most, why = usual.most_in_all()
    if ALL not in seen_to and most and rest > max(most, LEAST_IN_ALL):
        press(scope=ALL, by=BRAKE, at=at, why=f"{rest} today in all; {why}")
        stopped.append(ALL)
    return stopped


def _counted(since: datetime, until: datetime) -> dict[tuple[str, str], int]:
    """Messages by purpose and its class."""
    kinds = _within(since, until).exclude(purpose__in=AGREED).values_list("purpose", "purpose_class")
    return {
        (purpose, purpose_class): count for purpose, purpose_class, count in kinds.annotate(n=Count("pk"))
    }


def _within(since: datetime, until: datetime) -> QuerySet[Message]:
    within = Message.objects.filter(send_at__gte=int(since.timestamp()), send_at__lt=int(until.timestamp()))
    return within.exclude(state="suppressed")


def _busiest(day: datetime) -> tuple[dict[str, int], int]:
    """The most of each purpose on one of the days before, and of all but what was asked for.

    Counted where they lie, for they may be millions.
    """
    ago = ExpressionWrapper(
        (Value(int(day.timestamp())) - F("send_at")) / A_DAY, output_field=BigIntegerField()
    )
    kinds = _within(day - LOOK_BACK, day).values_list("purpose", "purpose_class", ago)
    most, together = dict[str, int](), Counter[int]()
    for purpose, purpose_class, days_ago, count in kinds.annotate(n=Count("pk")):
        most[purpose] = max(most.get(purpose, 0), count)
        together[days_ago] += count if purpose_class not in ASKED_FOR else 0
    return most, max(together.values(), default=0)


def _seen_to(day: datetime) -> set[str]:
    """What is stopped already, or was released today by somebody who looked."""
    known = Stop.objects.filter(lifted_at__isnull=True) | Stop.objects.filter(
        pressed_by=BRAKE, lifted_at__gte=int(day.timestamp())
    )
    return set(known.values_list("scope", flat=True))
