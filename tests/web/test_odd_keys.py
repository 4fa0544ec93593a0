"""Keys are another system's: whatever stands in one, its person, loan and cases have pages, and she can be heard."""

import re
from html import unescape
from urllib.parse import quote

import pytest

from tests.people import TODAY, loan, reachable, schedule, someone, together
from tests.portal import signed_in_as
from tests.recording import recorded
from tests.staff import member, signed_in
from tests.web.api import system
from tests.web.scene import a_case, an_application, clock_at
from tideover.book.models import FACTS

pytestmark = pytest.mark.django_db
KEYS = (
    "MFI/0012",
    "a//b",
    "/",
    ".",
    "..",
    "50%",
    "a%2Fb",
    "a?b#c",
    "a b",
    "\u0985\u09b8\u09be",
    "a\\b",
    "a;b=c&d",
    "x/holds/y",
)


@pytest.fixture(autouse=True)
def at_the_time(settings, tmp_path):
    settings.DATA = tmp_path
    clock_at(settings, tmp_path)


def links(page, within):
    """Where a page leads, as browsers read it."""
    return {
        unescape(it)
        for it in re.findall(r'(?:href|action)="([^"#?]+)', page.content.decode())
        if within in it
    }


@pytest.mark.parametrize("key", KEYS)
def test_staff_come_from_every_list_to_the_person_and_on(client, key):
    an_application(key)
    case = a_case(key)
    signed_in(client, member("lead", "north"))

    queue = client.get("/desk/queue/")
    assert (queue.status_code, client.get("/desk/applications/").status_code) == (200, 200)
    case_page = client.get(f"/desk/cases/{case.pk}/")
    (hers,) = {it for it in links(case_page, "/desk/people/") if re.fullmatch("/desk/people/[^/]+/", it)}
    page = client.get(hers)

    assert (page.status_code, page.context["person"].pk) == (200, key)
    assert client.post("/desk/people/", {"q": key}).headers["Location"] == hers
    for it in links(page, hers):
        assert client.get(it).status_code in (200, 405), it


@pytest.mark.parametrize("key", KEYS)
def test_she_sees_her_loan(client, key):
    hers = {
        **together(someone("joan"), reachable("joan")), "loans": [{**loan("joan")["loans"][0], "loan_id": key}],
        "instalments": [{**it, "loan_id": key} for it in schedule("joan", [TODAY + 1, TODAY + 31])["instalments"]],
    }  # fmt: skip
    recorded(hers)
    signed_in_as(client, "joan")

    home = client.get("/me/")
    ways = {it for it in links(home, "/me/loans/") | links(home, "/me/pay/") if it != "/me/pay/"}

    assert home.status_code == 200
    assert {client.get(it, follow=True).status_code for it in ways} == {200}
    assert any("/loans/" in it for it in ways)


@pytest.mark.parametrize("key", KEYS)
def test_a_system_says_that_she_stops_and_lifts_a_hold(client, key):
    recorded(someone(key))
    bank, path = system(client, "north", roles=["agent"]), f"people/{quote(key, safe='')}"

    assert bank.post(f"{path}/opt-outs", {}).status_code == 201
    assert FACTS["consents"].objects.get().person_id == key
    hold = bank.post(f"{path}/holds", {"kind": "hardship"}).json()["hold_id"]
    assert bank.post(f"{path}/holds/{hold}/lift", {"as_role": "agent"}).status_code == 200
    assert bank.get(f"{path}/messages").status_code == 200
