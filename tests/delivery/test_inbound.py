"""What comes in is tied to what we sent, and nothing else is believed."""

import json
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from django.db import connection

from tests.people import AT, late, row, together
from tests.recording import recorded
from tideover.access.sealing import blind
from tideover.book.models import FACTS, Address
from tideover.delivery import outbox
from tideover.delivery.channels.sms.receipts import read_webhook, signature_of
from tideover.delivery.inbound import set_aside, take_mail, take_receipt, take_text
from tideover.delivery.incoming.received import Answered, Receipt
from tideover.delivery.models import Answer, Message, Unplaced
from tideover.delivery.queries import happened, people_behind
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped

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


def mail(
    text,
    *,
    sender="asha@example.org",
    to_ours=True,
    message_id="<m1@example.org>",
    subject="Re: your payment",
    **more,
):
    made = EmailMessage()
    made["From"], made["To"], made["Message-ID"], made["Subject"] = (
        sender,
        "hello@lender.example",
        message_id,
        subject,
    )
    for name, value in more.items():
        made[name.replace("_", "-")] = value
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


def reaches(person, address):
    """An address as this person's own, of the channel that ends its key."""
    channel = address.rpartition("-")[2]
    point = {"contact_point_id": f"{person}-at-{channel}", "channel": channel, "address_id": address}
    return {"contact_points": [row("contact_points", person_id=person, state="ok", **point)]}


def points():
    rows = FACTS["contact_points"].objects.filter(address_id="email").order_by("recorded_at", "id")
    return [it.state for it in rows]


def test_stop_by_mail_is_a_stop():
    assert take_mail(mail("STOP"), at=NOW) == "reply"

    assert FACTS["consents"].objects.get().channel == "email"


def holds():
    return sorted(FACTS["holds"].objects.values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("subject", "words", "kind"),
    [
        ("Complaint about my loan", "You took 200 too much and I cannot pay", "cannot_pay"),
        ("complaint", "My husband has died", "death"),
        ("Abuse report", "He said that my son would suffer", "unclear"),
    ],
)
def test_a_person_who_complains_is_read_and_no_provider(subject, words, kind):
    assert take_mail(mail(words, subject=subject), at=NOW) == "reply"

    answer = Answer.objects.get()
    assert (answer.kind, answer.certain, answer.text) == (kind, False, f"{subject}\n{words}")
    assert not FACTS["consents"].objects.exists()
    assert ("bereavement" in holds()) == (kind == "death")


AUTOMATIC = {"Auto_Submitted": "auto-replied"}


@pytest.mark.parametrize(
    ("subject", "words", "more", "what"),
    [
        ("Thank you for your message", "I want to kill myself", {}, "danger"),
        ("Thank you for your email", "STOP", {}, "stop"),
        ("Auto: mein Kredit", "Bitte STOP", {}, "stop"),
        ("Re: your payment", "STOP", {"Precedence": "bulk"}, "stop"),
        ("Automatic reply: your payment", "My husband has died", AUTOMATIC, "death"),
        ("Out of office", "I want to kill myself", AUTOMATIC, "danger"),
        ("Out of office", "please stop these messages, I am away", AUTOMATIC, "stop"),
        ("Please confirm that you are human", "STOP", AUTOMATIC, "stop"),
        ("STOP", "", AUTOMATIC, "stop"),
        ("unsubscribe", "My husband has died", {}, "death"),
    ],
)
def test_a_danger_a_death_and_a_stop_are_read_whatever_the_mail_looks_like(subject, words, more, what):
    assert take_mail(mail(words, subject=subject, **more), at=NOW) == "reply"

    if what == "stop":
        assert FACTS["consents"].objects.get().channel == "email"
    else:
        assert {"danger": "danger", "death": "bereavement"}[what] in holds()


def test_nothing_is_said_in_return_to_what_looks_automatic():
    ensure_shipped(at=NOW)

    take_mail(mail("please stop these messages", subject="Out of office", **AUTOMATIC), at=NOW)
    take_mail(mail("STOP", message_id="<m2@example.org>"), at=NOW)

    assert [it.purpose for it in Decision.objects.all()] == ["opt_out_confirmed"]


def test_what_a_machine_says_of_a_holiday_is_nobodys_answer():
    raw = mail("I am away until Monday.", subject="Out of office", **AUTOMATIC)

    assert take_mail(raw, at=NOW) == "away"
    assert not Answer.objects.exists()


def test_our_own_footer_in_what_a_machine_sends_back_is_nobodys_stop():
    quoted = "On Fri, 20 Nov 2026 at 09:00, A Lender <hello@lender.example> wrote:\n> Reply STOP to stop these messages.\n"

    for words in (f"I am away.\n\n{quoted}", "-----Original Message-----\nReply STOP to stop."):
        assert take_mail(mail(words, subject="Out of office", **AUTOMATIC), at=NOW) == "away"

    assert (Answer.objects.count(), FACTS["consents"].objects.count()) == (0, 0)


