"""Money over a schedule, to the last unit: whatever the order, the amounts and the currency, nothing is lost or made."""

from copy import deepcopy
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tideover.repayment.ledger.orders import Order, allocation
from tideover.repayment.ledger.pouring import (
    PARTS,
    Step,
    close,
    fill,
    owed_on,
    pour,
    pour_ahead,
    pour_smaller,
    take_back,
)

TODAY = date(2026, 11, 25)
ORDERS = st.builds(
    Order, st.sampled_from(["instalments", "parts"]), st.permutations(PARTS).map(tuple), st.just("ahead")
)  # fmt: skip
AMOUNTS = st.one_of(st.integers(0, 12), st.integers(0, 10**12))
"""Dong have no decimals, pounds two, dinars three: to the ledger all are whole units, few or very many."""


@st.composite
def schedules(draw):
    """One to six instalments around today, each part of any size."""
    days = draw(st.lists(st.integers(-90, 90), min_size=1, max_size=6))
    return [
        Step(number, TODAY + timedelta(days=day), {part: draw(AMOUNTS) for part in PARTS})
        for number, day in enumerate(days, 1)
    ]


def paid(steps):
    return sum(it.total_paid for it in steps)


def sound(steps):
    return all(0 <= it.paid[part] <= it.due[part] for it in steps for part in PARTS)


@given(schedules(), st.lists(AMOUNTS, max_size=5), ORDERS)
def test_parts_add_up_to_the_payment_and_never_go_beyond_what_is_due(steps, amounts, order):
    beyond = [pour(steps, it, on=TODAY, order=order) for it in amounts]

    assert paid(steps) + sum(beyond) == sum(amounts)
    assert sound(steps)
    assert not any(beyond) or all(it.left == 0 for it in steps)
    assert all((it.settled_on is None) == bool(it.left) for it in steps if it.amount)


@given(schedules(), AMOUNTS, AMOUNTS, ORDERS)
def test_two_payments_of_a_day_pay_what_their_sum_would(steps, one, other, order):
    together = deepcopy(steps)

    pour(steps, one, on=TODAY, order=order)
    pour(steps, other, on=TODAY, order=order)
    pour(together, one + other, on=TODAY, order=order)

    assert [it.paid for it in steps] == [it.paid for it in together]


@given(schedules(), AMOUNTS, AMOUNTS, ORDERS)
def test_what_is_taken_back_is_just_what_was_asked_or_all_that_was_paid(steps, amount, back, order):
    pour(steps, amount, on=TODAY, order=order)
    before = paid(steps)

    short = take_back(steps, back, order)

    assert before - paid(steps) == back - short
    assert sound(steps)
    assert not short or paid(steps) == 0


@given(schedules(), AMOUNTS, ORDERS)
def test_money_ahead_that_shortens_a_loan_is_kept_whole_and_interest_only_shrinks(steps, amount, order):
    before = {it.number: it.due["interest"] for it in steps}

    beyond = pour_ahead(steps, amount, on=TODAY, order=order)

    assert paid(steps) + beyond == amount
    assert sound(steps)
    assert all(it.due["interest"] <= before[it.number] for it in steps)


@given(schedules(), AMOUNTS, ORDERS)
def test_money_for_lower_payments_is_kept_whole_and_comes_off_each_by_its_share(steps, amount, order):
    before = deepcopy(steps)
    due = sum(it.left for it in steps if it.due_on <= TODAY)

    beyond = pour_smaller(steps, amount, on=TODAY, order=order)

    assert paid(steps) + beyond == amount
    assert sound(steps)
    lent = sum(it.due["principal"] for it in before if it.due_on > TODAY)
    for was, now in zip(before, steps, strict=True):
        assert now.due["interest"] <= was.due["interest"]
        if was.due_on > TODAY and 0 < max(amount - due, 0) < lent:
            share = (amount - due) * was.due["principal"] / lent
            assert abs(now.paid["principal"] - share) <= max(1, share * 1e-9)


@given(schedules(), AMOUNTS, st.integers(-100, 100), st.one_of(st.none(), st.integers(0, 3_000_000)), ORDERS)
def test_a_payoff_is_never_above_the_schedule_and_closes_the_loan_to_the_unit(
    steps, amount, days, rate, order
):
    pour(steps, amount, on=TODAY, order=order)
    on = TODAY + timedelta(days=days)

    owed = owed_on(steps, on, rate_ppm=rate, began_on=TODAY - timedelta(days=100))
    assert 0 <= sum(owed.values()) <= sum(it.left for it in steps)
    close(steps, owed, on=on)

    assert sum(it.left for it in steps) == sum(owed.values())
    assert pour(steps, sum(owed.values()), on=on, order=order) == 0
    assert all(it.left == 0 for it in steps)


@given(schedules(), st.dictionaries(st.integers(1, 6), AMOUNTS), ORDERS)
def test_what_a_schedule_says_was_paid_goes_to_just_that_instalment(steps, said, order):
    known = {number: amount for number, amount in said.items() if number <= len(steps)}

    beyond = fill(steps, known, order)

    assert all(it.total_paid == min(known.get(it.number, 0), it.amount) for it in steps)
    assert paid(steps) + beyond == sum(known.values())


def step(number, days, principal, interest, fees):
    return Step(
        number, TODAY + timedelta(days=days), dict(zip(PARTS, (principal, interest, fees), strict=True))
    )


def poured(name, amount):
    found = allocation().orders[name]
    order = Order(found.across, tuple(found.parts), found.early)
    steps = [step(1, -40, 100, 10, 5), step(2, -10, 100, 8, 5), step(3, 20, 100, 6, 5)]
    pour(steps, amount, on=TODAY, order=order)
    return [tuple(it.paid[part] for part in PARTS) for it in steps]


def test_the_usual_order_pays_the_oldest_instalment_first_and_its_fees_last():
    assert poured("costs_last", 118) == [(100, 10, 5), (0, 3, 0), (0, 0, 0)]


def test_fees_first_pays_all_fees_that_are_due_and_none_that_is_not():
    assert poured("fees_first", 118) == [(90, 10, 5), (0, 8, 5), (0, 0, 0)]


def test_principal_before_interest_stops_what_is_lent_from_costing_more():
    assert poured("principal_before_interest", 205) == [(100, 5, 0), (100, 0, 0), (0, 0, 0)]


def test_the_contract_of_a_product_goes_before_the_law_of_a_country_and_both_before_the_usual(tmp_path):
    shipped = allocation()
    own = shipped.model_copy(
        update={"by_product": {"card": "fees_first"}, "by_country": {"DE": "principal_before_interest"}}
    )

    assert own.order(product="card", country="DE").parts[0] == "fees"
    assert own.order(product="car", country="DE").parts[0] == "principal"
    assert own.order(product="car", country="GB") == shipped.order(product="", country="")
