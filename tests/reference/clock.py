"""What clocks show, and in which quarters of an hour a contact may leave: read off the clock, quarter by quarter."""

from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

import holidays

DAY = 86_400
QUARTER = 900
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS_OF_A_DAY = {"morning": (8, 12), "afternoon": (12, 17), "evening": (17, 21)}


@cache
def zone_of(name):
    """The zone by that name, or None."""
    listed = resources.files("tzdata").joinpath("zones").read_text().split()
    if name not in listed:
        return None
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


@lru_cache(maxsize=100_000)
def offset(zone, at):
    """Seconds to add to UTC; nobody's clock is read as UTC."""
    if zone is None or zone_of(zone) is None:
        return 0
    return int(datetime.fromtimestamp(at, zone_of(zone)).utcoffset() / timedelta(seconds=1))


@lru_cache(maxsize=400_000)
def shown(zone, at):
    """(local day, weekday, minute of the day, offset) in that zone at that moment."""
    local = datetime.fromtimestamp(at, zone_of(zone))
    day = (local.date() - datetime(1970, 1, 1, tzinfo=UTC).date()).days
    return day, local.weekday(), local.hour * 60 + local.minute, local.utcoffset()


@cache
def quarters_of(zone, day):
    """(start, two-hour slot) of every UTC quarter of an hour that lies in one slot of that local day."""
    found = []
    for start in range((day - 1) * DAY, (day + 2) * DAY, QUARTER):
        first, last = shown(zone, start), shown(zone, start + QUARTER - 1)
        if first[0] == last[0] == day and first[2] // 120 == last[2] // 120:
            found.append((start, first[2] // 120))
    return found


def weekday_of(day):
    """0 is Monday; day 0 was a Thursday."""
    return (day + 3) % 7


def is_holiday(country, part, day):
    on = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).date()
    return on in _holidays(country, part, on.year)


@cache
def _holidays(country, part, year):
    return set(holidays.country_holidays(country, subdiv=part, years=year, language="en_US", expand=False))


def is_wished(hours, quiet_days, weekday, minute):
    """Is it a time the person wants? A wish nobody can read leaves no time."""
    quiet = [word.strip()[:3] for word in (quiet_days or "").split(",")]
    opens, closes = _hours(hours) if hours else (0, 24)
    return WEEKDAYS[weekday] not in quiet and opens * 60 <= minute < closes * 60


def _hours(text):
    if text in PARTS_OF_A_DAY:
        return PARTS_OF_A_DAY[text]
    first, _, last = text.partition("-")
    if first.isdigit() and last.isdigit() and int(first) < int(last) <= 24:
        return int(first), int(last)
    return 0, 0


class Calendar:
    """When one window of the rules is open to one kind of person: all her zones at once, and her wish."""

    def __init__(self, window, zones, hours, quiet_days):
        self.window, self.zones = window, zones
        self.week = {
            (weekday, minute // 15)
            for weekday in range(7)
            for minute in range(0, 1440, 15)
            if any(opens <= minute < closes for opens, closes in window.window.weekdays[weekday])
            and is_wished(hours, quiet_days, weekday, minute)
        }
        self.days = {}

    def openings(self, day):
        """For each two-hour slot of that local day the first unbroken run of allowed quarters, or None."""
        if day not in self.days:
            self.days[day] = self._first_runs(day)
        return self.days[day]

    def _first_runs(self, day):
        runs = [None] * 12
        for start, slot in quarters_of(self.zones[0], day):
            if not all(self._is_allowed(zone, start) for zone in self.zones):
                continue
            if runs[slot] is None:
                runs[slot] = (start, start + QUARTER)
            elif runs[slot][1] == start:
                runs[slot] = (runs[slot][0], start + QUARTER)
        return runs

    def _is_allowed(self, zone, start):
        first, last = shown(zone, start), shown(zone, start + QUARTER - 1)
        return first[3] == last[3] and self._is_open(first) and self._is_open(last)

    def _is_open(self, local):
        day, weekday, minute, _ = local
        rested = self.window.holidays and self.window.country
        if rested and is_holiday(self.window.country, self.window.subdiv, day):
            return False
        return (weekday, minute // 15) in self.week