def test_a_bounce_that_quotes_our_footer_is_a_bounce():
    raw = bounce("asha@example.org").replace(b"No such user.", b"No such user.\r\n\r\n> Reply STOP to stop")

    assert take_mail(raw, at=NOW) == "permanent"
    assert not FACTS["consents"].objects.exists()


def test_a_danger_in_what_looks_automatic_is_read_of_a_stranger_too():
    raw = mail("I want to kill myself", sender="x@example.net", to_ours=False, **AUTOMATIC)

    assert take_mail(raw, at=NOW) == "unplaced"
    assert Unplaced.objects.get().is_danger


def test_news_that_a_machine_sends_us_from_outside_opens_nothing():
    raw = mail("Sale! To unsubscribe click here.", sender="x@example.net", to_ours=False, **AUTOMATIC)

    assert take_mail(raw, at=NOW) == "auto_reply"
    assert not Unplaced.objects.exists()


@pytest.mark.parametrize("subject", ["STOP", "Unsubscribe me please", "ABMELDEN"])
def test_a_stop_in_the_subject_alone_is_a_stop(subject):
    assert take_mail(mail("", subject=subject), at=NOW) == "reply"

    assert FACTS["consents"].objects.get().channel == "email"
    assert Answer.objects.get().text == subject


def test_words_about_no_message_of_ours_are_read_in_the_persons_own_language():
    recorded(together(late("elina", language="lv"), reaches("elina", "elina-email")), at=NOW)
    Address.objects.create(
        address_id="elina-email", channel="email", value="e@example.org", index=blind("e@example.org")
    )

    take_mail(mail("mans vīrs nomira", sender="e@example.org", to_ours=False), at=NOW)

    assert [(it.kind, it.person_id) for it in Answer.objects.all()] == [("death", "elina")]


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


def test_a_danger_at_the_end_of_a_long_mail_is_seen_of_whomever_it_is():
    words = "I lost my job and my rent is due. " * 200 + "I want to end my life."

    take_mail(mail(words), at=NOW)
    take_mail(mail(words, sender="x@example.net", to_ours=False, message_id="<m2@example.net>"), at=NOW)

    assert Answer.objects.get().danger
    assert Unplaced.objects.get().is_danger


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


def test_whoever_called_a_mail_spam_gets_no_more_of_it_and_counts_as_having_complained():
    assert take_mail(spam_report(), at=NOW) == "spam_report"

    assert [(it.channel, it.purpose_class) for it in FACTS["consents"].objects.all()] == [("email", "all")]
    assert happened(None, NOW - timedelta(hours=1)).complained == 1
    assert list(people_behind("complained", "", None, NOW - timedelta(hours=1))) == ["asha"]


