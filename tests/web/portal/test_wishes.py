"""Her wishes hold from the moment she says them; what was sent is explained; her data are hers."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.test import Client

from tests.people import late, outsider, together
from tests.portal import NOW, signed_in_as
from tests.recording import recorded
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tests.web.scene import a_message
from tideover.book.models import FACTS, ConsentText
from tideover.delivery.models import Answer
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.telling import told_now
from tideover.support.jobs import open_cases
from tideover.support.models import Case

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def book(clock):  # noqa: F811
    recorded(together(late("joan"), outsider("far")), at=NOW - timedelta(days=1))
    ensure_shipped(at=NOW - timedelta(days=1))


@pytest.fixture
def hers(client):
    return signed_in_as(client, "joan")


def wished(name):
    return (
        FACTS["preferences"].objects.filter(name=name).order_by("-id").values_list("value", flat=True).first()
    )


def test_a_need_is_turned_on_with_one_press_and_off_with_one(hers):
    hers.post("/me/wishes/switch/no_calls/", {"on": "yes"})
    assert wished("no_calls") == "yes"

    hers.post("/me/wishes/switch/no_calls/", {"on": "no"})

    assert wished("no_calls") == "no"


def test_a_wish_for_a_channel_changes_what_is_decided(hers):
    assert told_now("joan", NOW).text("channel") != "letter"

    hers.post("/me/wishes/channels/", {"chosen": ["letter"]})

    assert told_now("joan", LATER).text("channel") in ("letter", "")
    assert "letter" in hers.get("/me/wishes/").content.decode()


def test_only_what_is_on_the_page_can_be_wished(hers):
    hers.post("/me/wishes/hours/", {"chosen": ["evening", "midnight"]})

    assert wished("hours") == "evening"
    assert hers.post("/me/wishes/switch/anything/", {"on": "yes"}).status_code == 404


def test_agreeing_and_taking_back_are_one_press_each_and_the_words_are_kept(hers):
    hers.post("/me/wishes/kind/offer/", {"on": "yes"})
    given = FACTS["consents"].objects.filter(purpose_class="offer").latest("id")
    assert "offers that fit" in ConsentText.objects.get(pk=given.text_hash).text

    hers.post("/me/wishes/kind/offer/", {"on": "no"})

    assert FACTS["consents"].objects.filter(purpose_class="offer").latest("id").withdrawn_at is not None


def test_looking_at_wishes_changes_nothing(hers):
    before = FACTS["preferences"].objects.count()
    for page in ("wishes/", "wishes/channels/", "messages/", "data/"):
        assert hers.get(f"/me/{page}").status_code == 200

    assert FACTS["preferences"].objects.count() == before


def test_what_was_sent_is_shown_to_her_and_to_nobody_else(hers):
    body = json.dumps({"text": "A payment is due on Friday.", "language": "en"})
    sent = a_message("joan", state="accepted", ended_at=NOW, body=body)

    page = f"/me/messages/{sent.pk}/"
    assert "A payment is due on Friday." in hers.get(page).content.decode()
    assert "due on Friday" in hers.get("/me/messages/").content.decode()
    assert signed_in_as(Client(), "far").get(page).status_code == 404


def test_her_data_are_one_file_about_her_alone(hers):
    packed = hers.post("/me/data/download/")

    files = zipfile.ZipFile(io.BytesIO(packed.content))
    assert "your-data.json" in files.namelist()
    assert b"far" not in files.read("your-data.json")
    assert packed.headers["Content-Disposition"] == 'attachment; filename="my-data.zip"'


def test_taking_her_data_asks_once_more_who_she_is(client):
    old = signed_in_as(client, "joan", proven=False)

    back = old.post("/me/data/download/", headers={"Referer": "https://testserver/me/data/"}).headers[
        "Location"
    ]

    assert back == "/me/prove/?next=%2Fme%2Fdata%2F"


@pytest.mark.parametrize("what", ["correct", "delete"])
def test_a_wish_to_correct_or_delete_waits_for_a_person(hers, what):
    hers.post(f"/me/data/{what}/", {"text": "My street is Quay 2", "once": "a"})
    hers.post(f"/me/data/{what}/", {"text": "My street is Quay 2", "once": "a"})
    open_cases(at=NOW)

    assert Case.objects.get().kind == "question"
    assert Answer.objects.get().text.startswith(f"[{what}]")


def test_a_call_or_a_question_waits_for_a_person(hers):
    hers.post("/me/talk/", {"do": "call", "when": "evening", "once": "a"})
    hers.post("/me/talk/", {"do": "write", "text": "What does the fee mean?", "once": "b"})
    open_cases(at=NOW)

    assert sorted(Case.objects.values_list("kind", flat=True)) == ["call_back", "question"]


def test_strangers_read_the_number_and_come_in_for_the_rest(client):
    page = client.get("/me/talk/").content.decode()

    assert "tel:+442079460000" in page
    assert (
        client.post("/me/talk/", {"do": "write", "text": "x"}).headers["Location"].startswith("/me/sign-in/")
    )
    assert Answer.objects.count() == 0
