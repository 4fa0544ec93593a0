"""Lifting a stop takes two; a press by mistake is taken back by whoever pressed it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT
from tests.staff import member
from tideover.access.allowed import NotAllowed
from tideover.access.models import AuditRow
from tideover.access.two_persons import NotOpen, SecondPersonNeeded
from tideover.delivery.brake import BRAKE
from tideover.strategy.lifting import (
    NotOwnMistake,
    agree_release,
    ask_release,
    keep_stopped,
    take_back_stop,
)
from tideover.strategy.stops import NotStopped, press, stop_sending, stopped

NOW = datetime.fromtimestamp(AT, UTC)
LATER = NOW + timedelta(minutes=30)
pytestmark = pytest.mark.django_db


def audited():
    return list(AuditRow.objects.order_by("number").values_list("action", flat=True))


def test_one_asks_another_agrees_and_it_is_lifted_at_once():
    press(by="7", at=NOW)
    lead, approver = member("lead"), member("approver")

    ask_release(scope="all", by=lead, at=LATER)
    assert stopped() == {"all"}

    agree_release(scope="all", by=approver, at=LATER)
    assert stopped() == frozenset()
    assert audited() == ["request_asked", "request_approved", "request_used", "sending_released"]


def test_nobody_agrees_to_their_own_wish():
    press(by="7", at=NOW)
    lead = member("lead")
    ask_release(scope="all", by=lead, at=LATER)

    with pytest.raises(SecondPersonNeeded):
        agree_release(scope="all", by=lead, at=LATER)

    assert stopped() == {"all"}


def test_a_second_lead_may_ask_but_not_agree():
    press(by="7", at=NOW)
    ask_release(scope="all", by=member("lead"), at=LATER)

    with pytest.raises(NotAllowed):
        agree_release(scope="all", by=member("lead", name="another"), at=LATER)

    assert stopped() == {"all"}


def test_the_volume_brake_too_is_lifted_by_two():
    press(scope="purpose:due_soon", by=BRAKE, at=NOW)
    lead, approver = member("lead"), member("approver")

    with pytest.raises(NotOpen):
        agree_release(scope="purpose:due_soon", by=approver, at=NOW)
    with pytest.raises(NotOwnMistake):
        take_back_stop(scope="purpose:due_soon", by=lead, at=NOW)
    ask_release(scope="purpose:due_soon", by=lead, at=NOW)
    agree_release(scope="purpose:due_soon", by=approver, at=NOW)

    assert stopped() == frozenset()


def test_a_wish_asked_twice_is_one_and_is_about_this_stop_alone():
    press(by="7", at=NOW)
    lead, approver = member("lead"), member("approver")
    assert ask_release(scope="all", by=lead, at=NOW) == ask_release(scope="all", by=lead, at=LATER)
    agree_release(scope="all", by=approver, at=LATER)
    press(by="7", at=LATER)

    with pytest.raises(NotOpen):
        agree_release(scope="all", by=approver, at=LATER)

    assert stopped() == {"all"}


def test_a_wish_that_was_turned_down_lifts_nothing():
    press(by="7", at=NOW)
    lead, approver = member("lead"), member("approver")
    ask_release(scope="all", by=lead, at=NOW)
    keep_stopped(scope="all", by=approver, at=NOW)

    with pytest.raises(NotOpen):
        agree_release(scope="all", by=approver, at=NOW)

    assert stopped() == {"all"}


def test_a_press_by_mistake_is_taken_back_alone_and_marked():
    strategist = member("strategist")
    stop_sending(by=strategist, at=NOW)

    take_back_stop(scope="all", by=strategist, at=NOW + timedelta(minutes=9))

    assert (stopped(), audited()) == (frozenset(), ["sending_stopped", "stop_taken_back_alone"])


def test_after_ten_minutes_a_stop_is_no_slip_any_more():
    lead = member("lead")
    stop_sending(by=lead, at=NOW)

    with pytest.raises(NotOwnMistake):
        take_back_stop(scope="all", by=lead, at=NOW + timedelta(minutes=10))


def test_what_a_colleague_pressed_too_is_not_one_persons_to_take_back():
    lead, colleague = member("lead"), member("lead", name="colleague")
    stop_sending(by=lead, at=NOW)
    stop_sending(by=colleague, at=NOW)

    for one in (lead, colleague):
        with pytest.raises(NotOwnMistake):
            take_back_stop(scope="all", by=one, at=NOW)

    assert stopped() == {"all"}


def test_alone_and_after_a_night_one_agrees_to_ones_own_wish(settings):
    settings.ONE_PERSON = True
    press(by="7", at=NOW)
    lead = member("lead")
    ask_release(scope="all", by=lead, at=NOW)

    with pytest.raises(SecondPersonNeeded):
        agree_release(scope="all", by=lead, at=LATER)
    agree_release(scope="all", by=lead, at=NOW + timedelta(hours=15))

    assert "request_approved_alone" in audited()
    assert stopped() == frozenset()


def test_what_is_not_stopped_cannot_be_lifted():
    with pytest.raises(NotStopped):
        ask_release(scope="all", by=member("lead"), at=NOW)
