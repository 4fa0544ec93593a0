"""What becomes of a promise: kept, partly kept, broken, and never called broken while nobody can know."""

from datetime import date, timedelta

import pytest

from tests.people import AT, fresh_payments, late, row, together
from tests.recording import NOW, recorded
from tideover.book.actions import record
from tideover.book.models import FACTS
from tideover.book.queries import known_about
from tideover.engine.facts.written import in_polars
from tideover.repayment.promises import promise_to_pay
from tideover.repayment.promises.following import follow
from tideover.strategy.releases import ensure_shipped, live_plan
from tideover.strategy.shares import in_force

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 27)
LOAN = "late-loan-1"
A_DAY = timedelta(days=1)
OVER = NOW + 5 * A_DAY
"""Friday and the two days a payment may take are over."""


@pytest.fixture
def promised():
    recorded(late())
    return promise_to_pay(person_id="late", loan_ids=[LOAN], on=FRIDAY, origin="self", at=NOW)


def paid(amount, *, at=NOW + A_DAY, number=1, **about):
    given = {
        "payment_id": f"p{number}",
        "loan_id": LOAN,
        "paid_at": at,
        "amount": amount,
        "state_at": at,
        **about,
    }
    record("payments", [given], source="test", at=at)


def ended():
    row = FACTS["promises"].objects.order_by("recorded_at", "id").last()
    return row.end, row.kept_amount


def test_kept_as_soon_as_the_money_is_here(promised):
    assert follow(at=NOW) == 0
    paid(4_000)
    assert follow(at=NOW + A_DAY) == 0
    paid(6_000, number=2)

    assert follow(at=NOW + A_DAY) == 1

    assert ended() == ("kept", 10_000)


def test_kept_where_only_the_schedule_tells_what_was_paid(promised):
    step = FACTS["instalments"].objects.get(loan_id=LOAN, number=6)
    told = {
        "loan_id": LOAN,
        "number": 6,
        "due_on": step.due_on,
        "principal": 10_000,
        "interest": 0,
        "fees": 0,
    }
    record("instalments", [{**told, "paid": 10_000}], source="test", at=NOW + A_DAY)

    follow(at=OVER)

    assert ended() == ("kept", 10_000)


def test_a_part_is_a_part(promised):
    paid(4_000)

    follow(at=OVER)

    assert ended() == ("broken", 4_000)


def test_broken_only_when_the_day_and_the_way_of_money_are_over(promised):
    for days in (1, 2, 3, 4):
        assert follow(at=NOW + days * A_DAY) == 0

    assert follow(at=OVER) == 1
    assert ended() == ("broken", 0)
    assert follow(at=OVER) == 0


def test_money_from_before_and_money_taken_back_keep_nothing(promised):
    paid(10_000, at=NOW - A_DAY)
    paid(10_000, number=2, reversed_at=NOW + 2 * A_DAY)

    follow(at=OVER)

    assert ended() == ("broken", 0)


def test_money_on_its_way_is_waited_for_some_days(promised):
    paid(10_000, state_at=None)

    assert follow(at=OVER) == 0
    assert follow(at=OVER + 6 * A_DAY) == 1
    assert ended() == ("broken", 0)


def test_while_the_payments_feed_is_behind_nobody_is_said_not_to_have_paid(promised):
    recorded(fresh_payments(AT + 86_400))
    assert follow(at=OVER) == 0
    assert follow(at=OVER + 20 * A_DAY) == 0

    recorded(
        {"feeds": [row("feeds", name="payments", fresh_until=AT + 9 * 86_400, recorded_at=AT + 9 * 86_400)]}
    )

    assert follow(at=OVER + 22 * A_DAY) == 1


def test_one_pass_asks_the_same_number_of_questions_for_one_or_many(django_assert_max_num_queries):
    people = [f"p{n}" for n in range(30)]
    recorded(together(*(late(it) for it in people)))
    for it in people:
        promise_to_pay(person_id=it, loan_ids=[f"{it}-loan-1"], on=FRIDAY, origin="self", at=NOW)

    with django_assert_max_num_queries(25):
        assert follow(at=OVER) == 30


def decided(at):
    """What the live strategy does about her at a moment: purpose and reasons."""
    (setup,) = in_force().setups
    made = live_plan(setup, at).run(known_about(["late"], at), int(at.timestamp()))
    (row,) = in_polars(made.decisions).to_dicts()
    return row["purpose"] or "", row["reasons"]


def test_until_the_day_reminders_rest_and_afterwards_it_is_gently_renewed():
    recorded(late(), fresh_payments(AT + 86_400 * 30))
    ensure_shipped(at=NOW)
    assert "promise" not in str(decided(NOW))

    promise_to_pay(person_id="late", loan_ids=[LOAN], on=date(2026, 12, 3), origin="self", at=NOW)
    until_then = [decided(NOW + days * A_DAY) for days in range(1, 11)]
    follow(at=NOW + 11 * A_DAY)

    assert {purpose for purpose, _ in until_then} <= {"promise_confirmed", "promise_eve", ""}
    assert all("promise" in reasons for _, reasons in until_then)
    assert decided(NOW + 11 * A_DAY)[0] == "promise_broken"
