"""A power to act is given by her, shows only what she allowed, and ends with one press; she sees every look."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.recording import NOW
from tests.support.voice.scene import a_customer, holds_of
from tideover.access.borrowers.codes import ask
from tideover.access.sealing import blind
from tideover.book.models import FACTS
from tideover.repayment.loans import loans_of
from tideover.strategy.models import Decision
from tideover.support.voice.acting import NoAddress, people_at
from tideover.support.voice.models import MAY, POWER_MOVES, PowerToAct
from tideover.support.voice.powers import (
    Leave,
    NoName,
    NothingAllowed,
    NotThatDay,
    NotThere,
    end,
    give,
    given_to,
    look,
    looks_at,
    may_for,
)

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=5)
LATER = NOW + timedelta(minutes=10)
UNTIL = date(2027, 6, 30)


def given_power(
    once="one",
    *,
    may=("see", "speak"),
    reach="adviser@example.org",
    until=UNTIL,
    instead=False,
    name="Ann Advice",
):
    leave = Leave(name, reach, tuple(may), until, instead)
    return give(person_id="mary", leave=leave, at=NOW, once=once)


def seen(power, at):
    try:
        return look(power_id=power.pk, acts_id=power.acts_id, at=at)[1]
    except NotThere:
        return ()


def test_whoever_acts_sees_her_loans_and_she_sees_that_they_looked():
    a_customer()
    power = given_power()

    assert [it.loan_id for it in seen(power, SOON)] == ["mary-loan-1"]
    assert [(it.name, it.at) for it in looks_at("mary")] == [("Ann Advice", SOON)]
    assert loans_of(power.acts_id, SOON) == ()  # on no other page, where no look would be written down


def test_whoever_may_only_speak_sees_no_loan():
    a_customer()
    power = given_power(may=("speak",))

    assert look(power_id=power.pk, acts_id=power.acts_id, at=SOON)[1] == ()
    assert may_for(power.acts_id, "mary", "speak", SOON)
    assert not may_for(power.acts_id, "mary", "agree", SOON)


def test_ended_with_one_press_they_see_nothing_from_then_on():
    a_customer()
    power = given_power(instead=True)
    assert holds_of("mary") == ["represented"]

    end(power=power, person_id="mary", at=SOON)

    with pytest.raises(NotThere):
        look(power_id=power.pk, acts_id=power.acts_id, at=LATER)
    assert FACTS["holds"].objects.order_by("recorded_at", "id").last().until_at == SOON
    with pytest.raises(NotThere):
        end(power=power, person_id="mary", at=LATER)


def test_its_day_ends_it_too():
    a_customer()
    power = given_power(until=NOW.date())
    tomorrow = NOW + timedelta(days=1)

    assert given_to(power.acts_id, tomorrow) == []
    with pytest.raises(NotThere):
        look(power_id=power.pk, acts_id=power.acts_id, at=tomorrow)


def test_another_sees_nothing_and_ends_nothing():
    a_customer()
    power = given_power()

    with pytest.raises(NotThere):
        look(power_id=power.pk, acts_id="far", at=SOON)
    with pytest.raises(NotThere):
        end(power=power, person_id="far", at=SOON)


def test_they_come_in_by_a_code_to_the_address_she_wrote():
    a_customer()
    power = given_power()

    assert people_at("email", "ADVISER@example.org") == [power.acts_id]
    assert Decision.objects.get(purpose="invited_to_act").person_id == power.acts_id
    assert ask(index=blind("adviser@example.org"), channel="email", network="n", at=SOON).pk


def test_a_customer_at_that_address_is_another_person_and_is_not_told_from_a_stranger():
    a_customer()

    power = given_power(reach="mary@example.org")

    assert power.acts_id not in ("mary", "far")


def test_one_adviser_of_two_people_is_one_person():
    a_customer()
    first, second = given_power(), given_power("two", may=("see",))
    assert first.acts_id == second.acts_id

    end(power=first, person_id="mary", at=SOON)

    assert [it.loan_id for it in look(power_id=second.pk, acts_id=second.acts_id, at=LATER)[1]] == [
        "mary-loan-1"
    ]
    assert FACTS["parties"].objects.order_by("recorded_at", "id").last().until_at > LATER


@pytest.mark.parametrize(
    ("about", "refused"),
    [
        ({"name": " "}, NoName), ({"may": ()}, NothingAllowed), ({"until": date(2026, 11, 24)}, NotThatDay),
        ({"until": date(2030, 1, 1)}, NotThatDay), ({"reach": "nowhere"}, NoAddress),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(about, refused):
    a_customer()

    with pytest.raises(refused):
        given_power(**about)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(may=st.sets(st.sampled_from(MAY), min_size=1), ended=st.booleans(), days=st.integers(0, 40))
def test_nobody_ever_sees_more_than_was_allowed(may, ended, days):
    if not FACTS["borrowers"].objects.filter(borrower_id="mary").exists():
        a_customer()
    once = f"power-{PowerToAct.objects.count()}"  # an example that is tried again is another power
    power = given_power(once, may=may, until=NOW.date() + timedelta(days=20), reach=f"{once}@example.org")
    if ended:
        end(power=power, person_id="mary", at=SOON)

    at = NOW + timedelta(days=days, minutes=10)
    sees = "see" in may and days <= 20 and not ended

    assert bool(seen(power, at)) == sees
    assert loans_of(power.acts_id, at) == ()
    assert {it for it in MAY if may_for(power.acts_id, "mary", it, at)} == (
        may if days <= 20 and not ended else set()
    )


def test_every_state_is_reached_and_each_end_is_meant():
    reached = {it for moves in POWER_MOVES.values() for it in moves} | {"given"}
    assert reached == set(POWER_MOVES)
    assert [state for state, moves in POWER_MOVES.items() if not moves] == ["ended"]
