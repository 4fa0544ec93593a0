"""Nobody is erased on one person's word: one asks and says why, another agrees, and it is done."""

import json
from datetime import timedelta

import pytest

from tests.people import held, late, together
from tests.people import outsider as somebody_else
from tests.recording import recorded
from tests.staff import NOW, member, outsider
from tideover.access.actions import change_role, switch_off
from tideover.access.actors import SYSTEM
from tideover.access.allowed import NotAllowed
from tideover.access.audit import verify
from tideover.access.models import AuditRow, Request
from tideover.access.roles import Role
from tideover.access.two_persons import NotOpen, SecondPersonNeeded, approve
from tideover.book.models import Person
from tideover.delivery.privacy.agreeing import (
    AskerMayNoMore,
    NoReason,
    NotAgreed,
    agree_to_erase,
    ask_to_erase,
    erase_as_agreed,
    turn_down_erasure,
    wish_for,
    wishes,
)
from tideover.delivery.privacy.erasing import NeededForAClaim
from tideover.delivery.privacy.files import decided_in_runs
from tideover.delivery.privacy.subject import NobodyThere
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.runs import run_nightly

HER = "zuleikha-7041"
LATER = NOW + timedelta(hours=1)
TOMORROW = NOW + timedelta(hours=22)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def lender(settings, tmp_path):
    settings.DATA = tmp_path / "data"
    recorded(together(late(HER), somebody_else()))


@pytest.fixture
def compliance():
    return member("compliance", "north")


@pytest.fixture
def approver():
    return member("approver")


def asked(by, why="she_asked"):
    return ask_to_erase(person_id=HER, why=why, by=by, at=NOW)


def is_there():
    return Person.objects.filter(pk=HER).exists()


def test_one_asks_another_agrees_and_she_is_gone(compliance, approver):
    wish = asked(compliance)
    assert is_there()

    done = agree_to_erase(request=wish, by=approver, at=LATER)

    assert not is_there()
    assert "rows were removed" in done.said[0]
    assert Request.objects.get().state(LATER) == "used"
    trail = AuditRow.objects.order_by("number").values_list("action", "actor_id")
    assert list(trail) == [
        ("request_asked", str(compliance.pk)),
        ("request_approved", str(approver.pk)),
        ("request_used", str(compliance.pk)),
        ("person_erased", str(approver.pk)),
    ]


def test_neither_wish_nor_trail_names_her(compliance, approver):
    wish = asked(compliance)
    assert HER not in json.dumps(wish.what)

    agree_to_erase(request=wish, by=approver, at=LATER)

    rows = [json.dumps([it.actor_id, it.about, it.detail]) for it in AuditRow.objects.all()]
    assert [it for it in rows if HER in it] == []
    assert verify().holds


def test_nobody_agrees_to_their_own_wish(compliance, approver):
    with pytest.raises(SecondPersonNeeded):
        agree_to_erase(request=asked(compliance), by=compliance, at=LATER)
    assert is_there()


def test_whoever_lacks_the_power_neither_asks_nor_agrees(compliance):
    for them in (outsider(), member("lead", "north"), member("admin")):
        with pytest.raises(NotAllowed):
            asked(them)
        with pytest.raises(NotAllowed):
            agree_to_erase(request=asked(compliance), by=them, at=LATER)
    assert is_there()


def test_a_wish_says_why_and_asked_again_is_the_same(compliance):
    with pytest.raises(NoReason):
        asked(compliance, why="because")

    assert asked(compliance) == asked(compliance, why="not_needed")
    assert list(wishes(LATER)) == [wish_for(HER, LATER)]


def test_turned_down_she_stays_and_it_can_be_asked_anew(compliance, approver):
    wish = asked(compliance)
    turn_down_erasure(request=wish, by=approver, at=LATER)

    with pytest.raises(NotOpen):
        agree_to_erase(request=wish, by=approver, at=LATER)
    assert is_there()
    assert asked(compliance).pk != wish.pk


