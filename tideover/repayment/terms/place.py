"""Where somebody is: which day it is there, and whose law tells the rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tideover.book.models import FACTS
from tideover.kit.calendars import local_day
from tideover.kit.days import date_of


@dataclass(frozen=True)
class Place:
    """Her day and her country; the day in UTC and no country where nobody told."""

    today: date
    country: str


def place_of(person_id: str, at: datetime) -> Place:
    """As the book knows it at a moment. A payment of the last minute of a day at her place is of that day."""
    rows = FACTS["borrowers"].objects.filter(borrower_id=person_id, recorded_at__lte=at)
    row = rows.order_by("recorded_at", "id").last()
    zone, country = (row.timezone, row.country) if row else (None, None)
    return Place(date_of(local_day(zone or "UTC", int(at.timestamp()))), country or "")
