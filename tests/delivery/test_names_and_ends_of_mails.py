"""The same mail is one answer, whatever its mailbox calls it; one that cannot be read to its end is kept for a person."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from tests.delivery.test_inbound import NOW, mail, reaches, sent  # noqa: F401 - a fixture for every test here
from tests.people import late, together
from tests.recording import recorded
from tideover.access.sealing import blind
from tideover.book.models import FACTS, Address
from tideover.delivery.inbound import set_aside, take_mail
from tideover.delivery.models import Answer, Unplaced

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("words", "hours"), [("STOP", 0), ("Good morning", 120)])
def test_other_words_and_another_day_under_one_name_are_another_answer(words, hours):
    for said, at in (("Good morning", NOW), (words, NOW + timedelta(hours=hours))):
        take_mail(mail(said, message_id="<1@localhost>", Date=format_datetime(at)), at=at)

    assert Answer.objects.count() == 2


def test_a_stop_under_a_name_that_another_persons_mailbox_gave_is_a_stop():
    recorded(together(late("bo"), reaches("bo", "bo-email")), at=NOW)
    Address.objects.create(
        address_id="bo-email", channel="email", value="bo@example.org", index=blind("bo@example.org")
    )
    take_mail(mail("STOP", message_id="<1@localhost>"), at=NOW)

    take_mail(mail("STOP", message_id="<1@localhost>", sender="bo@example.org", to_ours=False), at=NOW)

    assert {it.person_id for it in FACTS["consents"].objects.all()} == {"asha", "bo"}


def test_a_mail_that_was_kept_by_its_bare_name_and_comes_again_is_one_answer():
    take_mail(mail("I have paid"), at=NOW)
    Answer.objects.update(outside_id="<m1@example.org>")

    take_mail(mail("I have paid"), at=NOW)

    assert Answer.objects.count() == 1


def test_a_mail_that_nobody_can_read_is_kept_whole_for_a_person():
    boxes = (
        f"Content-Type: multipart/mixed; boundary=b{it}\r\n\r\n--b{it}\r\n".encode() for it in range(3_000)
    )
    raw = b"From: asha@example.org\r\n" + b"".join(boxes) + b"Content-Type: text/plain\r\n\r\nSTOP\r\n"

    assert take_mail(raw, at=NOW) == "unplaced"

    kept = Unplaced.objects.get()
    assert (kept.sender, kept.text) == ("asha@example.org", set_aside(raw))


def test_of_a_mail_without_end_what_was_read_counts_and_a_person_reads_the_rest():
    raw = mail("STOP\n" + "I lost my job. " * 10_000)

    assert take_mail(raw, at=NOW) == "unplaced"

    assert FACTS["consents"].objects.get().channel == "email"
    assert set_aside(raw) in Unplaced.objects.get().text


def test_half_a_letter_in_a_mail_keeps_nothing_from_being_read():
    raw = b'From: asha@example.org\r\nSubject: =?utf-7?q?+2D0-?=\r\nContent-Type: text/plain; charset="utf-7"\r\n\r\nSTOP +2D0-'

    assert take_mail(raw, at=NOW) == "reply"

    assert Answer.objects.get().text == "\ufffd\nSTOP \ufffd"
