"""Each power is held by somebody, said in words, and asked in one way."""

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.architecture.tree import files, name
from tests.staff import member
from tideover.access.allowed import NotAllowed, branches_of, may, require
from tideover.access.roles import POWERS, SAYS, SECOND, Power, Role


def test_every_role_has_its_powers_and_every_power_somebody_who_holds_it():
    held = set().union(*POWERS.values())

    assert set(POWERS) == set(Role)
    assert held == set(Power)


def test_every_power_is_said_in_a_sentence():
    assert set(SAYS) == set(Power)
    assert all(says.endswith(".") for says in SAYS.values())


def test_every_power_guards_something():
    code = "".join(
        path.read_text("utf-8") for path in files("*.py") if name(path).startswith("tideover/") and path.name != "roles.py"
    )  # fmt: skip
    asked = {it for it in Power if f"Power.{it.name}" in code}
    guarding = asked | {second for first, second in SECOND.items() if first in asked}

    assert set(Power) == guarding


@pytest.mark.parametrize("power", SECOND)
def test_the_second_person_can_be_somebody_else_than_the_first(power):
    asking = {role for role, powers in POWERS.items() if power in powers}
    agreeing = {role for role, powers in POWERS.items() if SECOND[power] in powers}

    assert asking
    assert agreeing - asking


def test_whoever_lets_people_in_sees_nobody():
    assert Power.SEE_PEOPLE not in POWERS[Role.ADMIN]
    assert [role for role, powers in POWERS.items() if Power.MANAGE_STAFF in powers] == [Role.ADMIN]


@pytest.mark.django_db
def test_an_agent_may_answer_but_not_publish():
    agent = member("agent", "north")

    assert may(agent, Power.ANSWER)
    assert not may(agent, Power.PUBLISH_STRATEGY)
    with pytest.raises(NotAllowed, match="publish_strategy"):
        require(agent, Power.PUBLISH_STRATEGY)


@pytest.mark.django_db
def test_whoever_is_switched_off_may_nothing():
    resting = member("lead", "north", is_active=False)

    assert not any(may(resting, power) for power in Power)
    assert branches_of(resting) == frozenset()


@pytest.mark.parametrize("user", [AnonymousUser(), None, "agent"])
def test_nobody_may_nothing(user):
    assert not any(may(user, power) for power in Power)
    assert branches_of(user) == frozenset()


@pytest.mark.django_db
def test_branches_are_said_or_every_one_is():
    assert branches_of(member("agent", "north", "east")) == {"north", "east"}
    assert branches_of(member("lead")) == frozenset()
    assert branches_of(member("compliance", every_branch=True)) is None
    assert branches_of(member("admin", every_branch=True)) == frozenset()