def spam_report():
    return (
        b"From: fbl@provider.example\r\nTo: hello@lender.example\r\nSubject: FW: Your payment\r\n"
        b'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nThis is a report.\r\n"
        b"--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <keyemail@lender.example>\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    )


def test_a_mail_to_unsubscribe_that_tells_of_a_death_stops_and_is_read():
    made = mail("My husband died.")
    take_mail(made.replace(b"Subject: Re: your payment", b"Subject: unsubscribe"), at=NOW)

    assert [it.channel for it in FACTS["consents"].objects.all()] == ["email"]
    assert {it.kind for it in FACTS["holds"].objects.all()} == {"bereavement"}


@pytest.mark.parametrize("header", ["Precedence", "Auto-Submitted", "Return-Path"])
def test_a_header_in_no_known_letters_keeps_nothing_from_being_read(header):
    made = mail("STOP").replace(b"Subject:", f"{header}: b\u00fclk\r\nSubject:".encode("latin-1"))

    take_mail(made, at=NOW)

    assert [it.channel for it in FACTS["consents"].objects.all()] == ["email"]


NUL_IN = {
    "message_id": b"Message-ID: <m\0x@example.org>\r\n",
    "in_reply_to": b"In-Reply-To: <a\0b@x>\r\n",
    "words": b"",
}


@pytest.mark.parametrize("where", NUL_IN)
@pytest.mark.parametrize("sender", [b"asha@example.org", b"stranger@example.org"])
def test_a_byte_that_no_database_keeps_keeps_nothing_from_being_read(sender, where):
    told = b"From: " + sender + b"\r\nSubject: hello\r\n" + NUL_IN[where] + b"\r\nmy husband died\0\r\n"

    take_mail(told, at=NOW)
    take_mail(told, at=NOW)

    answers = [it.text for it in Answer.objects.all()] + [it.text for it in Unplaced.objects.all()]
    assert len(answers) == 1
    assert "my husband died" in answers[0]
    assert "\0" not in answers[0]


def test_a_text_message_of_a_gateway_may_hold_one_too():
    told = {"id": "a\0b", "from": "+37120000001", "text": "STOP\0"}
    body = json.dumps([told, {"reference": "ref-\0sms", "state": "failed"}]).encode()
    stamp, secret = str(AT), b"a secret of many bytes"
    signature = signature_of(body, stamp, secret)
    said, receipt = read_webhook(body, signed_at=stamp, signature=signature, secret=secret, at=NOW)

    assert take_text(said, at=NOW) == "reply"
    assert take_receipt(receipt, at=NOW) == "failed"

    assert Answer.objects.get().kind == "stop"


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


def test_a_receipt_without_a_name_is_about_nothing():
    Message.objects.filter(channel="sms").update(state="unknown", reference="")

    assert take_receipt(Receipt("sms", "", "failed", NOW, kind="bad_address", permanent=True), at=NOW) == (
        "unmatched"
    )

    assert Message.objects.get(channel="sms").state == "unknown"


def again_by_the_same_name(*, ended_at):
    first = Message.objects.get(channel="sms")
    first.pk, first.contact_id, first.purpose, first.message_id = None, "c-again", "of_sms_again", "keyagain"
    first.ended_at = ended_at
    first.save(force_insert=True)


def test_of_two_messages_of_one_name_a_receipt_is_about_the_newer():
    again_by_the_same_name(ended_at=NOW + timedelta(days=5))

    take_receipt(Receipt("sms", "ref-sms", "failed", NOW), at=NOW + timedelta(days=6))

    states = dict(Message.objects.filter(channel="sms").values_list("contact_id", "state"))
    assert states == {"c-sms": "accepted", "c-again": "rejected"}


def test_a_receipt_that_comes_weeks_later_is_about_another_lenders_message():
    receipt = Receipt("sms", "ref-sms", "failed", NOW)

    assert take_receipt(receipt, at=NOW + timedelta(days=15)) == "unmatched"
    assert take_receipt(receipt, at=NOW + timedelta(days=13)) == "failed"


def test_a_receipt_that_cites_our_own_name_tells_what_became_of_a_lost_reply():
    Message.objects.filter(channel="sms").update(state="unknown", reference="")

    assert take_receipt(Receipt("sms", "g1", "failed", NOW, ours="keysms"), at=NOW) == "failed"

    assert Message.objects.get(channel="sms").state == "rejected"


def test_a_receipt_that_is_quicker_than_our_books_is_to_be_told_again():
    Message.objects.filter(channel="sms").update(state="sending", reference="", ended_at=None)
    dead = {"kind": "bad_address", "permanent": True}

    assert take_receipt(Receipt("sms", "g1", "failed", NOW, **dead), at=NOW) == "early"
    assert take_receipt(Receipt("sms", "g1", "failed", NOW, ours="keysms"), at=NOW) == "early"
    assert take_receipt(Receipt("sms", "g1", "delivered", NOW), at=NOW) == "unmatched"
    assert take_receipt(Receipt("email", "g1", "failed", NOW), at=NOW) == "unmatched"

    outbox.settle(Message.objects.get(channel="sms"), "accepted", at=NOW, reference="g1")
    assert take_receipt(Receipt("sms", "g1", "failed", NOW, **dead), at=NOW) == "failed"


class TestNamesThatGatewaysGive:
    """A gateway's own name of a text is one of a few: another gateway, or another year, has the same."""

    def texted(self, words, *, sender="+37120000001", at=NOW):
        return take_text(Answered("sms", sender, "1234", words, at, reference="1001"), at=at)

    def test_a_stop_by_a_name_that_another_person_had_is_a_stop(self):
        recorded(together(late("bo"), reaches("bo", "bo-sms")), at=NOW)
        Address.objects.create(
            address_id="bo-sms", channel="sms", value="+37120000002", index=blind("+37120000002")
        )
        self.texted("thanks")

        self.texted("STOP", sender="+37120000002", at=NOW + timedelta(days=90))

        assert FACTS["consents"].objects.get().person_id == "bo"

    def test_a_stop_by_a_name_that_she_had_before_is_a_stop(self):
        self.texted("thanks")

        self.texted("STOP", at=NOW + timedelta(days=90))

        assert [it.kind for it in Answer.objects.order_by("at")] == ["unclear", "stop"]

    def test_a_stop_of_a_stranger_by_a_name_that_another_stranger_had_is_kept(self):
        self.texted("Who is this?", sender="+37129999998")
        self.texted("STOP", sender="+37129999999")

        assert sorted(Unplaced.objects.values_list("is_stop", flat=True)) == [False, True]

    def test_what_is_handed_over_again_is_taken_once(self):
        for hours in (0, 30):
            self.texted("I have paid", at=NOW + timedelta(hours=hours))
            self.texted("Who is this?", sender="+37129999999", at=NOW + timedelta(hours=hours))

        assert (Answer.objects.count(), Unplaced.objects.count()) == (1, 1)

    def test_what_was_kept_by_its_bare_name_and_is_handed_over_again_is_taken_once(self):
        self.texted("I have paid")
        self.texted("Who is this?", sender="+37129999999")
        Answer.objects.update(outside_id="1001")
        Unplaced.objects.update(outside_id="sms:1001")

        self.texted("I have paid")
        self.texted("Who is this?", sender="+37129999999")
        self.texted("STOP")

        assert [it.kind for it in Answer.objects.order_by("pk")] == ["paid", "stop"]
        assert Unplaced.objects.count() == 1
