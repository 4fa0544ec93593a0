"""Links of messages: each opens one thing, shows the minimum, and changes nothing, however often and by whom it is opened."""

import hashlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client

from tests.people import reachable, someone, together
from tests.portal import NOW, signed_in_as
from tests.recording import recorded
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tests.web.scene import a_message
from tideover.book.actions import record
from tideover.delivery.links import BY_MESSAGE, LEADS, one_click, token

pytestmark = pytest.mark.django_db

AGENTS = (
    "Mozilla/5.0 (Linux; Android 14) Mobile", "SafeLinks/1.0 HeadlessChrome", "Barracuda Sentinel", "facebookexternalhit/1.1",
    "Mozilla/5.0 (compatible; bingbot/2.0)",
)  # fmt: skip
"""A phone, three that look at links before people do, and one that collects pages."""


@pytest.fixture
def message():
    book = together(someone("joan"), reachable("joan", "email"))
    book["contact_points"] = [{**it, "address_id": "joan-email"} for it in book["contact_points"]]
    recorded(book, at=NOW - timedelta(days=1))
    return a_message(state="accepted", address_id="joan-email", ended_at=NOW)


def everything():
    """What the database holds, as one number; counters of tries and sessions count too."""
    told = hashlib.sha256()
    for model in apps.get_models(include_auto_created=True):
        told.update(repr((model._meta.label, sorted(map(str, model.objects.values_list())))).encode())
    return told.hexdigest()


@pytest.mark.parametrize("agent", AGENTS)
def test_opening_every_link_ten_times_changes_nothing(message, agent):
    before = everything()

    for does in BY_MESSAGE:
        for _ in range(10):
            for way in ("get", "head"):
                answer = getattr(Client(), way)(f"/a/{token(message, does)}", headers={"User-Agent": agent})
                assert answer.status_code in (200, 302)
    Client().get("/u/" + one_click(message).rpartition("/u/")[2], headers={"User-Agent": agent})

    assert everything() == before


@pytest.mark.parametrize("does", LEADS)
def test_what_a_link_leads_to_asks_first_who_she_is(client, message, does):
    page = client.get(f"/a/{token(message, does)}")

    text = page.content.decode().lower()
    assert "joan" not in text
    assert not any(it in text for it in ("loan", "debt", "£", "overdue"))
    assert (
        does == "talk" or "/me/sign-in/?next=%2Fme%2F" in text or "answer" in text or page.status_code == 200
    )


def test_whoever_is_signed_in_as_its_reader_goes_straight_on(client, message):
    signed_in_as(client, "joan")

    assert client.get(f"/a/{token(message, 'pay')}").headers["Location"] == "/me/pay/"


def test_somebody_else_who_is_signed_in_is_asked_all_the_same(client, message):
    recorded(someone("other"), at=NOW)
    signed_in_as(client, "other")

    assert client.get(f"/a/{token(message, 'pay')}").status_code == 200


@pytest.mark.parametrize("now", [{"state": "wrong_person"}, {"address_id": "another"}, {"until": NOW}])
def test_a_link_to_an_address_that_is_hers_no_more_is_over(client, message, now):
    point = {
        "contact_point_id": "joan-email",
        "person_id": "joan",
        "channel": "email",
        "address_id": "joan-email",
    }
    record("contact_points", [{**point, **now}], source="test", at=NOW)

    assert client.get(f"/a/{token(message, 'pay')}").status_code == 410
    assert client.get(f"/a/{token(message, 'stop')}").status_code == 200
