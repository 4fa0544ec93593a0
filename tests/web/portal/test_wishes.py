"""Her wishes, what she allows, and what we sent her: small pages, one press each, nobody else's."""

import pytest

from tests.portal import NOW, signed_in_as
from tests.support.voice.scene import a_customer
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tests.web.scene import a_message, a_night
from tideover.book.models import FACTS, ConsentText
from tideover.delivery.models import Message
from tideover.engine.message import LANGUAGES
from tideover.support.voice.wishes import KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def her(client):
    a_customer()
    return signed_in_as(client, "mary")


def shown(client, address):
    return client.get(address).content.decode()


def wished(name):
    row = (
        FACTS["preferences"]
        .objects.filter(person_id="mary", name=name)
        .order_by("-recorded_at", "-id")
        .first()
    )
    return row and row.value


@pytest.mark.parametrize(
    "address",
    ["/me/wishes/", "/me/wishes/hours/", "/me/wishes/allow/email/", "/me/messages/", "/me/wishes/language/"],
)
def test_strangers_come_in_first(client, address):
    assert client.get(address).url.startswith("/me/sign-in/")


@pytest.mark.parametrize("name", KINDS)
def test_every_wish_has_a_page_that_changes_nothing_by_being_opened(her, name):
    assert her.get(f"/me/wishes/{name}/").status_code == 200
    assert FACTS["preferences"].objects.count() == 0


def test_a_wish_is_saved_said_and_undone(her):
    page = her.post("/me/wishes/no_calls/", {"value": "yes"}, follow=True).content.decode()

    assert wished("no_calls") == "yes"
    assert "It holds from our next message on." in page
    version = page.split('name="version" value="')[1].split('"')[0]
    undone = her.post("/me/wishes/no_calls/undo/", {"version": version}, follow=True).content.decode()
    her.post("/me/wishes/no_calls/undo/", {"version": version})

    assert wished("no_calls") is None
    assert "It is as it was before." in undone


def test_several_ways_are_one_wish_in_the_words_of_the_engine(her):
    her.post("/me/wishes/channels/", {"value": ["letter", "email"]})

    assert wished("channels") == "email,letter"
    her.post("/me/wishes/channels/", {})
    assert wished("channels") is None


def test_a_wish_that_cannot_be_is_said_on_top_and_nothing_is_kept(her):
    page = her.post("/me/wishes/quiet_days/", {"value": KINDS["quiet_days"].values})

    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert page.content.decode().count("checked") == 7
    assert wished("quiet_days") is None


def test_unknown_wishes_and_channels_are_not_there(her):
    assert her.get("/me/wishes/nothing/").status_code == 404
    assert her.get("/me/wishes/allow/pigeon/").status_code == 404


def test_her_language_is_that_of_pages_and_of_messages(her):
    page = her.post("/me/wishes/language/", {"value": "lv"}, follow=True).content.decode()

    assert 'lang="lv"' in page
    latest = FACTS["borrowers"].objects.filter(borrower_id="mary").order_by("-recorded_at", "-id").first()
    assert (latest.language, latest.country) == ("lv", "GB")


def test_allowing_and_stopping_take_one_press_each_and_keep_the_words(her):
    address = "/me/wishes/allow/email/"
    text = "Offers that fit you"
    assert text in shown(her, address)

    her.post(address, {"class": "offer", "do": "allow"})
    fact = FACTS["consents"].objects.get(person_id="mary")
    assert text in ConsentText.objects.get(pk=fact.text_hash).text
    her.post(address, {"class": "offer", "do": "stop"})

    latest = FACTS["consents"].objects.order_by("-recorded_at", "-id").first()
    assert latest.withdrawn_at is not None
    assert "Stopped" in shown(her, address)


def test_the_pages_ask_as_often_however_much_there_is(her, django_assert_max_num_queries):
    for number in range(12):
        a_message("mary", number=number, state="accepted", ended_at=NOW)

    with django_assert_max_num_queries(6):
        her.get("/me/messages/")
    with django_assert_max_num_queries(6):
        her.get("/me/wishes/")


def test_messages_show_what_left_and_codes_to_come_in_are_not_among_them(her):
    a_message(
        "mary", state="accepted", ended_at=NOW, body='{"subject": "Your next payment", "text": "Hello Mary"}'
    )
    a_message("mary", number=2, purpose="sign_in_code", state="accepted", body='{"text": "123456"}')
    a_message("mary", number=3, body='{"text": "waits"}')

    page = shown(her, "/me/messages/")

    assert "Your next payment" in page
    assert "123456" not in page
    assert "waits" not in page


def test_each_message_says_why_it_came_or_that_we_will_tell(her):
    message = a_message("mary", state="accepted", ended_at=NOW, body='{"text": "Hello Mary"}')

    assert "Hello Mary" in shown(her, f"/me/messages/{message.pk}/")
    assert "Ask us, and we tell you." in shown(her, f"/me/messages/{message.pk}/why/")


def test_a_message_that_was_decided_says_why_in_her_language(client):
    a_night()
    Message.objects.filter(person_id="asha").update(state="accepted", ended_at=int(NOW.timestamp()))
    message = Message.objects.get(person_id="asha")
    signed_in_as(client, "asha", language="bn")

    page = shown(client, f"/me/messages/{message.pk}/why/")

    assert '<div lang="bn" dir="ltr">' in page
    assert page.count("<h2>") >= 2


def test_messages_of_another_are_not_there(her):
    message = a_message("far", state="accepted", body='{"text": "Hello"}')

    assert her.get(f"/me/messages/{message.pk}/").status_code == 404
    assert her.get(f"/me/messages/{message.pk}/why/").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_there_in_every_language(client, language):
    a_customer()
    signed_in_as(client, "mary", language=language)

    for address in (
        "/me/wishes/",
        "/me/wishes/channels/",
        "/me/wishes/allow/",
        "/me/wishes/allow/sms/",
        "/me/messages/",
    ):
        assert f'lang="{language}"' in shown(client, address)
