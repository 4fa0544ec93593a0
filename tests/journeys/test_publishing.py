"""A strategy is read, compared and approved by a second person in a browser; another takes it back."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.looking import looked_at
from tests.journeys.test_pages import BOTH, come_in
from tests.people import AT, fresh_payments, late, often_late, together
from tests.recording import recorded
from tests.staff import member
from tests.strategy.drafts import a_quiet_one, an_earlier_one
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tests.web.scene import NOW
from tideover.strategy.models import Release
from tideover.strategy.publishing import publish
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.trials import try_what_waits

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = NOW - timedelta(hours=2)


def a_book():
    people = [late(f"late-{n}", days_late=3 + n) for n in range(24)] + [
        often_late(f"often-{n}", days_to_due=n + 2) for n in range(16)
    ]
    recorded(together(*people), fresh_payments(AT + 86_400 * 9), at=BEFORE)


def test_an_approver_reads_what_differs_and_lets_it_begin_and_a_lead_takes_it_back(
    page, live_server, client, tmp_path
):
    approver = member("approver", name="elina")
    come_in(page, client, live_server, approver)
    page.goto(f"{live_server.url}/desk/releases/")
    looked_at(page, "releases-empty")
    ensure_shipped(at=NOW - timedelta(days=30))
    a_book()
    waiting = publish(an_earlier_one(tmp_path), by=member("strategist", name="mary"), at=BEFORE)
    page.goto(f"{live_server.url}/desk/releases/{waiting.pk}/")
    looked_at(page, "release-before-its-trial")
    try_what_waits(by="w", at=NOW)

    page.goto(f"{live_server.url}/desk/")
    page.get_by_role("link", name="Strategy").click()
    looked_at(page, "releases", schemes=BOTH)
    page.get_by_role("link", name="earlier-help").click()
    looked_at(page, "release", schemes=BOTH)
    expect(page.get_by_role("heading", name="What differs from everyday")).to_be_visible()
    expect(page.get_by_text("early_help_days: 9")).to_be_visible()
    page.get_by_role("button", name="Approve earlier-help").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("earlier-help: Decides for 1 % of people")
    looked_at(page, "release-in-its-ramp", schemes=BOTH)
    assert Release.objects.get(pk=waiting.pk).state == "ramping"

    come_in(page, client, live_server, member("lead", "north", name="asha"))
    page.reload()
    page.get_by_text("Take it back", exact=True).click()
    page.get_by_label("Why").fill("Two calls too many")
    page.get_by_role("button", name="Take it back now").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("earlier-help: Taken back")
    expect(page.get_by_text("Two calls too many")).to_be_visible()
    assert Release.objects.get(state="live").name == "everyday"


def test_no_needs_a_reason_before_it_is_said(page, live_server, client, tmp_path):
    ensure_shipped(at=NOW - timedelta(days=30))
    waiting = publish(a_quiet_one(tmp_path), by=member("strategist", name="mary"), at=BEFORE)
    come_in(page, client, live_server, member("approver", name="elina"))
    page.goto(f"{live_server.url}/desk/releases/{waiting.pk}/")
    looked_at(page, "release-of-other-files")

    page.get_by_role("button", name="Refuse").click()
    assert Release.objects.get(pk=waiting.pk).state == "waiting"
    page.get_by_label("Why not").fill("Nobody is reminded of anything.")
    page.get_by_role("button", name="Refuse").click()

    expect(page.get_by_text("Nobody is reminded of anything.")).to_be_visible()
    assert Release.objects.get(pk=waiting.pk).state == "refused"
