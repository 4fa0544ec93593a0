"""Who is seen by whom."""

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.staff import member, outsider
from tideover.book.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asha():
    return Person.objects.create(person_id="asha", branch="north")


def seen_by(user):
    return [it.person_id for it in Person.objects.visible_to(user)]


def test_staff_see_the_people_of_their_branches():
    Person.objects.create(person_id="far", branch="south")

    assert seen_by(member("agent", "north")) == ["asha"]


def test_an_outsider_of_another_branch_sees_nobody():
    assert seen_by(outsider()) == []
    assert seen_by(AnonymousUser()) == []


def test_somebody_without_a_branch_is_seen_by_those_who_see_every_branch_only():
    Person.objects.create(person_id="nowhere", branch="")

    assert seen_by(member("agent", "north")) == ["asha"]
    assert seen_by(member("compliance", every_branch=True)) == ["asha", "nowhere"]


@pytest.mark.parametrize("role", ["admin", "strategist", "approver"])
def test_a_role_that_is_not_for_people_sees_nobody(role):
    assert seen_by(member(role, "north", every_branch=True)) == []
