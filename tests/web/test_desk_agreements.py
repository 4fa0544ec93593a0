"""On the phone or at the counter: staff write down her day, agree to what helps, and read what she told in confidence."""

import re
from datetime import timedelta

import pytest

from tests.staff import member, outsider, signed_in
from tests.support.voice.scene import a_customer
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tests.web.scene import NOW, clock_at
from tideover.access.models import AuditRow
from tideover.repayment.plans import confide
from tideover.repayment.plans.models import Plan
from tideover.repayment.promises.models import Promise
from tideover.strategy.models import Decision
from tideover.support.models import Case

pytestmark = pytest.mark.django_db
HERS = "/desk/people/mary"
LOAN = "mary-loan-1"
DAY = (NOW + timedelta(days=6)).date()


@pytest.fixture(autouse=True)
def today(settings, tmp_path):
    settings.DATA = tmp_path
    clock_at(settings, tmp_path)
    a_customer()


@pytest.fixture
def agent(client):
    return signed_in(client, member("agent", "north"))


def shown(client, address):
    return client.get(address).content.decode()


def test_an_agent_writes_down_the_day_she_chose_and_it_stands_as_made_with_staff(agent):
    page = shown(agent, f"{HERS}/promise/")
    first = re.search(r'name="on" value="([^"]+)"', page)[1]

    said = agent.post(f"{HERS}/promise/", {"loan": LOAN, "on": first}, follow=True).content.decode()

    promise = Promise.objects.get()
    assert (promise.on.isoformat(), promise.origin, promise.by[:6]) == (first, "agent", "staff:")
    assert "A day was promised" in said
    assert "written down by staff" in said
    assert AuditRow.objects.get(action="promise_made").actor_kind == "staff"


def test_another_day_and_amount_within_what_staff_may_and_twice_is_once(agent):
    later = (NOW + timedelta(days=40)).date()  # she alone may choose thirty-one days
    for _ in range(2):
        agent.post(f"{HERS}/promise/", {"loan": LOAN, "on": later, "amount": "50.00"})
    too_late = agent.post(
        f"{HERS}/promise/", {"loan": LOAN, "on": later + timedelta(days=10), "amount": "12"}
    )

    assert Promise.objects.get().parts.get().amount == 5_000
    assert too_late.status_code == 422
    assert "too far ahead" in too_late.content.decode()
    assert 'value="12"' in too_late.content.decode()


def test_what_helps_is_read_to_her_and_agreed_within_the_role(agent):
    page = shown(agent, f"{HERS}/options/")
    key = re.search(rf"{HERS}/options/(\w+)/\?loan={LOAN}\">Move the date", page)[1]
    one = f"{HERS}/options/{key}/?loan={LOAN}"
    assert "Every payment" in shown(agent, one)
    assert not Plan.objects.exists()

    for _ in range(2):
        agent.post(one, {"loan": LOAN})

    plan = Plan.objects.get()
    assert (plan.kind, plan.level, plan.by[:6]) == ("move_date", "agent", "staff:")
    assert "Move the date" in shown(agent, f"{HERS}/")


def test_what_has_changed_since_is_looked_at_again(agent):
    answer = agent.post(f"{HERS}/options/0123456789abcdef/", {"loan": LOAN}, follow=True)

    assert "Something has changed since you looked" in answer.content.decode()
    assert not Plan.objects.exists()


def test_an_offer_goes_through_the_gate_once_a_day_or_says_what_is_in_the_way(agent):
    for _ in range(2):
        said = agent.post(f"{HERS}/offer", {"loan": LOAN}, follow=True).content.decode()
    assert "It leaves by" in said
    assert Decision.objects.get().purpose == "options_offer"


def test_what_protects_her_is_no_page_to_press_on(agent):
    from tests.people import held
    from tests.recording import recorded

    recorded(held("mary", "capacity"))

    assert "something protects her" in shown(agent, f"{HERS}/promise/")
    agent.post(f"{HERS}/promise/", {"loan": LOAN, "on": DAY})
    assert not Promise.objects.exists()


def test_what_she_told_in_confidence_is_read_by_a_press_and_the_reading_stands_in_the_trail(agent):
    assert "in confidence" not in shown(agent, f"{HERS}/")
    confide(person_id="mary", need="violence", words="yes", language="en", at=NOW)

    page = shown(agent, f"{HERS}/")
    assert "controls her money" not in page
    assert not AuditRow.objects.filter(action="confidence_read").exists()
    assert agent.get(f"{HERS}/confided").status_code == 405

    read = agent.post(f"{HERS}/confided")

    assert "controls her money" in read.content.decode()
    assert read["Cache-Control"] == "no-store"
    assert AuditRow.objects.get(action="confidence_read").actor_kind == "staff"


@pytest.mark.parametrize("page", ["promise/", "options/", "options/abc/"])
def test_staff_of_another_branch_find_none_of_it(client, page):
    confide(person_id="mary", need="violence", words="yes", language="en", at=NOW)
    them = signed_in(client, outsider())

    assert them.get(f"{HERS}/{page}").status_code == 404
    for address in (page, "offer", "confided"):
        answer = them.post(f"{HERS}/{address}", {"loan": LOAN, "on": DAY, "key": "abc"})
        assert answer.status_code == (405 if address == "options/" else 404)
    assert (Promise.objects.count(), Plan.objects.count(), Decision.objects.count()) == (0, 0, 0)
    assert not AuditRow.objects.filter(action="confidence_read").exists()


@pytest.mark.parametrize("role", ["compliance", "strategist", "admin"])
def test_whoever_only_looks_or_sees_nobody_agrees_to_nothing(client, role):
    them = signed_in(client, member(role, "north"))

    assert them.get(f"{HERS}/promise/").status_code == 403
    assert them.post(f"{HERS}/confided").status_code == 403
    if role == "compliance":
        page = shown(them, f"{HERS}/")
        assert "Nothing is agreed at the moment." in page
        assert f"{HERS}/promise/" not in page


def test_a_case_leads_there(agent):
    case = Case.objects.create(
        kind="cannot_pay", person_id="mary", branch="north", from_row="a-1", due_on=NOW.date(), opened_at=NOW
    )

    assert f"{HERS}/#agreements" in shown(agent, f"/desk/cases/{case.pk}/")
