"""What answers something that a person did comes each time she does it; the rest comes once a day."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, reachable, someone, together
from tests.recording import recorded
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.delivery.verify import verify_contacts
from tideover.strategy.gate import consider
from tideover.strategy.releases import ensure_shipped

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db
EACH_TIME = {
    "sign_in_code": {"sign_in_code": "123456"},
    "opt_out_confirmed": {},
    "complaint_received": {"reply_by_on": "2026-12-01"},
    "reply": {"answer": "All is well."},
    "invited_to_act": {},
}


@pytest.fixture(autouse=True)
def asha():
    book = together(someone("asha"), reachable("asha", "email"), reachable("asha", "app"))
    recorded(book, at=NOW - timedelta(days=1))
    ensure_shipped(at=NOW)


def said(purpose, at, channel="email", **values):
    made = consider(person_id="asha", occasion=purpose, at=at, channel=channel, values=values)
    assert made.decision, made.forbidden_by
    take(at=at)


@pytest.mark.parametrize("purpose", EACH_TIME)
def test_each_answer_has_a_message_of_its_own(purpose):
    for hours in (0, 1, 2):
        said(purpose, NOW + timedelta(hours=hours), **EACH_TIME[purpose])

    assert Message.objects.filter(purpose=purpose).count() == 3

    Message.objects.update(state="accepted", ended_at=AT)
    assert verify_contacts(at=NOW)["twice_a_day"] == 0


def test_the_same_receipt_comes_once_a_day():
    for hours in (0, 1):
        said("payment_received", NOW + timedelta(hours=hours))

    assert Message.objects.filter(purpose="payment_received").count() == 1


@pytest.mark.parametrize(
    ("was", "comes"),
    [
        ({"state": "suppressed"}, True),
        ({"state": "rejected"}, True),
        ({"state": "suppressed", "maybe_twice": True}, False),
        ({"state": "unknown"}, False),
        ({"state": "accepted"}, False),
    ],
    ids=["kept back", "refused", "may have left before", "nobody knows", "has left"],
)
def test_what_takes_the_place_of_a_message_that_did_not_leave_comes_the_same_day(was, comes):
    said("payment_received", NOW)
    Message.objects.update(**was, ended_at=AT)

    said("payment_received", NOW + timedelta(hours=1), channel="app")

    assert Message.objects.filter(channel="app", state="queued").exists() == comes
