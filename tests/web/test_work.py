"""The work queue and the stop button."""

from datetime import timedelta

import pytest

from tests.staff import member, outsider, signed_in
from tests.strategy.drafts import a_draft, a_quiet_one, agree
from tests.web.scene import NOW, a_case, a_decision, a_message, a_person
from tideover.access.models import AuditRow
from tideover.strategy.publishing import publish
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.stops import press, stopped
from tideover.support.models import OUTCOMES, Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    return signed_in(client, member("agent", "north"))


def shown(client, address):
    return client.get(address).content.decode()


def audited():
    return list(AuditRow.objects.order_by("number").values_list("action", flat=True))


def test_work_stands_by_date_with_danger_first(agent):
    a_person()
    a_case(kind="question", due_on=NOW.date() - timedelta(days=2))
    a_case(kind="danger", due_on=NOW.date())

    page = shown(agent, "/desk/queue/")

    assert page.index("Somebody may be in danger; speak") < page.rindex("She wrote something")
    assert "Monday 23 November" in page
    assert "Joan Price" in page
    assert "nobody yet" in page


def test_an_outsider_has_none_of_it(client):
    case = a_case()
    them = signed_in(client, outsider())

    assert "Nothing waits here" in shown(them, "/desk/queue/")
    assert them.get(f"/desk/cases/{case.pk}/").status_code == 404
    assert them.post(f"/desk/cases/{case.pk}/take").status_code == 404
    case.refresh_from_db()
    assert (case.state, audited()) == ("open", [])


def test_the_queue_asks_as_little_of_much_work_as_of_little(agent, django_assert_num_queries):
    a_case(number=1)
    agent.get("/desk/queue/")
    with django_assert_num_queries(6):
        agent.get("/desk/queue/")

    for number in range(2, 40):
        a_case(f"person-{number}", number=number)
    with django_assert_num_queries(6):
        agent.get("/desk/queue/")


def test_a_duty_that_could_not_be_delivered_names_its_article(agent):
    decision = a_decision(step="us_claim_letter", purpose="claim_letter")
    message = a_message(purpose="claim_letter", purpose_class="duty", decision=decision)
    a_case(kind="undelivered_duty", from_row=f"message-{message.pk}")

    assert "12 CFR 1006.34, Regulation F" in shown(agent, "/desk/queue/")


def test_a_case_is_taken_given_back_taken_again_and_closed_with_an_outcome(agent):
    case = a_case(said="Call me on Thursday")
    address = f"/desk/cases/{case.pk}"
    assert "Call me on Thursday" in shown(agent, f"{address}/")

    agent.post(f"{address}/take")
    assert "you" in shown(agent, "/desk/queue/?whose=mine")
    agent.post(f"{address}/give-back")
    agent.post(f"{address}/take")
    agent.post(f"{address}/close", {"outcome": "plan_agreed", "note": "Half now, half in May"})

    case.refresh_from_db()
    assert (case.state, case.outcome, case.note, case.closed_at) == (
        "closed",
        "plan_agreed",
        "Half now, half in May",
        NOW,
    )
    assert audited() == ["case_taken", "case_given_back", "case_taken", "case_closed"]
    assert "Half" not in str(list(AuditRow.objects.values()))


def test_a_case_is_not_closed_without_an_outcome(agent):
    case = a_case()

    page = agent.post(f"/desk/cases/{case.pk}/close", {"outcome": ""}, follow=True).content.decode()

    assert "Say what came of it" in page
    assert Case.objects.get(pk=case.pk).state == "open"


def test_what_a_colleague_sees_to_is_theirs(client):
    case = a_case()
    signed_in(client, member("agent", "north")).post(f"/desk/cases/{case.pk}/take")
    colleague = signed_in(client, member("lead", "north"))

    page = colleague.post(f"/desk/cases/{case.pk}/close", {"outcome": "solved"}, follow=True).content.decode()

    assert "Somebody else sees to this case" in page
    assert Case.objects.get(pk=case.pk).state == "taken"


def test_who_may_only_look_cannot_act(client):
    case = a_case()
    compliance = signed_in(client, member("compliance", "north"))

    assert "Take it" not in shown(compliance, f"/desk/cases/{case.pk}/")
    assert compliance.post(f"/desk/cases/{case.pk}/take").status_code == 403


