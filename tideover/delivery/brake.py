"""The volume brake: what far more is about to leave of than anybody expects waits until somebody looks and releases it.

A wrong condition in a strategy, or a feed that lost its payments, shows first in the numbers. Expected is what the last days
held, and what the trial of a release counted before people agreed to it: so a first day has something to be measured by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Q, QuerySet, Value

from tideover.delivery.models import Message, Volume
from tideover.strategy.models import Stop
from tideover.strategy.stops import ALL, press
from tideover.strategy.tried import expected_a_day

log = structlog.get_logger()
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


def brake_on_a_new_day(*, at: datetime) -> list[str]:
    """Ask again when a day begins: what earlier nights lined up for it may have stood behind a stop that is lifted by now."""
    if Volume.objects.filter(looked_on=_number_of(at)).exists():
        return []
    return brake(at=at)


@transaction.atomic
def brake_for(lined_up: Iterable[tuple[int, str, str, int]], *, at: datetime) -> list[str]:
    """Look at what was just lined up: (day number, purpose, its class, how many). What far more than usual may be is counted anew.

    In the transaction that lines it up: whoever looks holds the count until then, so of two workers the second counts
    what both did.
    """
    volume, today = _held(), _midnight(at)
    if volume.looked_on != _number_of(at):
        return brake(at=at)
    for number, purpose, purpose_class, count in lined_up:
        if purpose not in AGREED:
            day = volume.lined_up.setdefault(str(number), {})
            day[f"{purpose} {purpose_class}"] = day.get(f"{purpose} {purpose_class}", 0) + count
    volume.save(update_fields=["lined_up"])
    usual, first = Usual(volume.busiest, volume.busiest_in_all, expected_a_day()), _number_of(at)
    days = {
        today + timedelta(days=int(number) - first): {tuple(it.split()): n for it, n in held.items()}
        for number, held in volume.lined_up.items()
        if int(number) >= first
    }
    seems_far = (any(_far_above(held, usual, _seen_to(day))) for day, held in days.items())
    return brake(at=at) if any(seems_far) else []


@transaction.atomic
def brake(*, at: datetime) -> list[str]:
    """Stop every purpose of which a day, today or to come, holds far more than usual, and everything where the rest do together.

    Usual is the busiest of the last fourteen days, or what was counted for a day in the trials of what is live. Of a purpose
    that had none of either, far more is more than a day held of all together. The scopes stopped now.
    """
    # Held before anything is counted: what another worker lines up meanwhile would be counted by neither.
    volume = _held()
    today, why, until = _midnight(at), dict[str, str](), dict[str, datetime]()
    counted, (busiest, in_all) = _counted(today), _busiest(today)
    _keep(volume, _number_of(at), counted, busiest, in_all)
    usual = Usual(busiest, in_all, expected_a_day())
    for ahead, held in sorted(counted.items()):
        day = today + timedelta(days=ahead)
        named = "today" if day == today else f"on {day:%d %B}"
        for scope, count, most in _far_above(held, usual, _seen_to(day)):
            why.setdefault(scope, f"{count} {named}{' in all' if scope == ALL else ''}; {most}")
            until[scope] = day + timedelta(days=1)
    for scope, says in why.items():
        press(scope=scope, by=BRAKE, at=at, why=says, counted_until=until[scope])
    if why:
        log.warning("braked", scopes=list(why))
    return list(why)


def _held() -> Volume:
    volume, _ = Volume.objects.select_for_update().get_or_create(one=True)
    return volume


def _keep(
    volume: Volume, number: int, counted: Mapping[int, Held], busiest: dict[str, int], in_all: int
) -> None:
    """So that what comes next is added, and nothing is read through again until the day is over or seems unusual."""
    volume.looked_on, volume.busiest, volume.busiest_in_all = number, busiest, in_all
    volume.lined_up = {
        str(number + ahead): {" ".join(it): count for it, count in held.items()}
        for ahead, held in counted.items()
    }
    volume.save()


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _number_of(at: datetime) -> int:
    return int(at.timestamp()) // A_DAY


Held = Mapping[tuple[str, str], int]
"""Messages of a day, by purpose and its class."""


def _far_above(held: Held, usual: Usual, seen_to: set[str]) -> Iterator[tuple[str, int, str]]:
    """The scopes of which a day holds far more than usual, with how many and what is usual."""
    rest = 0
    for (purpose, purpose_class), count in held.items():
        scope = f"purpose:{purpose}"
        if scope in seen_to:
            continue
        most, why = usual.most_of(purpose)
        if most and count > max(most, LEAST):
            yield scope, count, why
        elif purpose_class not in ASKED_FOR:
            rest += count
    most, why = usual.most_in_all()
    if ALL not in seen_to and most and rest > max(most, LEAST_IN_ALL):
        yield ALL, rest, why


def _counted(today: datetime) -> dict[int, dict[tuple[str, str], int]]:
    """Messages of today and of each day to come, by how many days ahead it lies."""
    kinds = _since(today).exclude(purpose__in=AGREED)
    days: dict[int, dict[tuple[str, str], int]] = {}
    for purpose, purpose_class, ago, count in _by_day(kinds, today):
        days.setdefault(-ago, {})[purpose, purpose_class] = count
    return days


def _since(moment: datetime) -> QuerySet[Message]:
    return Message.objects.filter(send_at__gte=int(moment.timestamp())).exclude(state="suppressed")


def _by_day(messages: QuerySet[Message], today: datetime) -> Iterable[tuple[str, str, int, int]]:
    """Counted where they lie, for they may be millions: purpose, its class, how many days ago, how many."""
    ago = ExpressionWrapper(
        (Value(int(today.timestamp())) - F("send_at")) / A_DAY, output_field=BigIntegerField()
    )
    return messages.values_list("purpose", "purpose_class", ago).annotate(n=Count("pk"))


def _busiest(today: datetime) -> tuple[dict[str, int], int]:
    """The most of each purpose on one of the days before, and of all but what was asked for."""
    before = _since(today - LOOK_BACK).filter(send_at__lt=int(today.timestamp()))
    most, together = dict[str, int](), Counter[int]()
    for purpose, purpose_class, days_ago, count in _by_day(before, today):
        most[purpose] = max(most.get(purpose, 0), count)
        together[days_ago] += count if purpose_class not in ASKED_FOR else 0
    return most, max(together.values(), default=0)


def _seen_to(day: datetime) -> set[str]:
    """What is stopped already, or was released by somebody who looked: on that day, or at what was counted for it before."""
    moment = int(day.timestamp())
    looked_at = Stop.objects.filter(pressed_by=BRAKE, lifted_at__isnull=False)
    known = Stop.objects.filter(lifted_at__isnull=True) | looked_at.filter(
        Q(lifted_at__gte=moment) | Q(counted_until__gt=moment)
    )
    return set(known.values_list("scope", flat=True))
