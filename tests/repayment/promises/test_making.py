"""A person chooses her own day: what is written down, what is refused, what rests until then."""

from datetime import date, timedelta

import pytest

from tests.people import (
    TODAY,
    guarantor_of,
    held,
    late,
    loan,
    outsider,
    reachable,
    schedule,
    someone,
    together,
)
from tests.recording import NOW, recorded
from tests.staff import member
from tests.staff import outsider as staff_elsewhere
from tideover.access.allowed import NotAllowed
from tideover.access.models import AuditRow
from tideover.access.roles import Role
from tideover.book.models import FACTS
from tideover.kit.money import Money
from tideover.repayment.promises import promise_to_pay, withdraw
from tideover.repayment.promises.models import MOVES, Part, Promise
from tideover.repayment.promises.refusals import (
    DayPast,
    NotAnAmount,
    NotHers,
    NothingToEnd,
    NotOffered,
    PromiseTooFar,
    TooOften,
)

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 27)
LOAN = "late-loan-1"


@pytest.fixture
def asha():
    recorded(late(), outsider())


def promise(on=FRIDAY, at=NOW, **about):
    given = {"person_id": "late", "loan_ids": [LOAN], "origin": "self", **about}
    return promise_to_pay(on=on, at=at, **given)


def told():
    """The latest version of each promise in the book."""
    return list(
        {it.promise_id: it for it in FACTS["promises"].objects.order_by("recorded_at", "id")}.values()
    )


def test_the_day_she_chose_is_a_fact_with_what_is_due_by_then(asha):
    made = promise()

    (fact,) = told()
    assert (fact.loan_id, fact.person_id, fact.on, fact.amount) == (LOAN, "late", FRIDAY, 10_000)
    assert (fact.origin, fact.made_at, fact.ended_at) == ("self", NOW, None)
    assert made.send_by is None


def test_the_same_said_twice_is_one_promise(asha):
    first, second = promise(), promise()

    assert (first.promise, second.is_new) == (second.promise, False)
    assert Promise.objects.count() == 1


def test_another_day_takes_the_place_of_the_first(asha):
    promise()
    promise(on=FRIDAY + timedelta(days=7), at=NOW + timedelta(hours=1))

    assert [(it.on, it.end) for it in told()] == [(FRIDAY, "replaced"), (FRIDAY + timedelta(days=7), None)]


def test_an_undo_on_the_same_day_brings_the_earlier_day_back(asha):
    promise(at=NOW - timedelta(days=3), on=FRIDAY)
    changed = promise(on=FRIDAY + timedelta(days=7))

    withdraw(promise_id=changed.promise.pk, person_id="late", at=NOW + timedelta(minutes=5))

    assert [(it.on, it.end) for it in told()] == [(FRIDAY, None), (FRIDAY + timedelta(days=7), "withdrawn")]


def test_taken_back_on_a_later_day_nothing_runs(asha):
    first = promise(at=NOW - timedelta(days=3), on=FRIDAY)
    changed = promise(on=FRIDAY + timedelta(days=7))

    withdraw(promise_id=changed.promise.pk, person_id="late", at=NOW + timedelta(days=1))

    assert not Part.objects.filter(state="open").exists()
    with pytest.raises(NothingToEnd):
        withdraw(promise_id=first.promise.pk, person_id="late", at=NOW + timedelta(days=1))


def test_one_promise_for_several_loans_shares_an_amount_oldest_first(asha):
    recorded(loan("late", number=2), schedule("late", [TODAY - 2, TODAY + 28], number=2, amount=7_000))

    promise(loan_ids=[LOAN, "late-loan-2"], amount=Money(12_000, "GBP"))

    assert sorted((it.loan_id, it.amount) for it in told()) == [(LOAN, 10_000), ("late-loan-2", 2_000)]


@pytest.mark.parametrize("amount", [Money(0, "GBP"), Money(20_001, "GBP"), Money(100, "EUR")])
def test_an_amount_is_above_nothing_and_no_more_than_is_open(asha, amount):
    with pytest.raises(NotAnAmount):
        promise(amount=amount)


def test_a_day_that_has_passed_is_refused_by_her_own_calendar():
    recorded(late("kiri", zone="Pacific/Kiritimati", country="KI"))
    with pytest.raises(DayPast):
        promise(person_id="kiri", loan_ids=["kiri-loan-1"], on=NOW.date() - timedelta(days=1))
    # There it is Thursday already.
    with pytest.raises(DayPast):
        promise(person_id="kiri", loan_ids=["kiri-loan-1"], on=NOW.date(), at=NOW + timedelta(hours=1))


def test_an_agent_may_write_down_a_later_day_than_she_alone(asha):
    later = NOW.date() + timedelta(days=40)
    with pytest.raises(PromiseTooFar):
        promise(on=later)

    promise(on=later, origin="agent", by=member(Role.AGENT, "north"))

    assert [it.origin for it in told()] == ["agent"]


def test_whoever_may_not_write_facts_writes_no_promise(asha):
    with pytest.raises(NotAllowed):
        promise(origin="agent", by=member(Role.STRATEGIST))
    with pytest.raises(NotHers):
        promise(origin="agent", by=staff_elsewhere())


@pytest.mark.parametrize("kind", ["time_barred", "insolvency", "capacity"])
def test_nothing_is_held_out_while_a_hold_says_to_talk_first(asha, kind):
    recorded(held("late", kind))

    with pytest.raises(NotOffered):
        promise()


def test_a_claim_that_is_too_old_is_never_brought_back():
    days = [TODAY - 400, TODAY - 370]
    recorded(
        together(someone("old"), reachable("old"), loan("old", limitation_on=TODAY), schedule("old", days))
    )

    with pytest.raises(NotOffered):
        promise(person_id="old", loan_ids=["old-loan-1"])
    assert not FACTS["promises"].objects.exists()


def test_what_guarantees_or_is_strange_is_not_hers_to_promise(asha):
    recorded(guarantor_of("late"))

    with pytest.raises(NotOffered):
        promise(person_id="guarantor")
    for stranger, loan_id in (("late", "outsider-loan-1"), ("outsider", LOAN), ("late", "none")):
        with pytest.raises(NotHers):
            promise(person_id=stranger, loan_ids=[loan_id])
    assert not Promise.objects.exists()


def test_after_several_days_that_did_not_work_out_something_else_is_looked_for(asha):
    for days in (12, 9, 6, 3):
        promise(at=NOW - timedelta(days=days), on=NOW.date() - timedelta(days=days - 10))

    with pytest.raises(TooOften):
        promise(on=FRIDAY + timedelta(days=7))


def test_a_day_on_which_banks_rest_comes_with_the_day_to_send_by(asha):
    made = promise(on=date(2026, 11, 28))

    assert made.send_by == FRIDAY


def test_the_trail_names_nobody(asha):
    promise()

    row = AuditRow.objects.get(action="promise_made")
    assert row.actor_kind == "person"
    assert "late" not in row.about
    assert row.detail["origin"] == "self"


def test_every_end_is_meant_and_every_state_is_reached():
    reached = {it for ends in MOVES.values() for it in ends}

    assert reached == set(MOVES)
    assert {it for it, after in MOVES.items() if not after} == {"kept", "partly_kept", "broken", "withdrawn"}
