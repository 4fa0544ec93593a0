"""Where a person's days are: her clock, and the working days around her."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from tideover.book.newest import newest_one
from tideover.kit.calendars import UnknownCountry, WorkingCalendar, local_day, moment_of
from tideover.kit.days import date_of, day_of


@dataclass(frozen=True)
class Whereabouts:
    """Her time zone and country; UTC and no holidays where nobody told."""

    zone: str
    country: str

    def today(self, at: datetime) -> date:
        """The date on her own calendar."""
        return date_of(local_day(self.zone, int(at.timestamp())))

    def over_at(self, on: date, days_more: int = 0) -> datetime:
        """The moment at which that day, and some days after it, are over where she is."""
        return datetime.fromtimestamp(moment_of(self.zone, day_of(on) + days_more + 1, 0), UTC)

    def is_working(self, on: date) -> bool:
        """Whether banks work that day."""
        return self._calendar is None or self._calendar.is_working(day_of(on))

    def working_before(self, on: date) -> date:
        """That day, or the last working day before."""
        return on if self._calendar is None else date_of(self._calendar.on_or_before(day_of(on)))

    def working_after(self, on: date) -> date:
        """That day, or the next working day."""
        return on if self._calendar is None else date_of(self._calendar.on_or_after(day_of(on)))

    @cached_property
    def _calendar(self) -> WorkingCalendar | None:
        country, _, region = self.country.partition("-")
        try:
            calendar = WorkingCalendar(country, region or None)
            calendar.is_working(0)
        except UnknownCountry:
            return None
        return calendar


def whereabouts_of(person_id: str, at: datetime) -> Whereabouts:
    """As the book knows it at a moment."""
    row = newest_one("borrowers", borrower_id=person_id, at=at)
    return Whereabouts((row and row.timezone) or "UTC", (row and row.country) or "")
