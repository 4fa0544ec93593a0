"""A plan is agreed: the schedule becomes what was seen, collections rest, and it can be undone the same day."""

from datetime import timedelta

import pytest

from tests.people import (
    AT,
    TODAY,
    fresh_payments,
    guarantor_of,
    held,
    loan,
    outsider,
    reachable,
    row,
    someone,
    together,
)
from tests.recording import NOW, recorded
from tests.staff import member
from tests.staff import outsider as staff_elsewhere
from tideover.access.models import AuditRow
from tideover.access.roles import Role
from tideover.access.two_persons import SecondPersonNeeded
from tideover.book.models import FACTS
from tideover.book.queries import known_about
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.engine.facts.written import in_polars
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.loans import loan_of
from tideover.repayment.plans import Means, accept, offered_for, undo
from tideover.repayment.plans.following import follow
from tideover.repayment.plans.means import UNTOLD
from tideover.repayment.plans.models import MOVES, Plan
from tideover.repayment.plans.refusals import NeedsAPerson, NothingToUndo, OptionChanged, TooLateToUndo
from tideover.repayment.promises import promise_to_pay
from tideover.repayment.promises.refusals import NotHers, NotOffered
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped, live_plan
from tideover.strategy.shares import in_force

pytestmark = pytest.mark.django_db
LOAN = "asha-loan-1"
A_DAY = timedelta(days=1)


@pytest.fixture
def asha():
    steps = [
        row("instalments", loan_id=LOAN, number=n, due_on=TODAY - 20 + 30 * n, principal=9_000, interest=900, fees=100, paid=0)
        for n in range(4)
    ]  # fmt: skip
    about = loan("asha", principal=36_000, annual_rate_ppm=120_000, disbursed_on=TODAY - 50)
    recorded(
        together(
            someone("asha"), reachable("asha"), about, {"instalments": steps}, outsider(), fresh_payments(AT)
        )
    )


def options(means=UNTOLD, at=NOW):
    return {it.kind: it for it in offered_for(loan_of(LOAN, "asha", at), "asha", at, means)}


def agree(kind="pause", at=NOW, **about):
    return accept(person_id="asha", loan_id=LOAN, key=options(at=at)[kind].key, at=at, **about)


def schedule(at=NOW):
    return [(it.due_on, it.left) for it in loan_of(LOAN, "asha", at + timedelta(minutes=1)).open_instalments]


def pay(amount, number=1, at=NOW + A_DAY):
    ledger.book(
        payment_id=f"p{number}", loan_id=LOAN, amount=Money(amount, "GBP"), way="card", paid_at=at, at=at
    )


def feed_is_up_to_date():
    recorded({"feeds": [row("feeds", name="payments", fresh_until=AT + 90 * 86_400, recorded_at=AT)]})


def ended():
    return FACTS["plans"].objects.order_by("recorded_at", "id").last().end


@pytest.mark.parametrize("kind", ["move_date", "split", "weekly", "smaller", "pause"])
def test_the_schedule_becomes_just_what_was_seen(asha, kind):
    seen = options()[kind]

    plan = agree(kind)

    assert schedule() == [(it.on, it.amount) for it in seen.schedule]
    assert (plan.kind, plan.level, plan.state) == (kind, "self", "open")
    fact = FACTS["plans"].objects.get()
    assert (fact.loan_id, fact.kind, fact.until_on, fact.ended_at) == (LOAN, kind, seen.until_on, None)


def test_what_she_had_paid_of_a_payment_stays_paid(asha):
    pay(3_000, at=NOW)

    agree("split")

    found = loan_of(LOAN, "asha", NOW + A_DAY)
    assert (found.paid, found.left) == (3_000, 37_000 + _extra())


def _extra():
    return Plan.objects.get().agreed["extra"]


def test_pressed_twice_it_is_one_plan(asha):
    key = options()["pause"].key

    first = accept(person_id="asha", loan_id=LOAN, key=key, at=NOW)
    second = accept(person_id="asha", loan_id=LOAN, key=key, at=NOW + timedelta(seconds=9))

    assert first == second
    assert Plan.objects.count() == 1


def test_undone_on_the_same_day_everything_is_as_before(asha):
    before = schedule()
    plan = agree()

    undo(plan_id=plan.pk, person_id="asha", at=NOW + timedelta(hours=2))

    assert schedule(NOW + timedelta(hours=3)) == before
    assert ended() == "withdrawn"
    with pytest.raises(NothingToUndo):
        undo(plan_id=plan.pk, person_id="asha", at=NOW + timedelta(hours=2))


def test_the_next_day_or_after_a_payment_it_is_changed_together(asha):
    plan = agree()
    with pytest.raises(TooLateToUndo):
        undo(plan_id=plan.pk, person_id="asha", at=NOW + A_DAY)
    pay(10_000, at=NOW + timedelta(minutes=1))

    with pytest.raises(TooLateToUndo):
        undo(plan_id=plan.pk, person_id="asha", at=NOW + timedelta(hours=1))
    assert Plan.objects.get().state == "open"


def test_what_changed_since_she_looked_is_looked_at_again(asha):
    key = options()["pause"].key
    pay(5_000, at=NOW)

    with pytest.raises(OptionChanged):
        accept(person_id="asha", loan_id=LOAN, key=key, at=NOW + timedelta(minutes=1))
    assert not Plan.objects.exists()


