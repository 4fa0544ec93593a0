"""Paying more never costs more, and what is told agrees with the ledger to the unit."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tideover.repayment.ledger.orders import Order
from tideover.repayment.ledger.pouring import Step, pour_ahead
from tideover.repayment.loans import Instalment
from tideover.repayment.terms.what_if import Open, as_agreed, later_by, open_of, with_more

TODAY = date(2026, 11, 25)
ORDER = Order("instalments", ("interest", "principal", "fees"), "principal")


def a_year(principal=10_000, interest=300, fees=50, *, first=10):
    return tuple(
        Open(TODAY + timedelta(days=first + 30 * n), principal, interest * (12 - n) // 12, fees)
        for n in range(12)
    )


schedules = st.lists(
    st.tuples(st.integers(0, 50_000), st.integers(0, 5_000), st.integers(0, 500)), min_size=1, max_size=18
).map(lambda parts: tuple(Open(TODAY + timedelta(days=20 * n - 25), *it) for n, it in enumerate(parts)))
amounts = st.integers(0, 60_000)


@given(schedules)
def test_who_pays_nothing_more_pays_what_the_schedule_says(rest):
    told = with_more(rest, on=TODAY)

    assert told == as_agreed(rest)
    assert told.total == sum(it.principal + it.interest + it.fees for it in rest)
    assert told.ends_on == rest[-1].due_on


@given(schedules, amounts, amounts, amounts, amounts)
def test_paying_more_never_costs_more_and_never_lasts_longer(rest, each, once, more_each, more_once):
    less = with_more(rest, on=TODAY, each=each, once=once)
    more = with_more(rest, on=TODAY, each=each + more_each, once=once + more_once)

    assert more.total <= less.total
    assert more.ends_on <= less.ends_on
    assert more.principal == sum(it.principal for it in rest)


@given(schedules, amounts)
def test_the_ledger_asks_for_no_more_than_was_told(rest, once):
    later = [it for it in rest if it.due_on > TODAY]
    steps = [
        Step(n, it.due_on, {"principal": it.principal, "interest": it.interest, "fees": it.fees})
        for n, it in enumerate(later)
    ]
    once = min(once, sum(it.principal for it in later))

    pour_ahead(steps, once, on=TODAY, order=ORDER)
    told = with_more(later, on=TODAY, once=once)

    asked = sum(
        it.due["interest"]
        for it in steps
        if any(step.open("principal") for step in steps if step.due_on >= it.due_on)
    )
    assert asked <= told.interest


def test_a_hundred_more_each_month_ends_a_year_of_payments_early_and_says_what_it_saves():
    rest = a_year()

    plain, told = as_agreed(rest), with_more(rest, on=TODAY, each=10_000)

    assert told.ends_on == rest[5].due_on
    assert plain.total - told.total > 0
    assert told.fees == 6 * 50


def test_what_was_paid_of_a_payment_went_to_interest_first():
    step = Instalment(1, TODAY, 1_000, 100, 10, 150, None)

    assert open_of([step]) == (Open(TODAY, 950, 0, 10),)


def test_ten_days_later_cost_interest_of_ten_days_rounded_up_and_nothing_is_said_without_a_rate():
    step = Open(TODAY, 100_000, 1_000, 0)

    assert later_by(10, step, rate_ppm=182_500).interest == 500
    assert later_by(1, step, rate_ppm=182_501).interest == 51
    assert not later_by(10, step, rate_ppm=None).is_known
