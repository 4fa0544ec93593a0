"""What rests because somebody told us something ends when a person of ours says so, and not by itself."""

from datetime import timedelta

import pytest

from tests.recording import NOW
from tests.staff import member, outsider, signed_in
from tests.support.voice.scene import a_customer, holds_of
from tideover.access.allowed import NotAllowed
from tideover.access.models import AuditRow
from tideover.book.models import FACTS
from tideover.book.surrogates import surrogate_of
from tideover.delivery.answers import receive
from tideover.strategy.gate import consider
from tideover.strategy.runs import run_nightly
from tideover.support.actions import close
from tideover.support.jobs import open_cases
from tideover.support.models import Case
from tideover.support.resting import NotHere, NothingRests, may_go_on, rests_for
from tideover.support.voice.complaining import complain

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=5)
LATER = NOW + timedelta(minutes=10)


def told(text="", kind=""):
    """A case from what mary wrote or pressed."""
    a_customer()
    receive(person_id="mary", channel="app", text=text, kind=kind, at=NOW, outside_id=f"{text}{kind}")
    open_cases(at=NOW)
    return Case.objects.filter(person_id="mary").order_by("pk").first()


def ended():
    rows = FACTS["holds"].objects.filter(person_id="mary").order_by("recorded_at", "id")
    return {it.hold_id: it.until_at for it in rows}


def closed(case, rest, by=None):
    return close(case=case, outcome="solved", words="", by=by or member("lead", "north"), at=SOON, rest=rest)


@pytest.mark.parametrize(
    ("kind", "hold"), [("wrong_amount", "dispute"), ("not_me", "wrong_number"), ("death", "bereavement")]
)
def test_whoever_closes_the_case_says_whether_it_goes_on_or_ends(kind, hold):
    case = told(kind=kind)
    assert holds_of("mary") == [hold]

    closed(case, "ends")

    assert set(ended().values()) == {SOON}
    assert rests_for(case, LATER) == []
    row = AuditRow.objects.get(action="hold_lifted")
    assert (row.about, row.detail["kind"]) == (surrogate_of("mary"), hold)


def test_without_a_word_about_it_it_goes_on_resting():
    case = told(kind="wrong_amount")

    close(case=case, outcome="solved", words="", by=member("lead", "north"), at=SOON)

    assert set(ended().values()) == {None}
    assert AuditRow.objects.get(action="case_closed").detail["rest"] == "goes_on"


def test_who_may_not_end_holds_closes_the_case_and_leaves_the_rest_to_a_lead():
    case, agent = told(kind="wrong_amount"), member("agent", "north")

    with pytest.raises(NotAllowed):
        closed(case, "ends", by=agent)
    closed(case, "goes_on", by=agent)
    may_go_on(case=case, by=member("lead", "north"), at=SOON)

    assert rests_for(case, LATER) == []


@pytest.mark.parametrize(("kind", "hold"), [("death", "bereavement"), ("wrong_amount", "dispute")])
def test_what_is_for_leads_to_end_compliance_does_not(kind, hold):
    case = told(kind=kind)

    with pytest.raises(NotAllowed, match="for lead to end"):
        may_go_on(case=case, by=member("compliance", "north"), at=SOON)
    assert [it.kind for it in rests_for(case, LATER)] == [hold]

    may_go_on(case=case, by=member("lead", "north"), at=SOON)
    assert rests_for(case, LATER) == []


def test_of_a_death_and_a_danger_told_together_compliance_ends_the_danger_alone():
    case = told("my husband died and I want to end my life")
    assert {it.kind for it in rests_for(case, SOON)} == {"danger", "bereavement"}

    assert may_go_on(case=case, by=member("compliance", "north"), at=SOON) == 1

    assert [it.kind for it in rests_for(case, LATER)] == ["bereavement"]


def test_an_outsider_ends_nothing():
    case = told(kind="wrong_amount")

    with pytest.raises(NotHere):
        may_go_on(case=case, by=member("lead", "south", name="away"), at=SOON)
    assert set(ended().values()) == {None}


def test_another_case_of_hers_ends_nothing_of_this_one():
    first = told(kind="wrong_amount")
    receive(person_id="mary", channel="app", kind="death", at=SOON, outside_id="second")
    open_cases(at=SOON)

    lead = member("lead", "north")
    closed(first, "ends", by=lead)

    assert [it.kind for it in rests_for(Case.objects.get(kind="death"), LATER)] == ["bereavement"]
    with pytest.raises(NothingRests):
        may_go_on(case=first, by=lead, at=LATER)


def test_after_a_danger_she_is_written_to_again_only_when_a_person_says_so():
    case = told("I want to end my life")
    assert case.kind == "danger"

    seen = consider(person_id="mary", occasion="gentle_reminder", subject="mary-loan-1", at=SOON)
    assert seen.forbidden_by == "hold_danger"
    closed(case, "ends")

    seen = consider(person_id="mary", occasion="gentle_reminder", subject="mary-loan-1", at=LATER)
    assert seen.forbidden_by == ""


def test_what_the_night_would_have_said_to_her_in_danger_is_left_to_a_person(settings, tmp_path):
    settings.DATA = tmp_path
    told("I want to end my life")

    run_nightly(at=SOON)
    open_cases(at=SOON)

    assert Case.objects.get(kind="for_her").person_id == "mary"


def test_danger_in_a_complaint_stops_it_too_and_ends_with_its_case():
    a_customer()

    complain(person_id="mary", said="I want to end my life", at=NOW, once="one")
    closed(Case.objects.get(kind="danger"), "ends")

    assert [it.kind for it in FACTS["holds"].objects.filter(until_at=SOON)] == ["danger"]


class TestAtTheDesk:
    def test_the_page_offers_it_to_whoever_may_and_tells_others_whose_it_is(self, client):
        case = told(kind="death")
        compliance = signed_in(client, member("compliance", "north"))

        page = compliance.get(f"/desk/cases/{case.pk}/").content.decode()
        assert "It was a mistake</button>" not in page
        assert "What rests because of this is for lead to end." in page
        compliance.post(f"/desk/cases/{case.pk}/go-on")
        assert [it.kind for it in rests_for(case, LATER)] == ["bereavement"]

    def test_my_phone_died_is_put_right_where_it_is_read(self, client):
        case = told("my husband died last week")
        lead = signed_in(client, member("lead", "north"))

        page = lead.get(f"/desk/cases/{case.pk}/").content.decode()
        assert "It was a mistake</button>" in page
        page = lead.post(f"/desk/cases/{case.pk}/go-on", follow=True).content.decode()

        assert "goes on as before" in page
        assert "It was a mistake</button>" not in page

    def test_the_choice_stands_beside_closing_and_by_default_it_goes_on(self, client):
        case = told(kind="wrong_amount")
        lead = signed_in(client, member("lead", "north"))

        page = lead.get(f"/desk/cases/{case.pk}/").content.decode()
        assert page.index("It goes on resting") < page.index("It ends, and all goes on as before")
        lead.post(f"/desk/cases/{case.pk}/close", {"outcome": "solved", "rest": "ends"})

        assert None not in ended().values()

    def test_an_agent_is_not_offered_it_and_an_outsider_sees_nothing(self, client):
        case = told(kind="wrong_amount")

        agent = signed_in(client, member("agent", "north"))
        assert "It goes on resting" not in agent.get(f"/desk/cases/{case.pk}/").content.decode()
        assert agent.post(f"/desk/cases/{case.pk}/go-on").status_code == 403
        assert signed_in(client, outsider()).post(f"/desk/cases/{case.pk}/go-on").status_code in (403, 404)
