"""What needs two people is done by two: just what was agreed, once, in time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.staff import NOW, member, outsider
from tideover.access.allowed import NotAllowed
from tideover.access.models import AuditRow, Request
from tideover.access.models.two_persons import MOVES
from tideover.access.roles import Power
from tideover.access.two_persons import (
    NotOpen,
    SecondPersonNeeded,
    approve,
    ask,
    turn_down,
    use,
    waiting_for,
)  # fmt: skip

pytestmark = pytest.mark.django_db
WHAT = {"strategy": "everyday", "hash": "ab12"}
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def strategist():
    return member("strategist")


@pytest.fixture
def approver():
    return member("approver")


@pytest.fixture
def request_(strategist):
    return ask(power=Power.PUBLISH_STRATEGY, what=WHAT, by=strategist, at=NOW)


def done(request, by, what=WHAT, at=LATER):
    return use(request=request, power=Power.PUBLISH_STRATEGY, what=what, by=by, at=at)


def test_one_asks_another_agrees_and_it_is_done_once(request_, strategist, approver):
    approve(request=request_, by=approver, at=LATER)

    used = done(request_, strategist)

    assert used.state(LATER) == "used"
    assert list(AuditRow.objects.order_by("number").values_list("action", flat=True)) == [
        "request_asked", "request_approved", "request_used",
    ]  # fmt: skip
    with pytest.raises(NotOpen):
        done(request_, strategist)


def test_nobody_agrees_to_their_own_wish(request_, strategist):
    with pytest.raises(SecondPersonNeeded):
        approve(request=request_, by=strategist, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.filter(pk=request_.pk).update(approved_by=strategist, approved_at=LATER)


def test_without_a_second_person_nothing_is_done(request_, strategist):
    with pytest.raises(NotOpen):
        done(request_, strategist)


def test_whoever_lacks_the_power_neither_asks_nor_agrees(request_):
    with pytest.raises(NotAllowed):
        ask(power=Power.PUBLISH_STRATEGY, what=WHAT, by=outsider(), at=NOW)
    with pytest.raises(NotAllowed):
        approve(request=request_, by=member("admin"), at=LATER)


def test_only_what_was_agreed_to_is_done(request_, strategist, approver):
    approve(request=request_, by=approver, at=LATER)

    with pytest.raises(NotOpen, match="something else"):
        done(request_, strategist, what={**WHAT, "hash": "cd34"})


def test_a_request_ends_with_its_days(request_, strategist, approver):
    approve(request=request_, by=approver, at=LATER)

    with pytest.raises(NotOpen, match="expired"):
        done(request_, strategist, at=NOW + timedelta(days=8))


def test_a_request_can_be_turned_down_until_it_is_used(request_, strategist, approver):
    approve(request=request_, by=approver, at=LATER)
    turn_down(request=request_, by=strategist, at=LATER)

    with pytest.raises(NotOpen, match="turned down"):
        done(request_, strategist)


def test_it_waits_for_those_who_may_agree(request_, strategist, approver):
    assert list(waiting_for(approver, LATER)) == [request_]
    assert list(waiting_for(strategist, LATER)) == []
    assert list(waiting_for(outsider(), LATER)) == []


def test_alone_a_night_has_to_pass_and_is_marked(request_, strategist, settings):
    settings.ONE_PERSON = True

    with pytest.raises(SecondPersonNeeded, match="night"):
        approve(request=request_, by=strategist, at=LATER)
    approved = approve(request=request_, by=strategist, at=NOW + timedelta(hours=22))

    assert approved.alone
    assert AuditRow.objects.filter(action="request_approved_alone").exists()


def test_nobody_is_alone_where_another_could_agree(request_, strategist, approver, settings):
    settings.ONE_PERSON = True

    with pytest.raises(SecondPersonNeeded, match="others"):
        approve(request=request_, by=strategist, at=NOW + timedelta(days=1))


def test_a_power_that_needs_no_second_person_takes_none(strategist):
    with pytest.raises(NotOpen):
        ask(power=Power.SEE_REPORTS, what=WHAT, by=strategist, at=NOW)


def test_every_state_is_reached_and_every_end_is_meant():
    reached = {"asked"}.union(*MOVES.values())

    assert reached == set(MOVES)
    assert {state for state, then in MOVES.items() if not then} == {"used", "turned_down", "expired"}
