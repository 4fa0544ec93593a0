"""What takes two, in a browser: a stop is lifted, a correction goes out; and a reply is written, looked at and sent."""

import json
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.looking import looked_at
from tests.journeys.test_pages import come_in
from tests.people import AT, DAY, fresh_payments, held, late
from tests.recording import recorded
from tests.staff import member
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tests.web.scene import NOW, a_case, a_message, a_night
from tideover.book.models import Person
from tideover.delivery.answers import receive
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.stops import stopped

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = ("light", "dark")


def test_a_stop_is_pressed_asked_about_and_lifted_by_a_second_person(page, live_server, client):
    come_in(page, client, live_server, member("lead", "north", name="asha"))
    page.goto(f"{live_server.url}/desk/stop/")
    page.get_by_role("button", name="Stop everything").click()
    page.get_by_role("heading", name="Everything is stopped").wait_for()
    page.get_by_role("button", name="Ask to let it go on").click()
    page.get_by_text("Somebody else has to agree.").wait_for()
    expect(page.get_by_role("button", name="Agree, let it go on")).to_have_count(0)
    looked_at(page, "stop-asked", schemes=BOTH)

    come_in(page, client, live_server, member("approver", name="elina"))
    page.goto(f"{live_server.url}/desk/stop/")
    page.get_by_text("Asha asked on Wednesday 25 November 2026 10:00 UTC").wait_for()
    looked_at(page, "stop-to-agree", schemes=BOTH)
    page.get_by_role("button", name="Agree, let it go on").click()
    page.get_by_role("heading", name="Everything may leave").wait_for()

    assert stopped() == frozenset()


def test_a_press_by_mistake_is_taken_back_in_one_more(page, live_server, client):
    come_in(page, client, live_server, member("strategist"))
    page.goto(f"{live_server.url}/desk/stop/")
    page.get_by_role("button", name="Stop everything").click()

    page.get_by_role("button", name="I pressed it by mistake").click()
    page.get_by_role("heading", name="Everything may leave").wait_for()

    assert stopped() == frozenset()


def test_a_reply_is_begun_from_a_text_looked_at_and_sent(page, live_server, client):
    a_night()
    agent = member("agent", "north", name="asha")
    receive(person_id="mary", channel="email", text="When can I pay?", at=NOW, outside_id="q")
    case = a_case("mary", kind="question", said="When can I pay?", subject="mary-loan-1")
    come_in(page, client, live_server, agent)

    page.goto(f"{live_server.url}/desk/cases/{case.pk}/")
    looked_at(page, "case-to-answer", schemes=BOTH)
    page.get_by_role("link", name="Find a way together").click()
    words = page.get_by_label("Your words")
    expect(words).to_have_value(re.compile(r"^Thank you for telling us\."))
    words.fill("You can pay on Friday, in any shop. Never send 4539 1488 0343 6467.")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("heading", name="What the person would read").wait_for()
    expect(page.get_by_text("A card number was covered.")).to_be_visible()
    looked_at(page, "case-draft", schemes=BOTH)
    assert Decision.objects.filter(purpose="reply").count() == 0

    page.get_by_role("button", name="Send it").click()
    page.get_by_text("It leaves by email").wait_for()
    take(at=NOW)
    page.reload()
    thread = page.get_by_role("list", name="Between us").get_by_role("listitem")
    ours = thread.filter(has_text="You can pay on Friday, in any shop.").inner_text()

    assert "We, Wed 25 Nov 2026" in ours
    assert "6467" in ours
    assert "4539" not in page.content()
    looked_at(page, "case-answered")


def test_a_reply_that_a_hold_forbids_is_not_offered_to_be_sent(page, live_server, client):
    recorded(late("mary"), held("mary", "bereavement"), fresh_payments(AT + 3 * DAY), at=NOW)
    ensure_shipped(at=NOW)
    case = a_case("mary", kind="death", said="My husband has died.")
    come_in(page, client, live_server, member("agent", "north"))

    page.goto(f"{live_server.url}/desk/cases/{case.pk}/")
    page.get_by_label("Your words").fill("We are very sorry.")
    page.get_by_role("button", name="Look at it").click()

    page.get_by_text("A death was told; everything rests.").wait_for()
    expect(page.get_by_role("button", name="Send it")).to_have_count(0)
    looked_at(page, "case-forbidden", schemes=BOTH)


def test_a_wrong_message_is_put_right_with_those_who_got_it(page, live_server, client):
    recorded(late("mary"), late("joan"), held("joan", "bereavement"), fresh_payments(AT + 3 * DAY), at=NOW)
    Person.objects.filter(pk="joan").update(name="Joan Price")
    ensure_shipped(at=NOW)
    at, body = (
        NOW - timedelta(days=1),
        json.dumps({"subject": "Friday", "text": "Your payment of £900 is due."}),
    )
    for person in ("mary", "joan"):
        a_message(person, purpose="due_soon", state="accepted", send_at=at, ended_at=at, body=body)
    come_in(page, client, live_server, member("lead", "north", name="asha"))

    page.goto(f"{live_server.url}/desk/corrections/")
    looked_at(page, "corrections-empty")
    page.get_by_role("link", name="Something we sent was wrong").click()
    page.get_by_label("What they were for").select_option("due_soon")
    page.get_by_label("From").fill("2026-11-24")
    page.get_by_label("To, that day included").fill("2026-11-24")
    page.get_by_role("button", name="Show whom it reached").click()
    page.get_by_text("2 people got it").wait_for()
    looked_at(page, "correction-seen", schemes=BOTH)
    page.get_by_label("What was wrong, in a sentence").fill("The amount was wrong.")
    page.get_by_role("button", name="Ask for the correction").click()
    page.get_by_text("waits for a second person").wait_for()

    come_in(page, client, live_server, member("lead", "north", name="elina"))
    page.reload()
    page.get_by_role("button", name="Agree, put it right").click()
    page.get_by_text("Joan Price").wait_for()
    looked_at(page, "correction-decided", schemes=BOTH)
    page.goto(f"{live_server.url}/desk/corrections/")
    looked_at(page, "corrections", schemes=BOTH)
    take(at=NOW)

    assert [it.person_id for it in Message.objects.filter(purpose="correction")] == ["mary"]
