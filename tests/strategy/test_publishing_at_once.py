"""Many press at once: one of them wins."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection

from tests.staff import NOW, member
from tests.strategy.drafts import a_draft, a_quiet_one, agree
from tideover.kit.errors import Refused
from tideover.strategy.models import Move, Release
from tideover.strategy.publishing import publish, refuse
from tideover.strategy.releases import ensure_shipped

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path / "data"
    ensure_shipped(at=NOW - timedelta(days=30))


def at_once(*acts):
    """What each got: its answer, or what refused it."""

    def alone(act):
        with closing(connection):
            try:
                return act()
            except Refused as refused:
                return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return [it for it in pool.map(alone, acts) if not isinstance(it, Exception)]


def test_two_approvals_are_one(tmp_path):
    waiting = publish(a_draft(tmp_path), by=member("strategist"), at=NOW)
    second = [member("approver", name=f"approver-{n}") for n in range(8)]

    won = at_once(*(lambda it=it: agree(waiting, by=it, at=LATER) for it in second))

    assert (len(won), Move.objects.filter(what="approved").count()) == (1, 1)


def test_yes_and_no_are_one_of_them(tmp_path):
    waiting = publish(a_draft(tmp_path), by=member("strategist"), at=NOW)
    approver, compliance = member("approver"), member("compliance")

    won = at_once(
        *[lambda: agree(waiting, by=approver, at=LATER)] * 4,
        *[lambda: refuse(waiting, by=compliance, at=LATER, why="Not yet")] * 4,
    )

    assert len(won) == 1
    assert Move.objects.filter(what__in=["approved", "refused"]).count() == 1


def test_two_releases_approved_at_once_never_ramp_both(tmp_path):
    strategist, approver = member("strategist"), member("approver")
    waiting = [publish(it, by=strategist, at=NOW) for it in (a_draft(tmp_path), a_quiet_one(tmp_path))]

    won = at_once(*(lambda it=it: agree(it, by=approver, at=LATER) for it in waiting * 4))

    assert (len(won), Release.objects.filter(state="ramping").count()) == (1, 1)