def test_looking_at_work_changes_nothing(agent):
    case = a_case()
    for do in ("take", "give-back", "close"):
        assert agent.get(f"/desk/cases/{case.pk}/{do}").status_code == 405

    assert (Case.objects.get(pk=case.pk).state, audited()) == ("open", [])


def test_an_end_is_always_in_words():
    assert all(OUTCOMES.values())


# --- the stop button


@pytest.mark.parametrize("role", ["lead", "strategist", "approver", "compliance", "admin"])
def test_whoever_may_stop_stops_everything_with_one_press(client, role):
    them = signed_in(client, member(role))

    page = them.post("/desk/stop/", {"scope": "all"}, follow=True).content.decode()

    assert stopped() == {"all"}
    assert "Everything is stopped" in page
    assert "Wednesday 25 November 2026 10:00" in page
    assert audited() == ["sending_stopped"]


def test_one_channel_is_stopped_alone(client):
    signed_in(client, member("lead")).post("/desk/stop/", {"scope": "channel:sms"})

    assert stopped() == {"channel:sms"}


def test_a_strategy_that_decides_is_stopped_alone_by_its_name(client, tmp_path):
    shipped = ensure_shipped(at=NOW)
    strategist = member("strategist")
    ramping = agree(publish(a_quiet_one(tmp_path), by=strategist, at=NOW), by=member("approver"), at=NOW)
    waiting = publish(a_draft(tmp_path), by=strategist, at=NOW)
    lead = signed_in(client, member("lead"))
    page = shown(lead, "/desk/stop/")
    assert f"Every message that everyday {shipped.hash[:12]} decided" in page
    assert f"Every message that quiet {ramping.hash[:12]} decided" in page
    assert waiting.hash not in page

    told = lead.post("/desk/stop/", {"scope": f"strategy:{ramping.hash}"}, follow=True).content.decode()

    assert stopped() == {f"strategy:{ramping.hash}"}
    assert f"<h2>Every message that quiet {ramping.hash[:12]} decided</h2>" in told


def pressing(client, staff, do, scope="all"):
    page = signed_in(client, staff).post("/desk/stop/", {"scope": scope, "do": do}, follow=True)
    return page.content.decode()


def test_one_asks_another_agrees_and_it_goes_on(client):
    press(by="x", at=NOW)
    lead, approver = member("lead"), member("approver")
    assert "does not allow" in pressing(client, member("admin"), "ask")
    assert "Agree" not in shown(signed_in(client, approver), "/desk/stop/")

    asking = pressing(client, lead, "ask")
    assert "Somebody else has to agree" in asking
    assert "Agree, let it go on" not in asking
    assert stopped() == {"all"}

    page = shown(signed_in(client, approver), "/desk/stop/")
    assert "asked on Wednesday 25 November 2026 10:00 UTC to let it go on" in page
    assert "Agree, let it go on" in page
    assert "It goes on" in pressing(client, approver, "agree")
    assert (stopped(), audited()[-1]) == (frozenset(), "sending_released")


def test_a_slip_is_taken_back_by_whoever_pressed(client):
    lead = member("lead")
    page = pressing(client, lead, "stop", "channel:sms")
    assert "I pressed it by mistake" in page
    other = member("lead", name="other")
    assert "I pressed it by mistake" not in shown(signed_in(client, other), "/desk/stop/")

    pressing(client, lead, "take_back", "channel:sms")

    assert (stopped(), audited()) == (frozenset(), ["sending_stopped", "stop_taken_back_alone"])


def test_an_agent_has_no_button_and_looking_presses_nothing(client):
    agent = signed_in(client, member("agent", "north"))
    assert agent.get("/desk/stop/").status_code == 403
    assert agent.post("/desk/stop/", {"scope": "all"}).status_code == 403

    signed_in(client, member("lead")).get("/desk/stop/?scope=all")
    assert stopped() == frozenset()


def test_a_scope_that_is_none_stops_nothing(client):
    signed_in(client, member("lead")).post("/desk/stop/", {"scope": "channel:pigeon"})

    assert stopped() == frozenset()
