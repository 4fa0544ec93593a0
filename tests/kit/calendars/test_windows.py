"""Windows: hours of a week, their overlap, and the nights between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.calendars.signatures import windows
from tideover.kit.calendars import ALWAYS, NEVER, Window

weekdays = st.integers(0, 6)
minutes = st.integers(0, 1439)


def test_a_night_is_two_intervals():
    assert Window.daily((22 * 60, 7 * 60))[0] == ((0, 420), (1320, 1440))


def test_the_night_of_one_weekday_ends_on_the_next():
    sunday_night = Window.of({6: [(1320, 420)]})

    assert (sunday_night[6], sunday_night[0], sunday_night[1]) == (((1320, 1440),), ((0, 420),), ())


def test_until_midnight_may_be_written_as_either_end_of_the_day():
    assert Window.daily((1320, 0)) == Window.daily((1320, 1440))


def test_intervals_that_touch_or_overlap_become_one():
    assert Window.daily((480, 600), (600, 720), (660, 780))[3] == ((480, 780),)
    assert Window.daily((480, 720), (540, 600))[3] == ((480, 720),)


@pytest.mark.parametrize(
    ("weekdays", "says"),
    [
        (((),) * 6, "seven weekdays"),
        ((((480, 481),),) + ((),) * 6, "quarter hour"),
        ((((600, 480),),) + ((),) * 6, "end after it starts"),
        ((((480, 1455),),) + ((),) * 6, "inside one day"),
        ((((480, 600), (600, 720)),) + ((),) * 6, "in order and apart"),
    ],
)
def test_a_window_that_cannot_be_is_refused(weekdays, says):
    with pytest.raises(ValueError, match=says):
        Window(weekdays)


@given(windows, windows, weekdays, minutes)
def test_both_either_and_neither(one, other, weekday, minute):
    in_one, in_other = one.is_open(weekday, minute), other.is_open(weekday, minute)

    assert (one & other).is_open(weekday, minute) == (in_one and in_other)
    assert (one | other).is_open(weekday, minute) == (in_one or in_other)
    assert (~one).is_open(weekday, minute) == (not in_one)


@given(windows, windows)
def test_the_same_hours_are_the_same_window(one, other):
    assert one & other == other & one
    assert one & ALWAYS == one | NEVER == ~~one == one
    assert one & ~one == NEVER


@given(windows, weekdays, minutes)
def test_the_quarters_of_the_week_are_the_window(window, weekday, minute):
    assert window.quarters[weekday * 96 + minute // 15] == window.is_open(weekday, minute)


def test_the_quarters_cannot_be_changed_by_accident():
    with pytest.raises(ValueError, match="read-only"):
        ALWAYS.quarters[0] = False
