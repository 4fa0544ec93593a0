"""The days that are suggested: her payday, the end of the week, the end of the month."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.repayment.promises.days import choices, next_on, usual_day
from tideover.repayment.promises.whereabouts import Whereabouts

WEDNESDAY = date(2026, 11, 25)
LONDON, DHAKA, NOWHERE = (
    Whereabouts("Europe/London", "GB"),
    Whereabouts("Asia/Dhaka", "BD"),
    Whereabouts("UTC", ""),
)


def offered(where, payday=None, today=WEDNESDAY, days=31):
    return choices(today, latest=today + timedelta(days=days), payday=payday, where=where)


def test_in_london_the_week_ends_on_friday_and_in_dhaka_on_thursday():
    assert date(2026, 11, 27) in [it.on for it in offered(LONDON)]
    assert date(2026, 11, 26) in [it.on for it in offered(DHAKA)]


def test_a_payday_on_a_sunday_is_paid_on_the_monday():
    (payday,) = [it for it in offered(LONDON, payday=29) if it.is_payday]

    assert payday.on == date(2026, 11, 30)


def test_a_habit_is_three_payments_near_one_day():
    paid = [date(2026, 8, 27), date(2026, 9, 28), date(2026, 10, 27), date(2026, 7, 3)]

    assert usual_day(paid) == 27
    assert usual_day(paid[:2]) is None
    assert usual_day([date(2026, 8, 1), date(2026, 9, 11), date(2026, 10, 21)]) is None


@pytest.mark.parametrize(("day", "after", "on"), [
    (31, date(2026, 2, 1), date(2026, 2, 28)), (31, date(2026, 2, 28), date(2026, 3, 31)), (5, date(2026, 12, 5), date(2027, 1, 5)),
])  # fmt: skip
def test_the_next_day_of_a_month_never_drifts(day, after, on):
    assert next_on(day, after) == on


@given(
    today=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    payday=st.none() | st.integers(1, 31),
    where=st.sampled_from([LONDON, DHAKA, NOWHERE]),
    days=st.integers(0, 45),
)
def test_every_offered_day_is_allowed_in_order_and_one_on_which_money_moves(today, payday, where, days):
    found = offered(where, payday, today, days)

    latest = today + timedelta(days=days)
    assert all(today < it.on <= latest for it in found)
    assert [it.on for it in found] == sorted({it.on for it in found})
    assert sum(it.is_payday for it in found) <= 1
    assert len(found) <= 4
    if where is not NOWHERE:
        assert all(where.is_working(it.on) for it in found)
    if days >= 31:
        assert len(found) >= 3
