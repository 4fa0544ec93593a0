"""Letting staff in, changing what they may, and switching them off."""

from datetime import timedelta

import pytest

from tests.staff import NOW, PASSWORD, member, outsider
from tideover.access.actions import (
    AlreadyHere,
    LastAdmin,
    LinkSpent,
    NoMailAddress,
    NoName,
    change_role,
    invitation_of,
    invite,
    invite_again,
    join,
    sign_out_everywhere,
    switch_off,
    switch_on,
)  # fmt: skip
from tideover.access.allowed import NotAllowed
from tideover.access.audit import sight
from tideover.access.models import AuditRow, Invitation, Staff
from tideover.access.roles import Power, Role

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def invited(by=None, **about):
    known = {"email": "New@Lender.example", "name": "New", "role": Role.AGENT, "branches": ["north"], **about}
    return invite(by=by, at=NOW, **known)


def test_somebody_invited_joins_by_a_link_that_works_once():
    staff, token = invited()

    joined = join(token=token, password=PASSWORD, at=LATER)

    assert joined == staff
    assert Staff.objects.get_by_natural_key("NEW@lender.example").check_password(PASSWORD)
    with pytest.raises(LinkSpent):
        join(token=token, password="another four words here", at=LATER)


def test_the_database_does_not_hold_the_link():
    _, token = invited()

    assert token not in str(list(Invitation.objects.values()))


def test_a_link_ends_after_three_days_or_with_a_newer_one():
    staff, token = invited()

    newer = invite_again(staff=staff, by=None, at=LATER)

    with pytest.raises(LinkSpent):
        invitation_of(token, LATER)
    assert invitation_of(newer, LATER).staff == staff
    with pytest.raises(LinkSpent):
        invitation_of(newer, LATER + timedelta(days=4))


def test_a_mail_address_has_one_account():
    invited()

    with pytest.raises(AlreadyHere):
        invited(email="new@lender.example")


@pytest.mark.parametrize(
    "told", ["", "not a mail", "a@b", "a b@lender.example", "a@x.example\nBcc: b", "e" * 250 + "@b.cd"]
)
def test_what_is_no_mail_address_is_no_account(told):
    with pytest.raises(NoMailAddress):
        invited(email=told)
    assert Staff.objects.count() == 0


@pytest.mark.parametrize("told", ["", "  ", "x" * 201])
def test_an_account_has_a_name(told):
    with pytest.raises(NoName):
        invited(name=told)
    assert Staff.objects.count() == 0


@pytest.mark.parametrize("role", ["agent", "lead", "compliance"])
def test_only_whoever_manages_staff_lets_people_in(role):
    with pytest.raises(NotAllowed):
        invited(by=member(role, "north"))
    assert invited(by=member("admin"))


def test_an_outsider_changes_nobody():
    agent, stranger = member("agent", "north"), outsider()

    for verb in (switch_off, switch_on, invite_again, sign_out_everywhere):
        with pytest.raises(NotAllowed):
            verb(staff=agent, by=stranger, at=NOW)


def test_nobody_gives_themselves_a_role():
    admin = member("admin")

    with pytest.raises(NotAllowed):
        change_role(staff=admin, role=Role.COMPLIANCE, branches=[], sees_every_branch=True, by=admin, at=NOW)


def test_the_last_who_manages_staff_stays():
    admin = member("admin")

    with pytest.raises(LastAdmin):
        switch_off(staff=admin, by=None, at=NOW)
    assert list(Staff.objects.who_may(Power.MANAGE_STAFF)) == [admin]


def test_what_was_done_is_kept_by_number_and_without_names():
    admin = member("admin")
    staff, _ = invited(by=admin)
    switch_off(staff=staff, by=admin, at=NOW)

    kept = list(AuditRow.objects.order_by("number").values_list("action", "actor_id", "detail"))

    assert kept == [
        (
            "staff_invited",
            str(admin.pk),
            {"staff": staff.pk, "role": "agent", **sight(["north"], every=False)},
        ),
        ("staff_switched_off", str(admin.pk), {"staff": staff.pk}),
    ]


def test_who_was_moved_to_another_branch_is_seen_in_the_trail_and_no_branch_is_named():
    agent = member("agent", "north")

    for branches in (["south"], ["south", "south "], ["north", "south"], ["north"]):
        change_role(staff=agent, role=Role.AGENT, branches=branches, sees_every_branch=False, by=None, at=NOW)

    moves = [it.detail for it in AuditRow.objects.filter(action="staff_role_changed").order_by("number")]
    assert [(it["before"]["branches"], it["branches"]) for it in moves] == [(1, 1), (1, 1), (1, 2), (2, 1)]
    marks = [(it["before"]["branches_mark"], it["branches_mark"]) for it in moves]
    assert [before != after for before, after in marks] == [True, False, True, True]
    assert marks[0][0] == marks[-1][1]
    assert not {"north", "south"} & set(str(moves).replace("'", " ").split())
