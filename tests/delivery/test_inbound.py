"""What comes in is tied to what we sent, and nothing else is believed."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from django.db import connection

from tests.people import AT, late
from tests.recording import recorded
from tideover.access.sealing import blind
from tideover.book.models import FACTS, Address
from tideover.delivery import outbox
from tideover.delivery.inbound import set_aside, take_mail, take_receipt, take_text
from tideover.delivery.incoming.received import Answered, Receipt
from tideover.delivery.models import Answer, Message, Unplaced

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent():
    """A reminder that went to asha by mail, and one by text message."""
    book = late("asha")
    book["contact_points"] = [{**it, "address_id": it["channel"]} for it in book["contact_points"]]
    recorded(book, at=NOW)
    for channel, value in (("email", "asha@example.org"), ("sms", "+37120000001")):
        Address.objects.create(address_id=channel, channel=channel, value=value, index=blind(value))
        Message.objects.create(
            contact_id=f"c-{channel}", person_id="asha", purpose=f"of_{channel}", purpose_class="collection", channel=channel,
            subject="asha-loan-1", send_at=NOW, due_at=NOW, use_by=NOW + timedelta(days=2), local_day=1, state="accepted",
            message_id=f"key{channel}", code="ABCD2345", address_id=channel, reference=f"ref-{channel}", ended_at=NOW,
        )  # fmt: skip


def mail(text, *, sender="asha@example.org", to_ours=True, message_id="<m1@example.org>"):
    made = EmailMessage()
    made["From"], made["To"], made["Message-ID"], made["Subject"] = (
        sender,
        "hello@lender.example",
        message_id,
        "Re: your payment",
    )
    if to_ours:
        made["In-Reply-To"] = "<keyemail@lender.example>"
    made.set_content(text)
    return made.as_bytes()


def bounce(address):
    return (
        "From: MAILER-DAEMON@example.org\r\nTo: hello@lender.example\r\nSubject: Undelivered\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <keyemail@lender.example>\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    ).encode()


def points():
    rows = FACTS["contact_points"].objects.filter(address_id="email").order_by("recorded_at", "id")
    return [it.state for it in rows]


def test_stop_by_mail_is_a_stop():
    assert take_mail(mail("STOP"), at=NOW) == "reply"

    assert FACTS["consents"].objects.get().channel == "email"


def test_the_same_mail_twice_is_one_answer():
    for _ in range(2):
        take_mail(mail("I have paid"), at=NOW)

    assert [it.kind for it in Answer.objects.all()] == ["paid"]


def test_a_mail_from_nobody_we_know_about_nothing_we_sent_is_kept_for_a_person():
    raw = mail("Please call me", sender="x@example.net", to_ours=False)

    assert [take_mail(raw, at=NOW) for _ in range(2)] == ["unplaced", "unplaced"]

    assert Answer.objects.count() == 0
    kept = Unplaced.objects.get()
    assert (kept.channel, kept.sender) == ("email", "x@example.net")
    assert kept.text == f"Please call me\n{set_aside(raw)}"


def from_nobody(text, reference=""):
    return take_text(Answered("sms", "+37129999999", "1234", text, NOW, reference), at=NOW)


@pytest.mark.parametrize(
    ("words", "is_danger", "is_death", "is_stop"),
    [
        ("My wife died last week", False, True, False),
        ("mans vīrs nomira", False, True, False),
        ("I want to end my life", True, False, False),
        ("DỪNG", False, False, True),
        ("Who is this?", False, False, False),
    ],
)
def test_words_from_a_number_that_nobody_knows_are_kept_and_understood_in_any_language(
    words, is_danger, is_death, is_stop
):
    assert from_nobody(words) == "unplaced"

    kept = Unplaced.objects.get()
    assert (kept.is_danger, kept.is_death, kept.is_stop) == (is_danger, is_death, is_stop)
    assert (kept.text, kept.index) == (words, blind("+37129999999"))
    assert Answer.objects.count() == 0


def test_no_word_and_no_number_of_theirs_can_be_read_in_the_database():
    from_nobody("My wife died last week")

    with connection.cursor() as cursor:
        kept = cursor.execute("SELECT * FROM delivery_unplaced").fetchone()
    assert not any(it in str(kept) for it in ("wife", "29999999"))


def test_what_a_network_hands_over_again_is_kept_once():
    for _ in range(2):
        from_nobody("Who is this?", reference="r1")

    assert Unplaced.objects.count() == 1


def test_a_bounce_ends_the_message_and_the_address():
    assert take_mail(bounce("asha@example.org"), at=NOW) == "permanent"

    assert Message.objects.get(channel="email").state == "rejected"
    assert points() == ["ok", "bounced"]


def test_a_bounce_that_names_another_address_is_not_believed():
    assert take_mail(bounce("somebody.else@example.org"), at=NOW) == "unmatched"

    assert Message.objects.get(channel="email").state == "accepted"
    assert points() == ["ok"]


def test_a_text_message_is_an_answer_to_the_last_one_we_sent():
    assert take_text(Answered("sms", "+371 2000 0001", "1234", "বন্ধ", NOW), at=NOW) == "reply"

    assert Answer.objects.get().message.channel == "sms"
    assert FACTS["consents"].objects.get().channel == "sms"


def test_a_receipt_that_comes_twice_changes_the_message_once():
    receipt = Receipt("sms", "ref-sms", "failed", NOW, kind="bad_address", permanent=True)

    assert [take_receipt(receipt, at=NOW) for _ in range(2)] == ["failed", "failed"]

    states = FACTS["contacts"].objects.filter(contact_id="c-sms").values_list("state", flat=True)
    assert list(states) == ["rejected"]


def test_a_receipt_of_any_part_of_a_long_text_is_about_the_whole():
    Message.objects.filter(channel="sms").update(state="sending")
    going = Message.objects.get(channel="sms")
    outbox.settle_all([outbox.Ended(going, "accepted", reference="p1", further=("p2", "p3"))], at=NOW)

    assert take_receipt(Receipt("sms", "p2", "delivered", NOW), at=NOW) == "delivered"
    assert take_receipt(Receipt("email", "p3", "failed", NOW), at=NOW) == "unmatched"
    assert take_receipt(Receipt("sms", "p3", "failed", NOW), at=NOW) == "failed"

    assert Message.objects.get(channel="sms").state == "rejected"


def test_a_receipt_for_something_we_never_sent_is_set_aside():
    assert take_receipt(Receipt("sms", "nobody", "failed", NOW), at=NOW) == "unmatched"
