"""Working days: the clock by which laws count "within ten business days" and due dates move off a holiday."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count, islice

from tideover.kit.calendars.holidays import holidays_of, weekend, worked_weekends
from tideover.kit.days import date_of

_FAR = 366  # no country rests a whole year


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of a country, or of a part of it, as the lender keeps them.

    `changes` as in `holidays_in`; `rests` replaces the country's weekend (weekdays, 0 = Monday).
    """

    country: str
    subdiv: str | None = None
    changes: Mapping[int, str | None] = field(default_factory=dict)
    rests: frozenset[int] | None = None

    def is_working(self, day: int) -> bool:
        """Neither weekend nor holiday, or a weekend day the government made a working day."""
        holidays, worked = self._year(date_of(day).year)
        return day not in holidays and ((day + 3) % 7 not in self._rests or day in worked)

    def on_or_after(self, day: int) -> int:
        """The day itself if it is a working day, else the next: where a due date on a holiday moves to."""
        return next(one for one in range(day, day + _FAR) if self.is_working(one))

    def on_or_before(self, day: int) -> int:
        """The day itself if it is a working day, else the last one before."""
        return next(one for one in range(day, day - _FAR, -1) if self.is_working(one))

    def after(self, day: int, working_days: int) -> int:
        """The n-th working day after that day, n >= 1: the last day of a term of n working days."""
        if working_days < 1:
            raise ValueError(f"A term has at least one working day, not {working_days}.")
        following = (one for one in count(day + 1) if self.is_working(one))
        return next(islice(following, working_days - 1, None))

    def between(self, from_day: int, until_day: int) -> tuple[int, ...]:
        """The working days in [from_day, until_day)."""
        return tuple(day for day in range(from_day, until_day) if self.is_working(day))

    @cached_property
    def _rests(self) -> frozenset[int]:
        return weekend(self.country) if self.rests is None else self.rests

    @cached_property
    def _years(self) -> dict[int, tuple[frozenset[int], frozenset[int]]]:
        return {}

    def _year(self, year: int) -> tuple[frozenset[int], frozenset[int]]:
        if year not in self._years:
            self._years[year] = (
                holidays_of(self.country, [year], self.subdiv, self.changes),
                worked_weekends(self.country, year, self.subdiv),
            )
        return self._years[year]


def working_days(
    country: str,
    from_day: int,
    days: int,
    subdiv: str | None = None,
    changes: Mapping[int, str | None] | None = None,
) -> tuple[int, ...]:
    """The working days among the `days` days from `from_day` on."""
    return WorkingCalendar(country, subdiv, changes or {}).between(from_day, from_day + days)
