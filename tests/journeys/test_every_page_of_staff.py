"""Every page of the desk, found by its links, with work of every kind on it: narrow and wide, by day and by night."""

import os
from datetime import date, timedelta

import pytest

from tests.journeys.crawling import DESK, Look, crawled
from tests.journeys.test_pages import come_in
from tests.repayment.statements.banks import Move, written
from tests.staff import member
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tests.web.scene import NOW, a_case, a_decision, a_message, a_night, an_application
from tideover.delivery.privacy.agreeing import ask_to_erase
from tideover.repayment.statements.taking import take_statement
from tideover.strategy.stops import press
from tideover.support.voice.complaining import complain
from tideover.support.voice.deaths import tell_death

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLE = [Look("en", 320, True, "dark")]
LOOKS = [*SAMPLE, Look("en", 1280, True)] if os.environ.get("TIDEOVER_EVERY") else SAMPLE
START = ("/desk/",)


def money_of_nobody(folder):
    path = folder / "november.xml"
    moves = [
        Move(date(2026, 11, 20), 4_200, "for the car", "Mary Price", "GB33BUKB20201555555555"),
        Move(date(2026, 11, 21), 100, "?", "Nobody we know", "GB33BUKB20201555555555"),
    ]
    path.write_bytes(written("camt08", moves))
    take_statement(path, at=NOW)


def a_full_desk(folder):
    """A night, and work of every kind that waits for a person."""
    a_night()
    owed = a_decision("mary", step="us_claim_letter", purpose="claim_letter")
    a_message(
        "mary",
        decision=owed,
        number=9,
        purpose="claim_letter",
        purpose_class="duty",
        state="rejected",
        ended_at=NOW,
    )
    a_case("alice", kind="danger", said="نمی‌توانم ادامه بدهم")
    a_case("mary", said="Please call me in the evening, after six.", due_on=NOW.date() + timedelta(days=1))
    an_application()
    money_of_nobody(folder)
    complain(person_id="mary", said="You called my mother.", about="contact", at=NOW, once="one")
    tell_death(
        who="Somebody",
        reference="unknown",
        her_address="",
        told_by="Tom",
        reach="tom@example.org",
        at=NOW,
        once="two",
    )
    press(scope="channel:sms", by="Asha", at=NOW)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_of_the_desk_is_whole(browser, live_server, client, tmp_path, look):
    a_full_desk(tmp_path)
    context = browser.new_context(java_script_enabled=look.scripts)
    page = context.new_page()
    come_in(page, client, live_server, member("lead", every_branch=True))

    found = crawled(context, live_server.url, look, START, inside=DESK, who="staff")
    context.close()

    assert found.wrong == []
    assert len(found.pages) > 20


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_of_whoever_manages_staff_is_whole(browser, live_server, client, look):
    member("agent", "north", name="a-colleague-of-a-very-long-name")
    member("lead", every_branch=True, is_active=False)
    context = browser.new_context(java_script_enabled=look.scripts)
    page = context.new_page()
    come_in(page, client, live_server, member("admin"))

    found = crawled(context, live_server.url, look, ("/desk/staff/",), inside=DESK, who="admin")
    context.close()

    assert found.wrong == []
    assert len([it for it in found.pages if it.startswith("/desk/staff/")]) >= 4


def test_every_page_of_an_erasure_is_whole(browser, live_server, client):
    a_night()
    compliance = member("compliance", every_branch=True)
    ask_to_erase(person_id="mary", why="she_asked", by=compliance, at=NOW)
    context = browser.new_context()
    page = context.new_page()
    come_in(page, client, live_server, compliance)

    starts = ("/desk/erasures/", "/desk/people/mary/erase", "/desk/people/elina/erase", "/desk/people/")
    found = crawled(
        context, live_server.url, LOOKS[0], starts, most=len(starts), inside=DESK, who="compliance"
    )
    context.close()

    assert found.wrong == []
