"""The pages of staff accounts: for whoever manages staff, and for nobody else."""

import re

import pytest

from tests.staff import NOW, member, outsider, signed_in
from tests.web.scene import clock_at
from tideover.access.lockout import MOST_FAILED, LockedOut, password_door, try_door
from tideover.access.models import AuditRow, Staff

pytestmark = pytest.mark.django_db
LIST = "/desk/staff/"


@pytest.fixture(autouse=True)
def at_the_time(settings, tmp_path):
    clock_at(settings, tmp_path)


@pytest.fixture
def admin(client):
    return signed_in(client, member("admin"))


def shown(client, address):
    return client.get(address).content.decode()


def done(client, staff, do, **typed):
    """What the page says after a press, and the account as it is then."""
    page = client.post(f"{LIST}{staff.pk}/{do}", typed, follow=True).content.decode()
    staff.refresh_from_db()
    return page


def kept():
    return list(AuditRow.objects.order_by("number").values_list("action", flat=True))


@pytest.mark.parametrize("role", ["agent", "lead", "strategist", "approver", "compliance"])
def test_whoever_does_not_manage_staff_finds_no_way_in(client, role):
    other = member("agent", "north", name="other")
    them = signed_in(client, member(role, "north", name="them"))

    for address in (LIST, f"{LIST}new", f"{LIST}{other.pk}/"):
        assert them.get(address).status_code == 403
    for do in ("role", "off", "on", "unlock", "link"):
        assert them.post(f"{LIST}{other.pk}/{do}", {"role": "admin"}).status_code == 403
    assert LIST not in shown(them, "/desk/stop/" if role != "agent" else "/desk/")
    assert kept() == []


def test_strangers_and_outsiders_sign_in_or_stay_out(client):
    assert client.get(LIST).url.startswith("/staff/sign-in/")
    assert signed_in(client, outsider()).get(LIST).status_code == 403


def test_every_account_stands_there_with_what_it_sees_and_whether_it_works(
    admin, django_assert_max_num_queries
):
    for number in range(5):
        member("agent", "north", "east", name=f"agent{number}")
    member("lead", every_branch=True, is_active=False)

    with django_assert_max_num_queries(8):
        page = shown(admin, LIST)

    assert page.count("sees east, north") + page.count("sees north, east") == 5
    assert "sees every branch" in page
    assert "switched off" in page
    assert f'href="{LIST}"' in page


def test_somebody_is_invited_and_comes_in_by_the_link_that_is_shown_once(admin, client):
    typed = {"name": "Asha", "email": "Asha@Lender.example", "role": "agent", "branches": "north, east"}

    page = admin.post(f"{LIST}new", typed).content.decode()

    asha = Staff.objects.get(email="asha@lender.example")
    assert (asha.role, asha.branches, asha.sees_every_branch) == ("agent", ["east", "north"], False)
    link = re.search(r"https://lender\.example(/staff/join/[^<]+/)<", page)[1]
    assert client.get(link).status_code == 200
    assert kept() == ["staff_invited"]


def test_what_cannot_be_made_says_why_and_keeps_what_was_typed(admin):
    member("agent", "north")
    typed = {"name": "Asha", "email": "agent@lender.example", "role": "lead", "branches": "north"}

    page = admin.post(f"{LIST}new", typed).content.decode()

    assert "an account with this mail address already" in page
    assert 'value="Asha"' in page
    assert '<option value="lead" selected>' in page
    assert "is no role" in admin.post(f"{LIST}new", {**typed, "role": "owner"}).content.decode()


def test_another_role_and_other_branches(admin):
    agent = member("agent", "north")

    page = done(admin, agent, "role", role="lead", branches="south,", every_branch="")

    assert "Changed. Every session ended." in page
    assert (agent.role, agent.branches, agent.sees_every_branch) == ("lead", ["south"], False)
    assert kept() == ["staff_role_changed"]


def test_a_role_that_is_none_changes_nothing(admin):
    agent = member("agent", "north")

    assert "is no role" in done(admin, agent, "role", role="owner", branches="")
    assert (agent.role, agent.branches, kept()) == ("agent", ["north"], [])


def test_an_account_is_switched_off_and_on(admin):
    agent = member("agent", "north")

    assert "Switched off." in done(admin, agent, "off")
    assert not agent.is_active
    assert "Make a fresh link" not in shown(admin, f"{LIST}{agent.pk}/")
    assert "works again" in done(admin, agent, "on")
    assert agent.is_active
    assert kept() == ["staff_switched_off", "staff_switched_on"]


def test_what_wrong_tries_locked_is_opened(admin):
    agent = member("agent", "north")
    door = password_door(agent.email)
    for _ in range(MOST_FAILED):
        try_door(door, NOW)
    with pytest.raises(LockedOut):
        try_door(door, NOW)

    done(admin, agent, "unlock")

    try_door(door, NOW)


def test_a_fresh_link_takes_password_and_second_step_away(admin):
    agent = member("agent", "north")

    page = done(admin, agent, "link")

    assert "https://lender.example/staff/join/" in page
    assert not agent.has_usable_password()


def test_nobody_changes_their_own_account(client):
    me = member("admin", name="me")
    member("admin", name="another")
    them = signed_in(client, me)

    assert "your own account" in shown(them, f"{LIST}{me.pk}/")
    for do in ("role", "off", "link"):
        assert "Nobody changes their own account" in done(them, me, do, role="lead")
    assert (me.role, me.is_active, kept()) == ("admin", True, [])


def test_looking_changes_nothing_and_what_is_not_there_is_not_found(admin):
    agent = member("agent", "north")

    assert admin.get(f"{LIST}{agent.pk}/off").status_code == 405
    assert admin.post(f"{LIST}{agent.pk}/nothing").status_code == 404
    assert admin.get(f"{LIST}987654/").status_code == 404
    agent.refresh_from_db()
    assert agent.is_active
