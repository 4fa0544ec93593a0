"""Many at once: one chain, few tries, one winner."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection

from tests.staff import NOW, PASSWORD, member
from tideover.access import lockout
from tideover.access.actions import LastAdmin, LinkSpent, invite, join, switch_off
from tideover.access.actors import SYSTEM
from tideover.access.allowed import NotAllowed
from tideover.access.audit import note, verify
from tideover.access.models import Request, Staff
from tideover.access.roles import Power, Role
from tideover.access.two_persons import NotOpen, approve, ask, use

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 16


def at_once(act):
    """What each of several threads got: its answer, or what refused it."""

    def alone(number):
        with closing(connection):
            try:
                return act(number)
            except (LastAdmin, LinkSpent, NotAllowed, NotOpen, lockout.LockedOut) as refused:
                return refused

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(alone, range(AT_ONCE)))


def won(answers):
    return [it for it in answers if not isinstance(it, Exception)]


def test_rows_of_many_writers_make_one_chain():
    at_once(lambda number: [note(action="looked", by=SYSTEM, at=NOW, detail={"n": number}) for _ in range(5)])

    found = verify()

    assert found.holds
    assert found.rows == 5 * AT_ONCE


def test_many_tries_at_once_are_not_more_than_five():
    door = lockout.password_door("agent@lender.example")

    assert len(won(at_once(lambda _: lockout.try_door(door, NOW)))) == lockout.MOST_FAILED


def test_a_link_sent_many_times_at_once_is_used_once():
    _, token = invite(email="new@lender.example", name="New", role=Role.AGENT, by=None, at=NOW)

    assert len(won(at_once(lambda _: join(token=token, password=PASSWORD, at=NOW)))) == 1


def test_two_who_manage_staff_do_not_switch_each_other_off():
    ada, bo = member("admin", name="ada"), member("admin", name="bo")
    pairs = ((ada.pk, bo.pk), (bo.pk, ada.pk))

    def off(number):
        by, other = pairs[number % 2]
        return switch_off(staff=Staff.objects.get(pk=other), by=Staff.objects.get(pk=by), at=NOW)

    at_once(off)

    assert len(list(Staff.objects.who_may(Power.MANAGE_STAFF))) == 1


def test_what_was_agreed_to_is_done_once_however_many_press():
    strategist, approver = member("strategist"), member("approver")
    asked = ask(power=Power.PUBLISH_STRATEGY, what={"hash": "ab12"}, by=strategist, at=NOW)
    approve(request=asked, by=approver, at=NOW)

    done = at_once(
        lambda _: use(
            request=asked, power=Power.PUBLISH_STRATEGY, what={"hash": "ab12"}, by=strategist,
            at=NOW + timedelta(hours=1),
        )
    )  # fmt: skip

    assert len(won(done)) == 1
    assert Request.objects.get().used_at is not None
