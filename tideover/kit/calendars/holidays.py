"""Public holidays and weekends of a country, from the `holidays` package and what the lender knows better.

Days that follow the moon are estimates until a government announces them; they are marked so, and a lender
replaces them with `changes`, a mapping of day number to a name (also a holiday) or None (not a holiday after
all).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import holidays as package

from tideover.kit.days import date_of, day_of
from tideover.kit.errors import Refused
from tideover.kit.nearest import did_you_mean

Changes = Mapping[int, str | None]


class UnknownCountry(Refused):
    """No calendar is known for this country or part of it."""


@dataclass(frozen=True, order=True)
class Holiday:
    """One public holiday; `is_estimate` where the date is computed and not yet announced."""

    day: int
    name: str
    is_estimate: bool


def holidays_in(
    country: str, years: Iterable[int], subdiv: str | None = None, changes: Changes | None = None
) -> tuple[Holiday, ...]:
    """The holidays of those years in order, with the lender's changes; names in English where possible."""
    wanted = set(years)
    known = {one.day: one for year in wanted for one in _published(country.upper(), year, subdiv)}
    for day, name in (changes or {}).items():
        if name is None:
            known.pop(day, None)
        elif date_of(day).year in wanted:
            known[day] = Holiday(day, name, is_estimate=False)
    return tuple(sorted(known.values()))


def holidays_of(
    country: str, years: Iterable[int], subdiv: str | None = None, changes: Changes | None = None
) -> frozenset[int]:
    """The day numbers of the holidays of those years: what a window with `holidays: closed` blocks."""
    return frozenset(one.day for one in holidays_in(country, years, subdiv, changes))


def weekend(country: str) -> frozenset[int]:
    """The weekdays (0 = Monday) on which offices and banks rest."""
    return frozenset(_calendar(country.upper(), None, None).weekend)


def worked_weekends(country: str, year: int, subdiv: str | None = None) -> frozenset[int]:
    """Weekend days of that year which the government made working days, to bridge a holiday elsewhere."""
    worked = getattr(_calendar(country.upper(), year, subdiv), "weekend_workdays", ())
    return frozenset(day_of(one) for one in worked if one.year == year)


@lru_cache(maxsize=2048)
def _published(country: str, year: int, subdiv: str | None) -> tuple[Holiday, ...]:
    calendar = _calendar(country, year, subdiv)
    label = str(getattr(calendar, "estimated_label", "%s (estimated)"))
    marks = {"(estimated)", label.replace("%s", "").strip()}
    return tuple(
        Holiday(day_of(on), name, is_estimate=any(mark in name for mark in marks))
        for on, name in calendar.items()
    )


@lru_cache(maxsize=2048)
def _calendar(country: str, year: int | None, subdiv: str | None) -> package.HolidayBase:
    known = package.list_supported_countries()
    if country not in known:
        raise UnknownCountry(
            f"No holidays are known for the country {country!r}.{did_you_mean(country, known)}"
        )
    if subdiv is not None and subdiv not in known[country]:
        parts = ", ".join(known[country]) or "none"
        raise UnknownCountry(
            f"No part {subdiv!r} of {country} has holidays of its own; known parts: {parts}."
        )
    return package.country_holidays(country, subdiv=subdiv, years=year, language="en_US", expand=False)
