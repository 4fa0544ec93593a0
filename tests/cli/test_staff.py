"""tideover invite, staff: whoever runs the machine lets staff in, changes what they may and shuts them out."""

import re

import pytest

from tests.staff import NOW, member, signed_in
from tests.web.scene import clock_at
from tideover.access.lockout import MOST_FAILED, LockedOut, password_door, second_step_door, try_door
from tideover.access.models import AuditRow

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_time(settings, tmp_path):
    clock_at(settings, tmp_path)


def kept():
    return list(AuditRow.objects.order_by("number").values_list("action", "actor_kind"))


def test_every_account_is_listed_with_what_it_sees_and_whether_it_works(tideover):
    member("agent", "north", "east")
    member("compliance", every_branch=True)
    member("admin", every_branch=True)
    member("lead", is_active=False)
    tideover("invite", "new@lender.example", "--name", "New", "--branch", "north")

    said = tideover("staff", "list")

    assert said.out.splitlines() == [
        "admin@lender.example  admin, sees nobody; works",
        "agent@lender.example  agent, sees north, east; works",
        "compliance@lender.example  compliance, sees every branch; works",
        "lead@lender.example  lead, sees nobody; switched off",
        "new@lender.example  agent, sees north; invited",
    ]


def test_another_role_leaves_the_branches_and_ends_the_sessions(tideover, client):
    agent = member("agent", "north")
    signed_in(client, agent)

    said = tideover("staff", "role", "Agent@lender.example", "lead")

    assert said.out == "agent@lender.example is lead, sees north. Every session ended.\n"
    assert client.get("/desk/").status_code == 302
    assert kept() == [("staff_role_changed", "system")]


@pytest.mark.parametrize(
    ("words", "sees"),
    [
        (("--branch", "south", "--branch", "west"), "south, west"),
        (("--every-branch",), "every branch"),
        (("--branch", ""), "nobody"),
    ],
)
def test_branches_that_are_said_stand_for_those_before(tideover, words, sees):
    member("lead", "north")

    assert f"is agent, sees {sees}." in tideover("staff", "role", "lead@lender.example", "agent", *words).out


def test_whoever_leaves_is_switched_off_and_may_come_back(tideover, client):
    agent = member("agent", "north")
    signed_in(client, agent)

    assert tideover("staff", "off", "agent@lender.example").code == 0

    assert client.get("/desk/").status_code == 302
    agent.refresh_from_db()
    assert not agent.is_active
    assert tideover("staff", "on", "agent@lender.example").out == "agent@lender.example works again.\n"
    agent.refresh_from_db()
    assert agent.is_active
    assert kept() == [("staff_switched_off", "system"), ("staff_switched_on", "system")]


def test_doors_that_wrong_tries_locked_are_opened(tideover):
    agent = member("agent", "north")
    doors = (password_door(agent.email), second_step_door(agent.pk))
    for door in doors:
        for _ in range(MOST_FAILED):
            try_door(door, NOW)
        with pytest.raises(LockedOut):
            try_door(door, NOW)

    assert tideover("staff", "unlock", "agent@lender.example").code == 0

    for door in doors:
        try_door(door, NOW)


def test_a_fresh_link_takes_the_place_of_password_and_second_step(tideover, client):
    agent = member("agent", "north")

    said = tideover("staff", "invite-again", "agent@lender.example")

    agent.refresh_from_db()
    assert not agent.has_usable_password()
    link = re.fullmatch(r"For Agent: https://lender\.example(/staff/join/\S+/)\n", said.out)[1]
    assert client.get(link).status_code == 200
    assert kept() == [("staff_invited_again", "system")]


def test_an_account_that_is_off_gets_no_link_which_would_open_nothing(tideover):
    agent = member("agent", "north", is_active=False)

    said = tideover("staff", "invite-again", "agent@lender.example")

    assert (said.code, "Switch it on first" in said.err) == (2, True)
    agent.refresh_from_db()
    assert agent.has_usable_password()


@pytest.mark.parametrize("words", [("off",), ("on",), ("unlock",), ("invite-again",), ("role", "lead")])
def test_a_mistyped_address_is_refused_with_the_nearest(tideover, words):
    member("agent", "north")
    verb, *more = words

    said = tideover("staff", verb, "agnet@lender.example", *more)

    assert said.code == 2
    assert "Did you mean 'agent@lender.example'?" in said.err
    assert kept() == []


@pytest.mark.parametrize("words", [("staff", "role", "agent@lender.example", "leed"),
                                   ("invite", "new@lender.example", "--name", "New", "--role", "leed")])  # fmt: skip
def test_a_mistyped_role_is_refused_with_the_nearest(tideover, words):
    member("agent", "north")

    said = tideover(*words)

    assert said.code == 2
    assert "Did you mean 'lead'?" in said.err


def test_the_last_who_manages_staff_stays(tideover):
    member("admin")

    for words in (("off", "admin@lender.example"), ("role", "admin@lender.example", "agent")):
        said = tideover("staff", *words)
        assert (said.code, "Nobody would be left" in said.err) == (2, True)
    assert kept() == []
