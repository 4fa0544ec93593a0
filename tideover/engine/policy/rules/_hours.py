"""Hours as a compliance officer writes them, read into a window of the local week.

    {mon-fri: "08:00-20:00", sat: ["08:00-12:00", "13:00-14:00"], sun: closed, holidays: closed}

Every weekday must be said, by its name, a span or `every_day`; holidays are open unless they are said to be closed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tideover.kit.calendars import Interval, Window

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


@dataclass(frozen=True)
class Hours:
    """A window of local wall time, and whether public holidays are closed all day."""

    window: Window
    holidays_closed: bool


def read_hours(written: object) -> Hours:
    """The hours, or ValueError with a sentence that says what was expected."""
    if not isinstance(written, dict):
        raise ValueError('Hours are written by day, such as {every_day: "08:00-20:00"}.')  # noqa: TRY004
    days: dict[int, tuple[Interval, ...]] = {}
    for key, hours in written.items():
        if key != "holidays":
            days |= dict.fromkeys(_fresh(str(key), days), _intervals(str(key), hours))
    unsaid = [name for number, name in enumerate(WEEKDAYS) if number not in days]
    if unsaid:
        raise ValueError(f"Nothing is said about {', '.join(unsaid)}; write the hours or `closed`.")
    return Hours(Window.of(days), holidays_closed=_holidays(written.get("holidays", "open")))


def show_hours(hours: Hours) -> str:
    """The hours in words for a page: equal days together."""
    spans: list[tuple[str, str, str]] = []
    for number, name in enumerate(WEEKDAYS):
        shown = ", ".join(f"{_clock(a)}-{_clock(b)}" for a, b in hours.window[number]) or "closed"
        if spans and spans[-1][2] == shown:
            spans[-1] = (spans[-1][0], name, shown)
        else:
            spans.append((name, name, shown))
    days = [f"{_span(first, last)} {shown}" for first, last, shown in spans]
    return "; ".join([*days, "holidays closed"] if hours.holidays_closed else days)


def _span(first: str, last: str) -> str:
    if (first, last) == ("mon", "sun"):
        return "every day"
    return first if first == last else f"{first}-{last}"


def _fresh(key: str, taken: dict[int, tuple[Interval, ...]]) -> list[int]:
    days = _days(key)
    twice = [WEEKDAYS[day] for day in days if day in taken]
    if twice:
        raise ValueError(f"{', '.join(twice)} is said twice; the second time by `{key}`.")
    return days


def _days(key: str) -> list[int]:
    if key == "every_day":
        return list(range(7))
    names = key.split("-")
    if len(names) > 2 or any(name not in WEEKDAYS for name in names):
        raise ValueError(
            f"`{key}` is no day: write every_day, {', '.join(WEEKDAYS)}, a span such as mon-fri, holidays."
        )
    first, last = WEEKDAYS.index(names[0]), WEEKDAYS.index(names[-1])
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _intervals(key: str, hours: object) -> tuple[Interval, ...]:
    if hours == "closed":
        return ()
    return tuple(_interval(key, one) for one in (hours if isinstance(hours, list) else [hours]))


def _interval(key: str, text: object) -> Interval:
    found = _HOURS.fullmatch(str(text))
    if not found:
        raise ValueError(f'The hours of {key} should look like "08:00-20:00" or say closed, not {text!r}.')
    opens_h, opens_m, closes_h, closes_m = (int(part) for part in found.groups())
    opens, closes = opens_h * 60 + opens_m, closes_h * 60 + closes_m
    if not 0 <= opens < closes <= 24 * 60 or opens % 15 or closes % 15:
        raise ValueError(
            f"The hours {text} of {key} must lie in one day, end after they start and go by quarters."
        )
    return opens, closes


def _holidays(word: object) -> bool:
    if word not in ("open", "closed"):
        raise ValueError(f"holidays is open or closed, not {word!r}.")
    return word == "closed"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
