"""Where somebody is: which day it is there, and whose law tells the rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tideover.repayment.promises.whereabouts import whereabouts_of


@dataclass(frozen=True)
class Place:
    """Her day and her country; the day in UTC and no country where nobody told."""

    today: date
    country: str


def place_of(person_id: str, at: datetime) -> Place:
    """As the book knows it at a moment. A payment of the last minute of a day at her place is of that day."""
    known = whereabouts_of(person_id, at)
    return Place(known.today(at), known.country)
