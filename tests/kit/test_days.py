"""Days and moments as whole numbers."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.kit.days import (
    UnclearDate,
    add_months,
    date_of,
    datetime_of,
    day_of,
    iso_day,
    iso_moment,
    moment_of_datetime,
    monthly,
    read_day,
    read_moment,
    weekday,
)

some_dates = st.dates(date(1900, 1, 1), date(2200, 12, 31))
some_days = some_dates.map(day_of)


def test_days_count_from_the_first_of_january_1970():
    assert day_of(date(1970, 1, 1)) == 0
    assert day_of(date(2026, 3, 4)) == 20516


@given(some_dates)
def test_a_day_is_a_date_and_a_date_is_a_day(on):
    assert date_of(day_of(on)) == on
    assert read_day(iso_day(day_of(on))) == day_of(on)
    assert weekday(day_of(on)) == on.weekday()


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_is_whole_seconds_in_utc(at):
    moment = moment_of_datetime(at)

    assert datetime_of(moment) == at.replace(microsecond=0)
    assert read_moment(iso_moment(moment)) == moment


def test_the_same_moment_in_another_zone():
    in_dhaka = datetime(2026, 3, 4, 16, 0, tzinfo=timezone(timedelta(hours=6)))

    assert iso_moment(moment_of_datetime(in_dhaka)) == "2026-03-04T10:00:00Z"
    assert read_moment("2026-03-04T16:00:00+06:00") == read_moment("2026-03-04T10:00:00Z")


@pytest.mark.parametrize(
    "text",
    ["", "04.03.2026", "2026-02-29", "2026-3", "20260304", "tomorrow", "2026-03-04T10:00", "0000-01-01"],
)
def test_a_day_written_otherwise_is_refused(text):
    with pytest.raises(UnclearDate, match="year-month-day"):
        read_day(text)


@pytest.mark.parametrize("text", ["2026-03-04T10:00:00", "2026-03-04", "2026-03-04 10:00"])
def test_a_moment_without_its_zone_is_refused(text):
    with pytest.raises(UnclearDate, match="says no time zone"):
        read_moment(text)


def test_a_moment_nobody_can_read_is_refused():
    with pytest.raises(UnclearDate, match="is not a moment"):
        read_moment("next Friday")


def test_a_schedule_from_the_last_of_january_does_not_drift():
    due = [iso_day(day) for day in monthly(read_day("2026-01-31"), 5)]

    assert due == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


def test_a_leap_year_gives_february_one_day_more():
    assert iso_day(add_months(read_day("2027-11-30"), 3)) == "2028-02-29"


def test_the_day_of_the_month_can_be_kept_from_one_due_date_to_the_next():
    from_short_month = read_day("2026-02-28")

    assert iso_day(add_months(from_short_month, 1)) == "2026-03-28"
    assert iso_day(add_months(from_short_month, 1, on_the=31)) == "2026-03-31"


def test_no_month_has_a_32nd():
    with pytest.raises(ValueError, match="1 to 31"):
        add_months(0, 1, on_the=32)


@given(some_days, st.integers(-300, 300))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day, months):
    start, end = date_of(day), date_of(add_months(day, months))

    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@given(some_days, st.integers(0, 60), st.integers(0, 60))
def test_months_from_the_first_date_add_up_when_the_day_is_kept(day, one, other):
    kept = date_of(day).day

    assert add_months(add_months(day, one), other, on_the=kept) == add_months(day, one + other)
