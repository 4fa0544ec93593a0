"""The mailbox of a demo: what people get, why, and their side of the talk."""

import pytest

from tests.web.scene import NOW, PEOPLE, a_message, a_night
from tideover.book.models import FACTS
from tideover.delivery.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


def everything():
    """What the database holds that a page could have changed."""
    facts = {name: table.objects.count() for name, table in FACTS.items()}
    return facts, list(Message.objects.order_by("pk").values("state", "because", "body", "fence"))


def test_outside_a_demo_there_is_no_mailbox(client, settings):
    settings.DEMO = False
    message = a_message()

    for address in ("/mailbox/", f"/mailbox/{message.pk}/", f"/mailbox/{message.pk}/mail"):
        assert client.get(address).status_code == 404
    assert client.post(f"/mailbox/{message.pk}/paid", {"amount": "100"}).status_code == 404


def test_the_list_asks_as_little_of_many_messages_as_of_few(client, django_assert_num_queries):
    a_message(number=1)
    with django_assert_num_queries(3):
        client.get("/mailbox/")

    for number in range(2, 60):
        a_message(f"person-{number}", number=number)
    with django_assert_num_queries(3):
        page = client.get("/mailbox/")

    assert page.content.decode().count('class="who"') == 50


def test_the_list_is_narrowed_by_channel_language_and_state(client):
    a_message("joan", channel="sms", state="accepted")
    a_message("sara", channel="email", language="fa")

    for wanted in ("channel=sms", "language=en", "state=accepted", "channel=sms&language=en"):
        shown = client.get(f"/mailbox/?{wanted}").content.decode()
        assert ("joan" in shown, "sara" in shown) == (True, False)
    assert "Nothing is lost" in client.get("/mailbox/?channel=push").content.decode()


@pytest.mark.parametrize("channel", ["email", "sms", "app", "push", "letter", "call", "visit"])
def test_a_message_is_seen_as_its_reader_sees_it_with_why_and_looking_changes_nothing(client, channel):
    a_night()
    Message.objects.update(channel=channel)
    mary, alice = Message.objects.get(person_id="mary"), Message.objects.get(person_id="alice")
    before = everything()

    hers = client.get(f"/mailbox/{mary.pk}/").content.decode()
    persian = client.get(f"/mailbox/{alice.pk}/").content.decode()

    assert everything() == before
    assert "Why this, why now" in hers
    assert "What would change" in hers
    assert mary.code in hers
    assert 'dir="rtl"' in persian
    assert "Nothing to read" not in hers + persian


def test_a_mail_stands_in_a_frame_of_its_own_that_may_do_nothing(client):
    a_night()
    mary = Message.objects.get(person_id="mary")
    Message.objects.filter(pk=mary.pk).update(channel="email")

    mail = client.get(f"/mailbox/{mary.pk}/mail")

    policy = mail.headers["Content-Security-Policy"]
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "unsafe-inline" not in client.get(f"/mailbox/{mary.pk}/").headers["Content-Security-Policy"]
    assert mary.code in mail.content.decode()


def test_an_answer_in_any_words_arrives(client, arrived):
    message = a_message()

    page = client.post(f"/mailbox/{message.pk}/reply", {"text": "please call me"}, follow=True)

    assert arrived == [("joan", None, "please call me")]
    assert "please call me" in page.content.decode()


def test_whoever_has_paid_is_left_in_peace_by_the_next_decision(client):
    a_night()
    message = Message.objects.get(person_id="mary")
    before = client.post(f"/mailbox/{message.pk}/again").content.decode()

    said = client.post(f"/mailbox/{message.pk}/paid", {"amount": "100.00"}, follow=True).content.decode()
    after = client.post(f"/mailbox/{message.pk}/again").content.decode()

    assert "The payment is in the book" in said
    assert (FACTS["payments"].objects.count(), before == after) == (1, False)
    paid = (
        FACTS["instalments"]
        .objects.filter(loan_id="mary-loan-1", number=6)
        .order_by("-recorded_at", "-id")[0]
    )
    assert (paid.paid, paid.settled_on) == (10_000, NOW.date())


@pytest.mark.parametrize("amount", ["", "0", "-5", "a lot", "1e3"])
def test_an_amount_that_is_none_is_answered_with_an_example(client, amount):
    a_night()
    message = Message.objects.get(person_id="mary")

    page = client.post(f"/mailbox/{message.pk}/paid", {"amount": amount}, follow=True)

    assert "such as" in page.content.decode()
    assert FACTS["payments"].objects.count() == 0


def test_everybody_of_the_night_is_there(client):
    a_night()

    shown = client.get("/mailbox/").content.decode()

    assert all(called in shown for *_, called in PEOPLE.values())
