"""A person, one step away from every page: in writing, or by a call when it suits her."""

from datetime import timedelta

import pytest

from tests.people import held
from tests.portal import NOW, signed_in_as
from tests.recording import recorded
from tests.staff import member
from tests.support.voice.scene import a_customer
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tideover.book.models import FACTS
from tideover.delivery import taking
from tideover.engine.message import LANGUAGES
from tideover.support.jobs import open_cases
from tideover.support.models import Case
from tideover.support.opening import NOBODY
from tideover.support.replying import reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def her(client):
    a_customer()
    return signed_in_as(client, "mary")


def shown(client, address):
    return client.get(address).content.decode()


@pytest.mark.parametrize("address", ["/me/talk/", "/me/talk/write/", "/me/talk/call/"])
def test_it_is_open_to_everybody_and_says_the_number_and_what_else_can_be_done(client, address):
    page = client.get(address)

    assert page.status_code == 200
    assert "+44" in page.content.decode()


def test_what_she_writes_is_with_a_person_at_once_with_the_page_she_came_from(her):
    her.get("/me/talk/write/", headers={"referer": "https://testserver/me/pay/?x=1"})
    told = {"text": "How do I pay?", "once": "one-page", "page": "/me/pay/"}
    for _ in range(2):
        page = her.post("/me/talk/write/", told, follow=True).content.decode()
    open_cases(at=NOW)

    case = Case.objects.get()
    assert (case.kind, case.person_id) == ("question", "mary")
    assert case.said == "How do I pay?\n\n/me/pay/"
    assert "How do I pay?" in page.split("What we wrote to each other")[1]


def test_the_page_she_came_from_is_kept_through_the_form(her):
    page = her.get("/me/talk/write/", headers={"referer": "https://testserver/me/pay/?x=1"}).content.decode()

    assert 'name="page" value="/me/pay/"' in page


def test_words_of_danger_are_danger(her):
    her.post("/me/talk/write/", {"text": "I want to die", "once": "one-page"})

    assert Case.objects.get().kind == "danger"


def test_the_answer_of_a_person_stands_below_what_she_wrote(her):
    her.post("/me/talk/write/", {"text": "How do I pay?", "once": "one-page"})
    reply(
        case=Case.objects.get(),
        text="In any shop.",
        key="k",
        by=member("agent", "north"),
        at=NOW + timedelta(minutes=1),
    )
    taking.take(at=NOW + timedelta(minutes=1))

    assert "In any shop." in shown(her, "/me/talk/write/")


def test_another_reads_nothing_of_it(client, her):
    her.post("/me/talk/write/", {"text": "How do I pay?", "once": "one-page"})

    signed_in_as(client, "far")

    assert "How do I pay?" not in shown(client, "/me/talk/write/")


def test_a_stranger_says_how_to_be_reached_and_is_taken_for_nobody(client):
    a_customer()
    empty = client.post(
        "/me/talk/write/", {"text": "Hello", "name": "Mary Price", "reach": "", "once": "one-page"}
    )
    client.post(
        "/me/talk/write/",
        {"text": "Hello", "name": "Mary Price", "reach": "mary@example.org", "once": "one-page"},
    )

    assert empty.status_code == 422
    assert "Hello</textarea>" in empty.content.decode()
    assert Case.objects.get().person_id == NOBODY


def test_she_chooses_when_she_is_called(her):
    told = {"on": "2026-11-26", "part": "morning", "number": "", "once": "one-page"}
    for _ in range(2):
        page = her.post("/me/talk/call/", told, follow=True).content.decode()

    case = Case.objects.get()
    assert (case.kind, case.due_on.isoformat()) == ("call_back", "2026-11-26")
    assert "09:00-12:00 (Europe/London)" in case.said
    assert "on Thursday 26 November" in page
    assert FACTS["conversations"].objects.get(person_id="mary").outcome == "call_back"


@pytest.mark.parametrize(
    "about", [{"on": "2026-11-24"}, {"on": "2027-11-24"}, {"on": ""}, {"part": "night"}, {"on": "x"}]
)
def test_a_time_that_is_over_or_unknown_is_said(her, about):
    page = her.post("/me/talk/call/", {"on": "2026-11-26", "part": "morning", "once": "one-page", **about})

    assert page.status_code == 422
    assert "choose another one" in page.content.decode()
    assert Case.objects.count() == 0


def test_nobody_is_called_whom_a_hold_protects(her):
    recorded(held("mary", "bereavement"), at=NOW)

    page = her.post("/me/talk/call/", {"on": "2026-11-26", "part": "morning", "once": "one-page"})

    assert page.status_code == 422


def test_a_stranger_is_called_at_the_number_they_leave(client):
    told = {"on": "2026-11-26", "part": "morning", "number": "", "once": "one-page"}

    assert client.post("/me/talk/call/", told).status_code == 422
    assert client.post("/me/talk/call/", {**told, "number": "+44 20 7946 0001"}).status_code == 302
    assert Case.objects.get().kind == "call_back"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_there_in_every_language(client, language):
    client.cookies["language"] = language

    for address in ("/me/talk/", "/me/talk/write/", "/me/talk/call/"):
        assert f'lang="{language}"' in shown(client, address)
