"""The last look: between the relay's "go on" and the words nothing can come that is not seen."""

import time
from datetime import UTC, datetime

import pytest
from django.db import OperationalError

from tests.delivery.test_the_loop import clock, queued  # noqa: F401 - fixtures
from tests.people import AT
from tests.reliability.door import door
from tideover.book.actions import record
from tideover.delivery.channels import open_channel
from tideover.delivery.group_commit import GroupCommit
from tideover.delivery.sending import one_round
from tideover.strategy.stops import press

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[True, False], ids=["several at once", "one by one"])
def relay(request):
    with door(takes_several=request.param) as relay:
        yield relay


def send(relay, message, clock):  # noqa: F811
    channels = {"email": open_channel("email", {"TIDEOVER_SMTP_URL": relay.url(1)})}
    at = clock(max(message.send_at, NOW))
    return one_round(channels, worker="w", at=at).outcomes


def held_at(place, then):
    return lambda where, to: then() if where == place else None


def test_by_a_relay_that_takes_its_time_to_say_go_on_a_message_leaves_all_the_same(queued, relay, clock):  # noqa: F811
    relay.held = held_at("data", lambda: time.sleep(0.2))

    assert send(relay, queued, clock) == {"accepted": 1}
    assert [len(it) for it in relay.arrived.values()] == [1]


@pytest.mark.parametrize("place", ["rcpt", "data"])
def test_a_death_told_while_the_relay_hesitates_stops_the_message(place, queued, relay, clock):  # noqa: F811
    died = [{"hold_id": "h", "kind": "bereavement", "from_at": NOW, "person_id": queued.person_id}]
    relay.held = held_at(place, lambda: record("holds", died, source="test", at=NOW))

    assert send(relay, queued, clock) == {"withdrawn": 1}

    queued.refresh_from_db()
    assert (queued.state, queued.because, relay.arrived) == ("queued", "facts_changed", {})


def test_what_did_not_leave_does_not_pass_for_what_may_have_though_it_could_not_be_written_down_at_once(
    queued,  # noqa: F811
    relay,
    clock,  # noqa: F811
    monkeypatch,
):
    died = [{"hold_id": "h", "kind": "bereavement", "from_at": NOW, "person_id": queued.person_id}]
    relay.held = held_at("data", lambda: record("holds", died, source="test", at=NOW))
    really, faults = GroupCommit.hold_up, [OperationalError("gone"), OperationalError("gone")]

    def hold_up(commit, verdict):
        if faults:
            raise faults.pop()
        really(commit, verdict)

    monkeypatch.setattr(GroupCommit, "hold_up", hold_up)

    assert send(relay, queued, clock) == {"withdrawn": 1}

    queued.refresh_from_db()
    assert (queued.state, queued.because, relay.arrived) == ("queued", "facts_changed", {})


@pytest.mark.parametrize("place", ["rcpt", "data"])
def test_a_stop_pressed_while_the_relay_hesitates_stops_the_message(place, queued, relay, clock):  # noqa: F811
    relay.held = held_at(place, lambda: press(by="lead", at=NOW))

    assert send(relay, queued, clock) == {"withdrawn": 1}

    queued.refresh_from_db()
    assert (queued.state, queued.because, relay.arrived) == ("queued", "stopped", {})
