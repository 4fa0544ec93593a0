"""consider: the one gate that a receipt, a reply and an agent's letter pass as well."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, fresh_payments, late
from tests.recording import recorded
from tideover.book.actions import record
from tideover.delivery.answers import receive
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.strategy.gate import UnknownOccasion, UnknownPerson, consider
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def book(settings, tmp_path):
    settings.DATA = tmp_path
    recorded(late("asha"), fresh_payments(), at=NOW)
    ensure_shipped(at=NOW)


def test_a_receipt_is_a_decision_like_any_other():
    made = consider(person_id="asha", occasion="payment_received", subject="asha-loan-1", at=NOW)

    assert made.decision is not None
    assert (made.decision.policy, made.decision.send_at) == ("gate", NOW)
    assert take(at=NOW) == 1


def test_a_hold_stops_an_agents_letter_too():
    record(
        "holds",
        [{"hold_id": "h", "person_id": "asha", "kind": "bereavement", "from_at": NOW}],
        source="a",
        at=NOW,
    )

    made = consider(person_id="asha", occasion="reply", at=NOW)

    assert (made.decision, made.forbidden_by) == (None, "hold_bereavement")
    assert Decision.objects.count() == 0


def test_in_the_night_a_letter_waits_for_the_morning():
    night = NOW + timedelta(hours=13)

    made = consider(
        person_id="asha", occasion="options_offer", subject="asha-loan-1", channel="sms", at=night
    )

    assert made.forbidden_by == "feed_stale" or made.decision.send_at > night


def test_the_same_occasion_at_the_same_moment_is_one_decision():
    for _ in range(2):
        consider(person_id="asha", occasion="payment_received", subject="asha-loan-1", at=NOW)

    assert Decision.objects.count() == 1


def test_whoever_says_stop_hears_that_we_have_stopped():
    receive(person_id="asha", channel="sms", text="STOP", at=NOW, outside_id="1")
    take(at=NOW + timedelta(seconds=1))

    confirmed = Message.objects.get()
    assert (confirmed.purpose, confirmed.channel) == ("opt_out_confirmed", "sms")


def test_an_occasion_or_a_person_nobody_knows_is_refused():
    with pytest.raises(UnknownOccasion):
        consider(person_id="asha", occasion="gossip", at=NOW)
    with pytest.raises(UnknownPerson):
        consider(person_id="nobody", occasion="reply", at=NOW)
