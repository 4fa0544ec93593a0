"""A day far above the usual waits for somebody to look, be it today or one to come."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import AT
from tests.staff import member
from tideover.delivery.brake import brake
from tideover.delivery.jobs import take_in
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.strategy.comparing import NEW
from tideover.strategy.lifting import take_back_stop
from tideover.strategy.models import Decision, Release, Stop, Trial
from tideover.strategy.stops import lift, press, stop_sending, stopped

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db


def messages(count, *, days_ago=0, purpose="due_soon", purpose_class="reminder", first=0):
    at = NOW - timedelta(days=days_ago)
    Message.objects.bulk_create(
        Message(
            contact_id=f"{purpose}-{days_ago}-{n}", person_id=f"p{n}", purpose=purpose, purpose_class=purpose_class, channel="sms",
            send_at=at, due_at=at, use_by=at, local_day=days_ago, message_id=f"{purpose}-{days_ago}-{n}", code="ABCD2345",
            state="accepted" if days_ago > 0 else "queued",
        )
        for n in range(first, first + count)
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


def test_many_purposes_that_are_each_a_little_above_usual_are_far_above_it_together():
    each = ("welcome", "due_soon", "leeway_note", "early_help")
    messages(40, days_ago=2)
    for purpose in each:
        messages(40, purpose=purpose)
    assert brake(at=NOW) == []

    messages(45, purpose="lesson")
    assert brake(at=NOW) == ["all"]
    assert Stop.objects.get().why == "205 today in all; the busiest of the last days had 40"
    assert brake(at=NOW) == []


def test_answers_to_what_people_did_are_no_sign_that_we_say_too_much():
    messages(30, days_ago=2)
    for purpose in ("answer_received", "sign_in_code", "complaint_received", "call_back"):
        messages(50, purpose=purpose, purpose_class="answer")

    assert brake(at=NOW) == []


@pytest.fixture
def tried():
    """A release whose trial saw half of a book of a thousand: 300 people in three days, so 200 a day in all of it."""
    release = Release.objects.create(
        hash="a" * 64, name="everyday", says="", files={}, published_by="s", published_at=NOW, live_from=NOW, state="live", share=100,
    )  # fmt: skip
    found = {"people": 500, "of": 1_000, "days": ["1", "2", "3"], "purposes": {NEW: {"due_soon": 300}}}
    Trial.objects.create(release=release, state="done", found=found, at=NOW)
    return release


def test_a_first_day_is_measured_by_what_the_trial_counted(tried):
    messages(800)
    assert brake(at=NOW) == []

    messages(1, first=800)
    assert brake(at=NOW) == ["purpose:due_soon"]
    assert Stop.objects.get().why == "801 today; its trial counted 200 a day"


def test_a_purpose_that_the_trial_had_not_is_no_larger_than_all_that_it_had(tried):
    messages(200, purpose="lesson")
    messages(201, purpose="firm_notice")

    assert brake(at=NOW) == ["purpose:firm_notice"]
    assert Stop.objects.get().why == "201 today; its trial had none of them, and 200 messages a day in all"


def test_a_share_that_grows_tenfold_is_no_surprise_and_more_than_that_is_one(tried):
    tried.state, tried.share, tried.share_since = "ramping", 10, NOW
    tried.save()
    messages(2, days_ago=1)

    messages(80)
    assert brake(at=NOW) == []
    messages(1, first=80)
    assert brake(at=NOW) == ["purpose:due_soon"]


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


TOMORROW = NOW + timedelta(days=1)


def decided(count, send_at):
    """What a night decided, which nobody has taken into the outbox yet."""
    Decision.objects.bulk_create(
        Decision(
            decision_id=f"night-{n}", person_id=f"p{n}", at=NOW, subject="", purpose="due_soon", policy="due", step="due_soon",
            channel="sms", language="en", treatment="contact", reasons="due", send_at=send_at, use_by=send_at + timedelta(days=1),
            strategy_hash="s", rules_hash="", tables_hash="", content_hash="", engine_version="",
        )
        for n in range(count)
    )  # fmt: skip


def test_what_a_night_lines_up_for_the_next_morning_is_stopped_when_it_is_taken_in():
    messages(20, days_ago=3)
    decided(200, TOMORROW.replace(hour=1))

    take(at=NOW)

    assert stopped() == {"purpose:due_soon"}
    assert Stop.objects.get().why == "200 on 26 November; the busiest of the last days had 20"


def test_two_days_of_which_each_is_as_usual_are_no_surprise_together():
    messages(60, days_ago=3)
    messages(200)
    messages(200, days_ago=-1)

    assert brake(at=NOW) == []


def test_what_was_released_for_tomorrow_leaves_tomorrow_and_what_comes_the_day_after_does_not():
    messages(20, days_ago=3)
    messages(200, days_ago=-1)
    brake(at=NOW)
    lift(scope="purpose:due_soon", by="lead", at=NOW)

    assert brake(at=TOMORROW) == []

    messages(200, days_ago=-2)
    assert brake(at=TOMORROW) == ["purpose:due_soon"]


def test_what_was_lined_up_behind_a_stop_is_looked_at_when_its_day_begins(settings, tmp_path):
    settings.DATA = tmp_path
    messages(20, days_ago=3)
    press(scope="purpose:due_soon", by="lead", at=NOW)
    decided(200, TOMORROW)
    take_in(at=NOW)
    lift(scope="purpose:due_soon", by="lead", at=NOW)

    take_in(at=TOMORROW.replace(hour=0))

    assert stopped() == {"purpose:due_soon"}


def test_a_turn_in_which_nothing_is_decided_does_not_read_through_the_outbox(settings, tmp_path):
    settings.DATA = tmp_path
    messages(200)
    take_in(at=NOW)

    with CaptureQueriesContext(connection) as asked:
        take_in(at=NOW + timedelta(minutes=1))

    counted = [it["sql"] for it in asked if "COUNT(" in it["sql"].upper()]
    assert (len(asked) < 20, counted) == (True, [])
