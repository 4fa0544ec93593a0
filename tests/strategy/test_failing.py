"""What fails in a worker is remembered for whoever watches, and forgotten when it is well or long past."""

from datetime import timedelta

import pytest

from tests.staff import NOW
from tideover.strategy.failing import failing, note_failing, note_well

pytestmark = pytest.mark.django_db


def test_a_step_fails_until_it_goes_through():
    note_failing("night", at=NOW)
    note_failing("night", at=NOW + timedelta(minutes=1))
    note_failing("webhooks", at=NOW)
    assert failing(at=NOW) == ["night", "webhooks"]

    note_well("night")

    assert failing(at=NOW) == ["webhooks"]


def test_what_failed_in_a_worker_that_is_gone_is_not_told_for_ever():
    note_failing("night", at=NOW)

    assert failing(at=NOW + timedelta(hours=1)) == []
