"""By when a complaint is acknowledged and answered: complaints.yaml, by the country whose law protects her."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from django.conf import settings

from tideover.engine.policy.content import ContentRefused, Problem, read_document, validated
from tideover.engine.policy.lists import Strict, find
from tideover.kit.calendars import UnknownCountry, WorkingCalendar
from tideover.kit.days import date_of, day_of

FILE = "complaints.yaml"
DEFAULT = "_default"


class Clock(Strict):
    """Days until we say that we have it, and until we answer with reasons."""

    acknowledge: int
    answer: int
    working: bool
    status: Literal["law", "draft", "lender_default"]
    reference: str
    next: str


class _Clocks(Strict):
    clocks: dict[str, Clock]


@dataclass(frozen=True)
class Days:
    """The two days of one complaint, where they come from, and whom she may ask next."""

    acknowledge_by: date
    answer_by: date
    basis: str
    next_body: str


def days_for(country: str, on: date) -> Days:
    """Of a country without a clock of its own, ours."""
    clocks = _clocks(settings.CONTENT)
    clock = clocks.get(country, clocks[DEFAULT])
    return Days(
        _after(country, on, clock.acknowledge, clock), _after(country, on, clock.answer, clock), clock.reference, clock.next
    )  # fmt: skip


def next_body(basis: str) -> str:
    """Who looks at it after us, by the clock it was answered under; empty where we know of nobody."""
    return next(
        (it.next for it in _clocks(settings.CONTENT).values() if it.reference == basis and it.next), ""
    )


def _after(country: str, on: date, days: int, clock: Clock) -> date:
    if not clock.working:
        return on + timedelta(days=days)
    try:
        return date_of(WorkingCalendar(country).after(day_of(on), days))
    except UnknownCountry:
        return on + timedelta(days=days)  # every day counts: she waits no longer than she would anywhere


@lru_cache(maxsize=2)
def _clocks(overlay: Path | None) -> dict[str, Clock]:
    problems: list[Problem] = []
    read = validated(read_document(find(FILE, overlay), FILE), _Clocks, problems)
    if read is None or DEFAULT not in read.clocks:
        raise ContentRefused(
            problems or [Problem(FILE, 1, f"has no '{DEFAULT}'; write one for every other country")]
        )
    return read.clocks
