"""What may be done so often an hour may not be done more often because somebody keeps trying."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from tideover.access import counted

pytestmark = pytest.mark.django_db
HOUR = 3_600


@pytest.fixture
def later(monkeypatch):
    """Moves the clock that the cache and the counting read."""
    began = timezone.now()

    def move(seconds):
        moment = began + timedelta(seconds=seconds)
        monkeypatch.setattr(counted.time, "time", moment.timestamp)
        monkeypatch.setattr("django.core.cache.backends.db.tz_now", lambda: moment)

    move(0)
    yield move
    cache.clear()


def test_an_hour_is_an_hour_however_often_somebody_tries(later):
    assert [counted.times("told-network", within=HOUR) for _ in range(3)] == [1, 2, 3]

    later(HOUR - 10)
    assert counted.times("told-network", within=HOUR) == 4

    later(HOUR + 1)
    assert counted.times("told-network", within=HOUR) == 1


def test_what_was_counted_before_an_upgrade_stands_in_nobodys_way():
    cache.set("told-network", 3, HOUR)

    assert counted.times("told-network", within=HOUR) == 1


def test_one_network_does_not_count_for_another(later):
    counted.times("told-here", within=HOUR)

    assert counted.times("told-there", within=HOUR) == 1
