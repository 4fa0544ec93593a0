"""Complaints and deaths at the desk: answered with reasons, seen to by whoever looks after her, and by nobody else."""

import pytest

from tests.recording import NOW
from tests.staff import member, outsider, signed_in
from tests.support.voice.scene import a_customer, holds_of
from tests.web.scene import a_case
from tideover.strategy.models import Decision
from tideover.support.models import Case
from tideover.support.voice.complaining import complain
from tideover.support.voice.deaths import tell_death

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint():
    a_customer()
    return complain(person_id="mary", said="You called my mother.", about="contact", at=NOW, once="one")


def told(reference):
    return tell_death(
        who="Mary Price", reference=reference, her_address="", told_by="Tom", reach="tom@example.org", at=NOW, once="one"
    )  # fmt: skip


def test_the_case_shows_the_clock_with_its_article_and_is_answered_there(client, complaint):
    agent = signed_in(client, member("agent", "north"))
    address = f"/desk/cases/{complaint.case_id}"

    page = agent.get(f"{address}/").content.decode()
    assert "Wednesday 20 January 2027" in page
    assert "DISP 1.6.1R" in page
    agent.post(
        f"{address}/answer-complaint",
        {"decided": "upheld", "words": "We were wrong.", "redress": "", "key": "k"},
    )

    complaint.refresh_from_db()
    assert (complaint.state, complaint.case.state) == ("answered", "closed")
    assert Decision.objects.filter(purpose="reply").exists()


def test_a_case_is_not_closed_while_she_waits_for_an_answer(client, complaint):
    agent = signed_in(client, member("agent", "north"))

    page = agent.post(
        f"/desk/cases/{complaint.case_id}/close", {"outcome": "solved"}, follow=True
    ).content.decode()

    assert "She waits for an answer with its reasons." in page
    assert Case.objects.get(pk=complaint.case_id).state == "open"


def test_an_outsider_sees_and_answers_nothing(client, complaint):
    them = signed_in(client, outsider())
    address = f"/desk/cases/{complaint.case_id}"

    assert them.get(f"{address}/").status_code == 404
    assert them.post(f"{address}/answer-complaint", {"decided": "upheld", "words": "x"}).status_code == 404
    assert them.post(f"{address}/death/found", {"person": "mary"}).status_code == 404


@pytest.mark.parametrize(
    ("kind", "asks"), [("call_back", True), ("death", False), ("danger", False), ("complaint", False)]
)
def test_nobody_is_led_to_ask_for_money_beside_a_death_a_danger_or_a_dispute(client, kind, asks):
    a_customer()
    case = a_case("mary", kind=kind)

    page = signed_in(client, member("agent", "north")).get(f"/desk/cases/{case.pk}/").content.decode()

    assert ("Send the pay page" in page) == asks
    assert ("promises and plans" in page) == asks


def test_whoever_sees_every_branch_says_who_has_died_and_the_letter_goes_by_a_press(client):
    a_customer()
    case = told("unknown").case_id
    lead = signed_in(client, member("lead", every_branch=True))

    assert "Somebody we have yet to find" in lead.get(f"/desk/cases/{case}/").content.decode()
    assert lead.get("/desk/queue/").status_code == 200
    lead.post(f"/desk/cases/{case}/death/found", {"person": "mary"})
    assert holds_of("mary") == ["bereavement"]
    assert not Decision.objects.exists()
    lead.post(f"/desk/cases/{case}/death/condole")
    lead.post(f"/desk/cases/{case}/death/condole")

    assert Decision.objects.get().purpose == "condolence"


def test_a_mistake_is_put_right_there(client):
    a_customer()
    case = told("mary-loan-1").case_id
    lead = signed_in(client, member("lead", "north"))

    page = lead.post(f"/desk/cases/{case}/death/mistaken", follow=True).content.decode()

    assert "goes on as before" in page
    assert lead.post(f"/desk/cases/{case}/death/nothing").status_code == 404
