"""What helps, side by side: the same money in other payments, its true cost, and cheaper before longer."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tideover.repayment.plans.limits import LEVELS, plan_limits
from tideover.repayment.plans.means import Means
from tideover.repayment.plans.options import options_for
from tideover.repayment.plans.schedule import Due, Owed, cut, longer_costs

ON = date(2026, 11, 25)
LIMITS = plan_limits().otherwise


def owed(
    *, days=(-20, 11, 41, 72), interest=1_000, fees=200, rate=120_000, frequency="monthly", product="personal"
):
    steps = tuple(Due(ON + timedelta(days=it), 9_000, interest, fees) for it in days)
    return Owed("asha-loan-1", product, "GBP", rate, frequency, steps)


def offered(of=None, means=None, **about):
    return {it.kind: it for it in options_for(of or owed(), means or Means(), LIMITS, ON, **about)}


def test_every_kind_is_offered_to_somebody_who_is_late():
    assert set(offered()) == {"relief", "move_date", "split", "weekly", "smaller", "pause", "review"}


def test_moved_to_her_payday_it_costs_the_days_to_the_penny():
    option = offered(means=Means(payday=10))["move_date"]

    assert [it.on.day for it in option.schedule] == [10, 10, 10]
    # 90.00 for 15 days, and 4, 5 and 5 days more of the others at 12 % a year: 90 x 29 x 0.12 / 365 = 0.86.
    assert (option.extra, option.total) == (86, 40_800 + 86)
    assert option.ends_on == date(2027, 2, 10)
    assert option.who == "self"


def test_half_for_three_months_then_as_before_until_all_is_paid():
    option = offered(owed(rate=None))["smaller"]

    assert [it.amount for it in option.schedule] == [5_100, 5_100, 5_100, 10_200, 10_200, 5_100]
    assert option.ends_later
    assert option.extra == 0
    assert option.until_on == option.schedule[2].on


def test_a_pause_gives_a_month_and_every_payment_follows_in_its_turn():
    option = offered()["pause"]

    assert option.schedule[0].on == date(2027, 1, 6)
    assert [it.amount for it in option.schedule[:-1]] == [10_200] * 3


def test_fees_are_let_go_before_anything_is_stretched():
    kinds = list(offered())

    assert kinds[0] == "relief"
    assert offered()["relief"].let_go == 800
    assert offered()["relief"].who == "agent"


def test_what_fits_her_means_comes_first_then_a_person_then_the_rest():
    options = list(offered(means=Means(spare=6_000)).values())

    fits = [it.fits for it in options]
    assert fits == sorted(fits, key=lambda it: {True: 0, None: 1, False: 2}[it])
    assert options[0].kind == "smaller"
    assert max(it.amount for it in options[0].schedule[:3]) <= 6_000


def test_where_half_is_still_too_much_an_agent_may_go_further():
    option = offered(means=Means(spare=3_000))["smaller"]

    assert (option.who, option.fits, option.first.amount) == ("agent", True, 3_000)


def test_a_guarantor_is_asked_first_where_the_loan_gets_longer():
    assert offered()["pause"].guarantor == ""
    option = offered(has_guarantor=True)["pause"]
    assert (option.guarantor, option.who) == ("asked_first", "agent")
    assert offered(has_guarantor=True)["move_date"].who == "self"


def test_after_enough_plans_somebody_else_decides():
    assert {it.who for it in offered(least="approver").values() if it.schedule} == {"approver"}


def test_weekly_payments_are_paid_sooner_and_so_cost_less():
    option = offered(owed(days=(11, 41, 72)))["weekly"]

    assert option.extra < 0
    assert not option.ends_later
    assert "weekly" not in offered(owed(frequency="weekly"))


def test_nothing_open_leaves_a_person_to_talk_with():
    assert list(offered(replace(owed(), steps=()))) == ["review"]


def test_a_lender_whose_interest_does_not_run_charges_nothing_for_time():
    limits = LIMITS.model_copy(update={"interest_runs": False})

    assert all(it.extra <= 0 for it in options_for(owed(), Means(), limits, ON))


amounts = st.integers(0, 500_000)
steps = st.lists(
    st.builds(Due, st.dates(date(2025, 6, 1), date(2028, 6, 1)), st.integers(1, 500_000), amounts, amounts),
    max_size=14,
).map(lambda its: tuple(sorted(its, key=lambda it: it.on)))
loans = st.builds(
    Owed, st.just("l"), st.just("personal"), st.sampled_from(["GBP", "VND", "KWD"]),
    st.none() | st.integers(0, 600_000), st.sampled_from(["monthly", "weekly", "biweekly", "daily", ""]), steps,
)  # fmt: skip
means_of = st.builds(Means, st.none() | st.integers(0, 900_000), st.none() | st.integers(1, 31))


@settings(max_examples=150, deadline=None)
@given(of=loans, means=means_of, has_guarantor=st.booleans(), least=st.sampled_from(LEVELS))
def test_whatever_is_owed_no_unit_is_lost_and_the_order_is_kind(of, means, has_guarantor, least):
    options = options_for(of, means, LIMITS, ON, has_guarantor=has_guarantor, least=least)

    lent = sum(it.principal for it in of.steps)
    for it in options:
        if it.kind == "review":
            continue
        assert sum(step.principal for step in it.schedule) == lent
        assert min(min(step.principal, step.interest, step.fees) for step in it.schedule) >= 0
        assert it.total == sum(step.amount for step in it.schedule) == of.total + it.extra
        days = [step.on for step in it.schedule]
        assert days == sorted(set(days))
        assert days[0] >= ON
        assert LEVELS.index(it.who) >= LEVELS.index(least)
        assert it.let_go >= 0
    assert len({it.kind for it in options}) == len(options)
    assert [it.kind for it in options].count("review") == 1
    ranks = [
        (2 if it.fits is False else 0, 0 if it.let_go else 1 + it.ends_later) for it in options if it.schedule
    ]
    assert ranks == sorted(ranks)
    assert options == options_for(of, means, LIMITS, ON, has_guarantor=has_guarantor, least=least)


@given(of=steps.filter(bool), days=st.lists(st.integers(0, 400), min_size=1, max_size=9))
def test_cutting_changes_days_and_never_sums(of, days):
    total = sum(it.amount for it in of)
    shares = [total // len(days)] * len(days)
    shares[-1] += total - sum(shares)

    new = cut(of, [(ON + timedelta(days=it), share) for it, share in zip(sorted(days), shares, strict=True)])

    for part in ("principal", "interest", "fees"):
        assert sum(getattr(it, part) for it in new) == sum(getattr(it, part) for it in of)


@given(st.integers(1, 10**9), st.integers(0, 3_000), st.integers(0, 600_000))
def test_the_cost_of_time_is_rounded_to_the_nearest_unit(principal, days, rate):
    before, after = [Due(ON, principal)], [Due(ON + timedelta(days=days), principal)]

    cost = longer_costs(before, after, rate, ON)

    assert abs(cost * 365 * 1_000_000 - principal * days * rate) * 2 <= 365 * 1_000_000
    assert longer_costs(after, before, rate, ON) == -cost
