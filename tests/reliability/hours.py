"""The hours of contact, place by place, read by hand from the text of the rules for a lender that collects its own loans."""

from datetime import date
from functools import cache

import holidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHUT = (0, 0)
CHOSEN = ("help", "reminder", "collection", "lesson", "survey", "offer")
LATE = ("help", "reminder", "collection")
RINGS = ("push", "sms", "call", "visit")


def every_day(opens: int, closes: int, **other: tuple[int, int]) -> dict[str, tuple[int, int]]:
    """A week of hours in minutes of the day, some days otherwise."""
    return {day: other.get(day, (opens * 60, closes * 60)) for day in WEEKDAYS}


ALL_DAY = every_day(0, 24)
EIGHT_TO_EIGHT, EIGHT_TO_NINE, EIGHT_TO_SEVEN = every_day(8, 20), every_day(8, 21), every_day(8, 19)
NINE_TO_SIX, SEVEN_TO_NINE, SEVEN_TO_TEN = every_day(9, 18), every_day(7, 21), every_day(7, 22)
NO_SUNDAY = every_day(8, 20, sun=SHUT)
LATVIA = every_day(8, 21, sun=SHUT)
BRAZIL = every_day(8, 20, sat=(480, 840), sun=SHUT)
NO_FRIDAY = every_day(9, 20, fri=SHUT)
HOLIDAYS = {
    "LV": ("LV", None),
    "DE": ("DE", None),
    "BR": ("BR", None),
    "BR-SP": ("BR", "SP"),
    "IR": ("IR", None),
}
"""Places whose hours are shut on public holidays."""


def hours(place: str, of_class: str, channel: str, kind: str | None) -> dict[str, tuple[int, int]]:
    """The week in which this may be said there by this channel."""
    if of_class == "status":
        return SEVEN_TO_TEN if channel in RINGS else ALL_DAY
    if channel == "letter":
        return ALL_DAY
    if place == "LV" and of_class in ("duty", "help", "collection"):
        return LATVIA
    if of_class not in CHOSEN:
        return ALL_DAY
    if place == "US" and of_class in LATE:
        return EIGHT_TO_NINE
    if place == "IN" and of_class in LATE and kind:
        return NINE_TO_SIX if kind == "microfinance" else EIGHT_TO_SEVEN
    if place == "VN" and of_class in ("reminder", "collection"):
        return SEVEN_TO_NINE
    if place == "VN" and of_class == "offer" and channel == "sms":
        return SEVEN_TO_TEN
    whole = {
        "GB": NO_SUNDAY,
        "DE": NO_SUNDAY,
        "BR": BRAZIL,
        "BR-SP": BRAZIL,
        "BD": NO_FRIDAY,
        "IR": NO_FRIDAY,
    }
    return whole.get(place, EIGHT_TO_EIGHT)


def is_closed_for_a_holiday(place: str, of_class: str, on: date) -> bool:
    """Is it a public holiday in a place whose hours for this rest on those?"""
    if (
        place not in HOLIDAYS
        or (place == "LV" and of_class not in ("duty", "help", "collection"))
        or of_class == "status"
    ):
        return False
    return on in _holidays(*HOLIDAYS[place], on.year)


@cache
def _holidays(country: str, part: str | None, year: int) -> set[date]:
    return set(holidays.country_holidays(country, subdiv=part, years=year))


def wished(wishes: dict[str, str], weekday: str, minute: int) -> bool:
    """Is it a time that the person asked for?"""
    parts = {"morning": (8, 12), "afternoon": (12, 17), "evening": (17, 21)}
    if weekday in [it.strip() for it in wishes.get("quiet_days", "").split(",")]:
        return False
    if "hours" not in wishes:
        return True
    opens, closes = parts.get(wishes["hours"]) or map(int, wishes["hours"].split("-"))
    return opens * 60 <= minute < closes * 60
