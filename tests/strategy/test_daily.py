"""What is done once a day is done each day, whatever the clocks said meanwhile."""

from datetime import timedelta

import pytest

from tests.recording import NOW
from tideover.strategy.daily import first_today

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_the_first_to_ask_on_a_day_does_it_and_nobody_after():
    asked = [
        first_today("it", at=NOW + after) for after in (timedelta(), timedelta(seconds=1), DAY, DAY * 1.1)
    ]

    assert asked == [True, False, True, False]


def test_a_day_taken_by_a_clock_a_month_ahead_stands_for_none_until_then():
    assert first_today("it", at=NOW + 30 * DAY)

    assert [first_today("it", at=NOW + day * DAY) for day in (0, 0, 1, 2)] == [True, False, True, True]


def test_a_worker_whose_clock_is_a_little_behind_does_not_do_it_again_before_midnight():
    assert first_today("it", at=NOW + DAY)

    assert not first_today("it", at=NOW)
