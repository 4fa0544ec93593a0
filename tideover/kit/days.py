"""Days and moments as whole numbers: a day counts from 1970-01-01, a moment is epoch seconds in UTC."""

from calendar import monthrange
from datetime import UTC, date, datetime

from tideover.kit.errors import Refused

_EPOCH = date(1970, 1, 1).toordinal()


class UnclearDate(Refused):
    """A day or a moment that cannot be read in exactly one way."""


def day_of(on: date) -> int:
    """The number of that date."""
    return on.toordinal() - _EPOCH


def date_of(day: int) -> date:
    """The date with that number."""
    return date.fromordinal(day + _EPOCH)


def moment_of_datetime(at: datetime) -> int:
    """Epoch seconds, parts of a second cut. A time without a zone is refused: nobody knows when it was."""
    if at.tzinfo is None:
        raise UnclearDate(f"{at.isoformat()} says no time zone. Add one, such as +00:00 or Z.")
    return int((at - datetime.fromtimestamp(0, UTC)).total_seconds() // 1)


def datetime_of(moment: int) -> datetime:
    """The moment in UTC."""
    return datetime.fromtimestamp(moment, UTC)


def read_day(text: str) -> int:
    """The day written as 2026-03-04, and in no other way."""
    try:
        return day_of(datetime.strptime(text, "%Y-%m-%d").date())  # noqa: DTZ007 - a date has no zone
    except ValueError:
        raise UnclearDate(f"{text!r} is not a day. Write it as year-month-day, such as 2026-03-04.") from None


def read_moment(text: str) -> int:
    """The moment written in ISO 8601 with its zone: 2026-03-04T10:00:00Z."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UnclearDate(f"{text!r} is not a moment. Write it as 2026-03-04T10:00:00Z.") from None
    return moment_of_datetime(at)


def iso_day(day: int) -> str:
    """The day as 2026-03-04."""
    return date_of(day).isoformat()


def iso_moment(moment: int) -> str:
    """The moment as 2026-03-04T10:00:00Z."""
    return datetime_of(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def weekday(day: int) -> int:
    """0 for Monday to 6 for Sunday."""
    return (day + 3) % 7  # day 0 was a Thursday


def add_months(day: int, months: int, *, on_the: int | None = None) -> int:
    """The same day of the month, `months` later, or the month's last day where it is too short.

    Count from the first date of a schedule, or say `on_the` (1-31), and nothing drifts: 31 January, 28
    February, 31 March.
    """
    start = date_of(day)
    wanted = start.day if on_the is None else on_the
    if not 1 <= wanted <= 31:
        raise ValueError(f"A month has days 1 to 31, not {wanted}.")
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return day_of(date(year, month + 1, min(wanted, monthrange(year, month + 1)[1])))


def monthly(first_day: int, times: int) -> tuple[int, ...]:
    """The due days of a monthly schedule that starts on `first_day`."""
    return tuple(add_months(first_day, number) for number in range(times))
