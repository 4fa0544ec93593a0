"""A day far above the usual waits for somebody to look."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT
from tests.staff import member
from tideover.delivery.brake import brake
from tideover.delivery.models import Message
from tideover.strategy.lifting import take_back_stop
from tideover.strategy.models import Stop
from tideover.strategy.stops import lift, stop_sending

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db


def messages(count, *, days_ago=0, purpose="due_soon"):
    at = NOW - timedelta(days=days_ago)
    Message.objects.bulk_create(
        Message(
            contact_id=f"{purpose}-{days_ago}-{n}", person_id=f"p{n}", purpose=purpose, purpose_class="reminder", channel="sms",
            send_at=at, due_at=at, use_by=at, local_day=days_ago, message_id=f"{purpose}-{days_ago}-{n}", code="ABCD2345",
        )
        for n in range(count)
    )  # fmt: skip


def test_a_day_like_the_others_goes_on():
    messages(60, days_ago=1)
    messages(90)

    assert brake(at=NOW) == []


def test_a_day_far_above_the_others_waits_and_says_why():
    messages(20, days_ago=3)
    messages(200)

    assert brake(at=NOW) == ["purpose:due_soon"]
    assert Stop.objects.get().why == "200 today; the busiest of the last days had 20"


def test_what_was_released_today_is_not_stopped_again():
    messages(20, days_ago=3)
    messages(200)
    brake(at=NOW)
    lift(scope="purpose:due_soon", by="lead", at=NOW)

    assert brake(at=NOW + timedelta(hours=1)) == []


def test_a_stop_that_somebody_took_back_is_no_look_at_the_numbers():
    messages(20, days_ago=3)
    messages(200)
    lead = member("lead")
    stop_sending(scope="purpose:due_soon", by=lead, at=NOW)
    take_back_stop(scope="purpose:due_soon", by=lead, at=NOW)

    assert brake(at=NOW) == ["purpose:due_soon"]


def test_a_first_day_of_all_has_no_usual_and_a_small_day_is_never_unusual():
    messages(500, purpose="lesson")

    assert brake(at=NOW) == []

    messages(2, days_ago=1)
    Message.objects.filter(purpose="lesson").delete()
    messages(30)
    messages(40, purpose="survey")
    assert brake(at=NOW) == []


def test_a_purpose_that_is_new_may_be_as_large_as_everything_else_and_no_larger():
    messages(300, days_ago=2)
    messages(300, purpose="lesson")
    messages(301, purpose="firm_notice")

    assert brake(at=NOW) == ["purpose:firm_notice"]
    assert (
        Stop.objects.get().why
        == "301 today; none on the last days, of which the busiest had 300 messages in all"
    )
