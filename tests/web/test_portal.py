"""Behind a link: nothing happens until somebody presses, and little is shown to whoever looks over the shoulder."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.web.scene import NOW, a_message, a_person, clock_at
from tideover.book.actions import record
from tideover.book.models import FACTS
from tideover.book.newest import newest
from tideover.delivery.answers import receive
from tideover.delivery.links import token
from tideover.delivery.models import Answer
from tideover.engine.message import PORTAL_ANSWERS, check_portal_words
from tideover.strategy.releases import ensure_shipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def message():
    a_person()
    return a_message()


@pytest.fixture
def link(message):
    return f"/a/{token(message, 'help')}"


def arrived():
    return list(Answer.objects.values_list("person_id", "kind"))


def withdrawn():
    rows = FACTS["consents"].objects.order_by("recorded_at")
    return [it.withdrawn_at is not None for it in rows]


def test_opening_a_link_changes_nothing(client, link, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = client.get(link)

    assert page.status_code == 200
    assert arrived() == []
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"]
    assert not page.cookies


def test_the_page_shows_no_name_no_amount_and_no_word_of_debt(client, link):
    shown = client.get(link).content.decode().lower()

    assert "joan" not in shown
    assert not any(word in shown for word in ("debt", "loan", "overdue", "£", "arrears"))
    assert "tel:+442079460000" in shown


@pytest.mark.parametrize("kind", PORTAL_ANSWERS)
def test_a_press_is_the_answer_and_two_presses_are_one(client, link, kind):
    first = client.post(link, {"answer": kind, "once": "one-page"}, follow=True)
    client.post(link, {"answer": kind, "once": "one-page"})

    assert arrived() == [("joan", kind)]
    assert "We have it" in first.content.decode()


def test_a_receipt_is_shown_only_where_there_was_an_answer(client, link):
    assert "We have it" not in client.get(f"{link}?done=stop").content.decode()


def test_a_stop_can_be_undone_and_then_said_again(client, link):
    client.post(link, {"answer": "stop", "once": "page-one"})
    page = client.post(link, {"undo": "stop"})
    assert "Undone" in page.content.decode()
    assert withdrawn() == [True, False]

    client.post(link, {"answer": "stop", "once": "page-one"})

    assert withdrawn() == [True, False, True]


def test_undo_of_what_is_undone_changes_nothing(client, link):
    client.post(link, {"answer": "stop", "once": "page-one"})
    for _ in range(2):
        client.post(link, {"undo": "stop"})

    assert withdrawn() == [True, False]


@pytest.mark.parametrize("later", [timedelta(), timedelta(minutes=2)])
def test_a_stop_that_was_said_twice_is_taken_back_once(client, message, link, settings, tmp_path, later):
    for once, at in (("page-one", NOW), ("page-two", NOW + later)):
        clock_at(settings, tmp_path, at)
        client.post(link, {"answer": "stop", "once": once})

    client.post(link, {"undo": "stop"})

    assert newest("consents", person_id="joan")[0].withdrawn_at is None


def test_undo_gives_back_what_was_told_in_the_second_of_the_stop(client, message, link, settings, tmp_path):
    clock_at(settings, tmp_path)
    consent = {"person_id": "joan", "channel": message.channel, "purpose_class": "all", "granted_at": NOW}
    record("consents", [consent], source="core", at=NOW)
    client.post(link, {"answer": "stop", "once": "page-one"})

    client.post(link, {"undo": "stop"})

    assert withdrawn() == [False, True, False]
    assert FACTS["consents"].objects.last().granted_at == NOW


def test_undo_leaves_what_another_stop_of_the_same_second_said(client, message, link, settings, tmp_path):
    clock_at(settings, tmp_path)
    client.post(link, {"answer": "stop", "once": "page-one"})
    receive(person_id="joan", channel="sms", kind="stop", at=NOW, outside_id="by-text")

    client.post(link, {"undo": "stop"})

    newest_of = {it.channel: it.withdrawn_at for it in newest("consents", person_id="joan")}
    assert newest_of == {message.channel: None, "sms": NOW}


def test_a_mail_program_that_stops_again_within_the_minute_of_an_undo_is_obeyed(
    client, message, link, settings, tmp_path
):
    clock_at(settings, tmp_path)
    ensure_shipped(at=NOW)
    one_click = f"/u/{token(message, 'stop')}"

    for _ in range(2):
        client.post(one_click)
        assert newest("consents", person_id="joan")[0].withdrawn_at is not None
        client.post(link, {"undo": "stop"})
        assert newest("consents", person_id="joan")[0].withdrawn_at is None
    client.post(one_click)

    assert newest("consents", person_id="joan")[0].withdrawn_at is not None


def test_undo_without_a_stop_changes_nothing(client, link):
    client.post(link, {"undo": "stop"})

    assert withdrawn() == []


def test_a_mail_program_stops_the_messages_with_one_post_and_no_cookie(message):
    client = Client(enforce_csrf_checks=True)

    done = client.post(f"/u/{token(message, 'stop')}", {"List-Unsubscribe": "One-Click"})

    assert done.status_code == 200
    assert arrived() == [("joan", "stop")]


def test_opening_the_address_to_unsubscribe_asks_first(client, message):
    page = client.get(f"/u/{token(message, 'stop')}")

    assert "Stop these messages" in page.content.decode()
    assert arrived() == []


@pytest.mark.parametrize("address", ["/a/nonsense", "/u/nonsense"])
def test_a_link_that_is_over_says_so_kindly_and_gives_a_number(client, address):
    for page in (client.get(address), client.post(address, {"answer": "stop"})):
        assert page.status_code == 410
        assert "Nothing is lost" in page.content.decode()
        assert "tel:+442079460000" in page.content.decode()
    assert arrived() == []


def test_a_link_ends_after_its_days(client, link, monkeypatch):
    from datetime import timedelta

    monkeypatch.setattr("tideover.delivery.links.LASTS", timedelta(seconds=-1))

    assert client.get(link).status_code == 410


def test_the_page_speaks_her_language_in_its_direction(client):
    shown = client.get(f"/a/{token(a_message(language='fa-IR'), 'stop')}").content.decode()

    assert '<html lang="fa" dir="rtl">' in shown
    assert "این پیام‌ها را نفرستید" in shown


def test_an_answer_that_is_not_on_the_page_is_not_taken(client, link):
    client.post(link, {"answer": "yes_to_everything"})

    assert arrived() == []


def test_the_words_are_whole_kind_and_discreet_in_every_language():
    assert check_portal_words() == []