def test_beyond_her_own_limits_an_agent_agrees_and_beyond_those_a_lead(asha):
    means = Means(spare=3_000)
    key = options(means)["smaller"].key
    with pytest.raises(NeedsAPerson):
        accept(person_id="asha", loan_id=LOAN, key=key, means=means, at=NOW)

    plan = accept(
        person_id="asha", loan_id=LOAN, key=key, means=means, at=NOW, by=member(Role.AGENT, "north")
    )

    assert plan.level == "agent"


def test_money_is_let_go_by_two_people_as_everywhere(asha):
    with pytest.raises(NeedsAPerson):
        agree("relief")
    with pytest.raises(SecondPersonNeeded):
        agree("relief", by=member(Role.AGENT, "north"))
    assert not Plan.objects.exists()


def test_the_second_plan_is_agreed_by_a_person_and_after_enough_only_looked_at(asha):
    agree("split")
    assert {it.who for it in options(at=NOW + A_DAY).values() if it.schedule} <= {"agent", "approver"}
    Plan.objects.update(state="kept")
    for _ in range(3):
        Plan.objects.create(**{**Plan.objects.values().first(), "id": None})

    assert list(options(at=NOW + A_DAY)) == ["review"]


def test_a_guarantor_is_asked_before_a_loan_gets_longer(asha):
    recorded(guarantor_of("asha"))

    with pytest.raises(NeedsAPerson):
        agree("pause")
    agree("move_date")


def test_what_is_not_hers_or_too_old_is_never_agreed(asha):
    key = options()["pause"].key
    for person, loan_id in (("outsider", LOAN), ("asha", "outsider-loan-1"), ("nobody", LOAN)):
        with pytest.raises(NotHers):
            accept(person_id=person, loan_id=loan_id, key=key, at=NOW)
    with pytest.raises(NotHers):
        accept(person_id="asha", loan_id=LOAN, key=key, at=NOW, by=staff_elsewhere())
    recorded(held("asha", "time_barred", loan=LOAN))
    with pytest.raises(NotOffered):
        accept(person_id="asha", loan_id=LOAN, key=key, at=NOW)


def test_a_plan_takes_the_place_of_a_promise_and_of_an_earlier_plan(asha):
    promise_to_pay(person_id="asha", loan_ids=[LOAN], on=NOW.date() + A_DAY, origin="self", at=NOW)
    first = agree("split")
    assert FACTS["promises"].objects.order_by("id").last().end == "replaced"

    second = agree("pause", at=NOW + timedelta(minutes=5), by=member(Role.AGENT, "north"))
    assert second.replaces == first
    undo(plan_id=second.pk, person_id="asha", at=NOW + timedelta(minutes=9))

    first.refresh_from_db()
    assert first.state == "open"


def test_it_is_kept_when_its_payments_came_by_its_last_day(asha):
    agree("split")
    last = Plan.objects.get().until_on
    for number, (on, amount) in enumerate([it for it in schedule() if it[0] <= last]):
        pay(amount, number, at=NOW + (on - NOW.date()))

    for n in range((last - NOW.date()).days + 10):
        follow(at=NOW + n * A_DAY)

    assert ended() == "kept"


def test_it_is_broken_only_after_days_of_patience(asha):
    agree("split")
    first = schedule()[0][0]
    feed_is_up_to_date()
    patience = (first - NOW.date()).days + 7

    assert sum(follow(at=NOW + n * A_DAY) for n in range(patience)) == 0
    assert sum(follow(at=NOW + n * A_DAY) for n in range(patience, patience + 3)) == 1
    assert ended() == "broken"


def test_while_the_feed_is_behind_no_plan_is_broken(asha):
    agree("split")

    assert sum(follow(at=NOW + n * A_DAY) for n in range(60)) == 0


def decided(at):
    (setup,) = in_force().setups
    made = live_plan(setup, at).run(known_about(["asha"], at), int(at.timestamp()))
    (found,) = in_polars(made.decisions).to_dicts()
    return found["purpose"] or ""


def test_it_is_written_down_for_her_and_reminders_rest_while_it_is_kept(asha):
    ensure_shipped(at=NOW)
    plan = agree("pause")
    feed_is_up_to_date()

    said = Decision.objects.get(purpose="plan_agreed")
    take(at=NOW)
    assert (said.person_id, said.subject) == ("asha", LOAN)
    assert Message.objects.filter(purpose="plan_agreed").exists()
    assert {decided(NOW + n * A_DAY) for n in range(1, 30)} <= {"plan_agreed", "plan_eve", ""}

    undo(plan_id=plan.pk, person_id="asha", at=NOW + timedelta(minutes=1))
    assert not Message.objects.filter(purpose="plan_agreed", state="queued").exists()


def test_the_trail_says_what_and_names_nobody(asha):
    agree("pause")

    noted = AuditRow.objects.get(action="plan_agreed")
    assert noted.detail["kind"] == "pause"
    assert "asha" not in f"{noted.about}{noted.detail}"


def test_every_end_is_meant_and_every_state_is_reached():
    assert {it for ends in MOVES.values() for it in ends} == set(MOVES)
    assert {it for it, after in MOVES.items() if not after} == {"kept", "broken", "withdrawn"}
