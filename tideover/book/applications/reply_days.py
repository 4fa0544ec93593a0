"""By when we answer: working days where the person lives."""

from __future__ import annotations

from datetime import date, timedelta

from tideover.kit.calendars.holidays import UnknownCountry
from tideover.kit.calendars.working import WorkingCalendar
from tideover.kit.days import date_of, day_of


def reply_by(today: date, days: int, country: str) -> date:
    """So many working days after today; where nobody knows a country's holidays, weeks of five days."""
    try:
        return date_of(WorkingCalendar(country or "GB").after(day_of(today), days))
    except UnknownCountry:
        return today + timedelta(days=days * 7 // 5 + 2)
