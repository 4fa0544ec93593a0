"""A bounce and a 'wrong number' are about the address that they came from or went to, and leave a newer one as it is."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, fresh_payments, late
from tests.recording import recorded
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.models import Address
from tideover.book.newest import newest
from tideover.delivery.answers import receive
from tideover.delivery.inbound import take_mail, take_receipt, take_text
from tideover.delivery.incoming.received import Answered, Receipt
from tideover.delivery.models import Answer, Message
from tideover.strategy.gate import consider
from tideover.strategy.releases import ensure_shipped

NOW = datetime.fromtimestamp(AT, UTC)
LATER = NOW + timedelta(hours=1)
OLD, NEW, BOX = "+447700900123", "+447700900999", "old@example.org"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asha():
    """Somebody late, with a number and a mailbox; a second number is known of."""
    recorded(late("asha"), fresh_payments(AT + 86_400), at=NOW)
    for key, value in (("old", OLD), ("new", NEW), ("box", BOX)):
        channel = "email" if key == "box" else "sms"
        Address.objects.create(address_id=key, channel=channel, value=value, index=blind(value))
    has("sms", "old", days=2)
    has("email", "box", days=2)


def has(channel, address, *, days):
    """So many days ago we were told that this is her address."""
    point = {"contact_point_id": f"asha-{channel}", "person_id": "asha", "channel": channel, "state": "ok"}
    at = NOW - timedelta(days=days)
    record("contact_points", [{**point, "in_contract": True, "address_id": address}], source="core", at=at)


def went(address, *, number=1, state="accepted", **about):
    known = {
        "contact_id": f"c-{number}", "person_id": "asha", "purpose": "gentle_reminder", "purpose_class": "collection",
        "subject": "asha-loan-1", "channel": "sms", "send_at": NOW, "due_at": NOW, "use_by": LATER, "local_day": number,
        "state": state, "code": "ABCD2345", "message_id": f"m{number}", "address_id": address, "reference": f"ref-{number}",
        "ended_at": NOW + timedelta(minutes=number),
    }  # fmt: skip
    return Message.objects.create(**(known | about))


def texted(sender, words):
    take_text(Answered("sms", sender, "6000", words, LATER, reference="r1"), at=LATER)


def point(channel="sms"):
    (found,) = newest("contact_points", person_id="asha", channel=channel)
    return found.address_id, found.state


def test_a_stranger_who_answers_a_text_that_may_not_have_arrived_is_believed():
    went("old", state="unknown")

    texted(OLD, "wrong number")

    assert Answer.objects.get().kind == "not_me"
    assert point() == ("old", "wrong_person")


def test_no_notice_and_no_reply_goes_to_a_number_that_is_somebody_elses():
    ensure_shipped(at=NOW)
    texted(OLD, "wrong number")

    for occasion, values in (("debit_notice", {}), ("reply", {"answer": "Your balance is 900"})):
        seen = consider(
            person_id="asha", occasion=occasion, at=LATER + timedelta(minutes=1), channel="sms", values=values
        )
        assert seen.decision is None


def test_a_stranger_who_writes_a_new_mail_is_believed():
    take_mail(f"From: {BOX}\r\nMessage-ID: <a@b>\r\nSubject: x\r\n\r\nWrong person".encode(), at=LATER)

    assert point("email") == ("box", "wrong_person")


def test_a_wrong_number_that_comes_late_from_her_old_number_leaves_the_new_one():
    went("old", number=1)
    went("new", number=2)
    has("sms", "new", days=1)

    texted(OLD, "wrong number")

    assert point() == ("new", "ok")
    assert Answer.objects.get().message.address_id == "old"


def test_a_link_says_of_the_address_that_its_message_went_to():
    message = went("box", channel="email")

    receive(person_id="asha", channel="email", kind="not_me", message=message, at=LATER, outside_id="press")

    assert point("email") == ("box", "wrong_person")
    assert point() == ("old", "ok")


def test_a_bounce_that_comes_late_leaves_the_new_address():
    went("old")
    has("sms", "new", days=1)

    take_receipt(Receipt("sms", "ref-1", "failed", LATER, kind="bad_address", permanent=True), at=LATER)

    assert Message.objects.get().state == "rejected"
    assert point() == ("new", "ok")


def test_a_number_that_was_told_again_under_another_key_is_the_same_number():
    went("old")
    Address.objects.create(address_id="again", channel="sms", value=OLD, index=blind(OLD))
    has("sms", "again", days=1)

    take_receipt(Receipt("sms", "ref-1", "failed", LATER, kind="bad_address", permanent=True), at=LATER)

    assert point() == ("again", "bounced")
