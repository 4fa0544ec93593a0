"""The pages of corrections: seen first, asked, agreed, followed up."""

from datetime import timedelta

import pytest

from tests.people import AT, DAY, fresh_payments, held, late
from tests.recording import recorded
from tests.staff import member, signed_in
from tests.web.scene import NOW, a_message
from tideover.delivery.models import Correction, Message
from tideover.strategy.releases import ensure_shipped
from tideover.support.jobs import open_cases
from tideover.support.models import Case

pytestmark = pytest.mark.django_db
WHAT = {"purpose": "due_soon", "since": "2026-11-20", "until": "2026-11-25"}
ASKED = {**WHAT, "says": "The amount was that of another month."}


def shown(client, address, what=None):
    return client.get(address, what or {}).content.decode()


@pytest.fixture
def wrong():
    """Two people got it, one of them may not be written to; a third is still to get it."""
    recorded(
        late("mary"),
        late("joan"),
        late("helen"),
        held("joan", "bereavement"),
        fresh_payments(AT + 3 * DAY),
        at=NOW,
    )
    ensure_shipped(at=NOW)
    body = '{"subject": "About Friday", "text": "Your payment of nine million is due."}'
    for person, state in (("mary", "accepted"), ("joan", "unknown"), ("helen", "queued")):
        at = NOW - timedelta(days=1)
        ended = None if state == "queued" else at
        a_message(
            person, purpose="due_soon", state=state, send_at=at, ended_at=ended, body=body if ended else None
        )


def test_whom_it_reached_is_seen_before_anybody_asks(client, wrong):
    page = shown(signed_in(client, member("lead", "north")), "/desk/corrections/new", WHAT)

    assert "<b>2 people</b> got it" in page
    assert "1 such message still waits to leave" in page
    assert "nine million" in page
    assert "Something we told you was wrong" in page
    assert Correction.objects.count() == 0


def test_who_sees_no_people_sees_no_message_of_theirs(client, wrong):
    page = shown(signed_in(client, member("strategist")), "/desk/corrections/new", WHAT)

    assert "<b>2 people</b> got it" in page
    assert "nine million" not in page


def test_one_asks_another_agrees_and_the_list_says_how_far_it_is(client, wrong):
    lead, compliance = member("lead", "north"), member("compliance", "north")
    asked = signed_in(client, lead).post("/desk/corrections/new", ASKED, follow=True).content.decode()
    assert "Somebody else who may has to agree" in asked
    made = Correction.objects.get()
    refused = client.post(f"/desk/corrections/{made.pk}/agree", follow=True).content.decode()
    assert "Somebody else has to agree" in refused
    assert Message.objects.filter(purpose="correction").count() == 0

    page = (
        signed_in(client, compliance).post(f"/desk/corrections/{made.pk}/agree", follow=True).content.decode()
    )

    assert "Agreed by" in page
    assert "A death was told; everything rests." in page
    listed = shown(client, "/desk/corrections/")
    assert "The amount was that of another month." in listed
    assert '<td class="number"><span class="only-stacked">For a person: </span>1</td>' in listed
    assert '<td class="number"><span class="only-stacked">Wait: </span>1</td>' in listed


def test_the_case_of_whoever_cannot_be_told_says_why(client, wrong):
    lead = member("lead", "north")
    signed_in(client, lead).post("/desk/corrections/new", ASKED)
    made = Correction.objects.get()
    signed_in(client, member("approver")).post(f"/desk/corrections/{made.pk}/agree")
    open_cases(at=NOW)
    Case.objects.update(branch="north")

    page = shown(signed_in(client, lead), f"/desk/cases/{Case.objects.get().pk}/")

    assert "no message could put it right" in page
    assert "A death was told; everything rests." in page


def test_people_of_other_branches_are_counted_and_not_named(client, wrong):
    signed_in(client, member("lead", "north")).post("/desk/corrections/new", ASKED)
    made = Correction.objects.get()
    signed_in(client, member("approver")).post(f"/desk/corrections/{made.pk}/agree")

    page = shown(signed_in(client, member("lead", "south", name="south")), f"/desk/corrections/{made.pk}/")

    assert "joan" not in page
    assert "are of other branches" in page


def test_an_agent_has_no_such_pages_and_looking_asks_nothing(client, wrong):
    agent = signed_in(client, member("agent", "north"))
    for address in ("/desk/corrections/", "/desk/corrections/new"):
        assert agent.get(address).status_code == 403
    assert agent.post("/desk/corrections/new", ASKED).status_code == 403
    lead = signed_in(client, member("lead", "north"))
    assert "not a day" in shown(lead, "/desk/corrections/new", {**WHAT, "since": "soon"})
    assert "Say from when to when" in shown(lead, "/desk/corrections/new", {"purpose": "due_soon"})
    assert Correction.objects.count() == 0


def test_the_list_asks_as_little_of_many_as_of_few(client, wrong, django_assert_num_queries):
    lead = signed_in(client, member("lead", "north"))
    lead.post("/desk/corrections/new", ASKED)
    lead.get("/desk/corrections/")
    with django_assert_num_queries(6):
        lead.get("/desk/corrections/")

    for _ in range(5):
        lead.post("/desk/corrections/new", ASKED)
    with django_assert_num_queries(6):
        lead.get("/desk/corrections/")
