"""By when a complaint is acknowledged and answered in a country, and who looks at it after us: read from content."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from tideover.engine.policy.content import ContentRefused, Problem, read_document, validated
from tideover.engine.policy.lists import Strict, find
from tideover.kit.calendars import UnknownCountry, WorkingCalendar
from tideover.kit.days import add_months, date_of, day_of

FILE, OTHERS = "complaints.yaml", "_default"


class Reference(Strict):
    """Where a law says it."""

    title: str
    href: str


class Term(Strict):
    """Days of the calendar, or working days; one of the two."""

    days: int = 0
    working_days: int = 0


class NextStep(Strict):
    """Who looks at a complaint after us, and for how many months after our answer she may ask."""

    name: str
    href: str
    months: int


class Clock(Strict):
    """The clock of one country."""

    says: str
    acknowledge: int
    answer: Term
    next_step: NextStep | None = None
    reference: tuple[Reference, ...]
    status: Literal["law", "draft", "lender_default"]
    still_valid_on: date

    def acknowledge_by(self, on: date, country: str) -> date:
        """The last day on which we may say that it has arrived."""
        return _working(on, self.acknowledge, country)

    def answer_by(self, on: date, country: str) -> date:
        """The last day of the term for our answer."""
        if self.answer.working_days:
            return _working(on, self.answer.working_days, country)
        return date_of(day_of(on) + self.answer.days)


class _Clocks(Strict):
    countries: Mapping[str, Clock]


def next_step_until(clock: Clock, answered_on: date) -> date | None:
    """Until when she may ask whoever comes after us."""
    step = clock.next_step
    return date_of(add_months(day_of(answered_on), step.months)) if step else None


def clock_of(country: str, overlay: Path | None = None) -> Clock:
    """The clock of a country, or the one for all others. Raises ContentRefused."""
    known = _read(overlay)
    return known.get(country.upper()[:2], known[OTHERS])


def check_clocks(today: date, overlay: Path | None = None) -> list[Problem]:
    """Clocks that are missing, have no term, or were to be looked at again before today."""
    known = _read(overlay)
    problems = (
        []
        if OTHERS in known
        else [Problem(FILE, 1, f"has no '{OTHERS}', which stands for every other country")]
    )
    for country, it in known.items():
        if bool(it.answer.days) == bool(it.answer.working_days):
            problems.append(
                Problem(FILE, 1, f"'{country}' answers within `days` or `working_days`, one of the two")
            )
        if it.status == "law" and not it.reference:
            problems.append(Problem(FILE, 1, f"'{country}' is said to be law and names no article"))
        if it.still_valid_on < today:
            problems.append(
                Problem(
                    FILE,
                    1,
                    f"'{country}' was to be looked at again by {it.still_valid_on}; confirm it and move the day",
                )
            )
    return problems


@lru_cache(maxsize=4)
def _read(overlay: Path | None) -> Mapping[str, Clock]:
    problems: list[Problem] = []
    told = validated(read_document(find(FILE, overlay)), _Clocks, problems)
    if problems or not isinstance(told, _Clocks):
        raise ContentRefused(problems)
    return told.countries


def _working(on: date, days: int, country: str) -> date:
    try:
        return date_of(WorkingCalendar(country.upper()[:2]).after(day_of(on), days))
    except UnknownCountry:
        return date_of(day_of(on) + days)
