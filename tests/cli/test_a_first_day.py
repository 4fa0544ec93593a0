"""A new database: nobody is contacted until two people agreed to what decides."""

import pytest

from tests.people import AT, fresh_payments, late
from tests.recording import recorded
from tests.staff import NOW, member
from tests.web.scene import clock_at
from tideover.strategy.jobs import decide_what_is_new
from tideover.strategy.models import Decision, Release
from tideover.strategy.publishing import approve
from tideover.strategy.trials import try_what_waits
from tideover.strategy.tried import NotTried

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installed(settings, tmp_path):
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    clock_at(settings, tmp_path)
    recorded(late("mary"), fresh_payments(AT + 86_400))


def test_nothing_decides_until_it_was_asked_for_and_agreed_to(tideover):
    member("strategist")
    said = tideover("migrate")
    assert "No strategy is live, so nobody is contacted." in said.out
    assert not Release.objects.exists()
    assert decide_what_is_new(by="worker", at=NOW) == 0

    tideover("publish", "everyday", "--whole")
    assert decide_what_is_new(by="worker", at=NOW) == 0
    assert "No strategy is live" in tideover("migrate").out

    approver = member("approver")
    with pytest.raises(NotTried):
        approve(Release.objects.get(), by=approver, at=NOW)
    try_what_waits(by="worker", at=NOW)
    approve(Release.objects.get(), by=approver, at=NOW)
    assert decide_what_is_new(by="worker", at=NOW) == 1
    assert Decision.objects.get().person_id == "mary"
    assert "decides for everybody" in tideover("migrate").out


def test_in_shadow_what_was_asked_for_decides_before_anybody_agreed(tideover, tmp_path):
    member("strategist")
    theirs = tmp_path / "list.csv"
    theirs.write_text("Customer ID,Channel,Message\nmary,SMS,Overdue\n")
    shadow = ("shadow", "--list", theirs, "--at", "2026-11-25T10:00Z", "--out", tmp_path / "shadow")

    before = tideover(*shadow)
    assert "none is asked for" in before.out + before.err

    tideover("publish", "everyday", "--whole")
    assert "Nothing was sent." in tideover(*shadow).out
    assert not Decision.objects.exists()