def test_a_wish_ends_with_its_days(compliance, approver):
    wish = asked(compliance)

    with pytest.raises(NotOpen):
        agree_to_erase(request=wish, by=approver, at=NOW + timedelta(days=8))
    assert is_there()


def test_an_open_claim_comes_first_whenever_it_opened(compliance, approver):
    wish = asked(compliance)
    recorded(held(HER, "dispute"))

    with pytest.raises(NeededForAClaim):
        agree_to_erase(request=wish, by=approver, at=LATER)
    with pytest.raises(NeededForAClaim):
        asked(compliance)
    assert wish_for(HER, LATER).state(LATER) == "asked"
    assert is_there()


@pytest.fixture
def decided(lender):
    """A night has decided about her, so that files hold her too."""
    ensure_shipped(at=NOW)
    run_nightly(at=NOW)
    return decided_in_runs(HER)


def test_whoever_asked_and_may_no_more_is_no_first_person(compliance, approver, decided):
    wish = asked(compliance)
    switch_off(staff=compliance, by=None, at=NOW)

    with pytest.raises(AskerMayNoMore, match="ask anew"):
        agree_to_erase(request=wish, by=approver, at=LATER)

    assert is_there()
    assert decided_in_runs(HER) == decided != []
    assert Request.objects.get().approved_at is None
    assert list(wishes(LATER)) == []


def test_another_asks_anew_in_the_place_of_one_who_may_no_more(compliance, approver):
    asked(compliance)
    change_role(
        staff=compliance, role=Role.AGENT, branches=["north"], sees_every_branch=False, by=None, at=NOW
    )

    anew = ask_to_erase(
        person_id=HER, why="she_asked", by=member("compliance", "north", name="another"), at=NOW
    )
    agree_to_erase(request=anew, by=approver, at=LATER)

    assert not is_there()


def test_agreed_on_and_broken_off_it_is_not_finished_for_one_who_may_no_more(compliance, approver, decided):
    approve(request=asked(compliance), by=approver, at=LATER)
    switch_off(staff=compliance, by=None, at=LATER)

    with pytest.raises(NotAgreed, match="Nobody asked"):
        erase_as_agreed(person_id=HER, by=SYSTEM, at=LATER)
    assert decided_in_runs(HER) == decided != []


def test_alone_a_night_has_to_pass_and_is_marked(compliance, settings):
    settings.ONE_PERSON = True
    wish = asked(compliance)
    with pytest.raises(SecondPersonNeeded, match="night"):
        agree_to_erase(request=wish, by=compliance, at=LATER)

    agree_to_erase(request=wish, by=compliance, at=TOMORROW)

    assert not is_there()
    assert AuditRow.objects.filter(action="request_approved_alone").exists()


def test_an_operator_alone_erases_nobody(compliance):
    with pytest.raises(NotAgreed, match="Nobody asked"):
        erase_as_agreed(person_id=HER, by=SYSTEM, at=NOW)
    asked(compliance)
    with pytest.raises(NotAgreed, match="nobody else has agreed"):
        erase_as_agreed(person_id=HER, by=SYSTEM, at=LATER)
    assert is_there()


def test_what_two_agreed_on_and_broke_off_is_carried_out_by_an_operator(compliance, approver):
    approve(request=asked(compliance), by=approver, at=LATER)

    erase_as_agreed(person_id=HER, by=SYSTEM, at=LATER)

    assert not is_there()
    with pytest.raises(NobodyThere):
        erase_as_agreed(person_id=HER, by=SYSTEM, at=LATER)


def test_twice_agreed_is_once_erased(compliance, approver):
    wish = asked(compliance)
    agree_to_erase(request=wish, by=approver, at=LATER)

    with pytest.raises(NobodyThere):
        agree_to_erase(request=wish, by=approver, at=LATER)
