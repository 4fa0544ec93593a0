"""What contacts did, told by those left in peace on purpose."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.measure.conftest import rows_of
from tideover.engine.measure import NothingToCompare, drawn_by_lot, effect
from tideover.engine.measure.intervals import of_difference, of_mean, of_share


def arms(treated, held_out):
    decisions = [(f"t{n}", "treated") for n in range(len(treated))] + [
        (f"h{n}", "held_out") for n in range(len(held_out))
    ]
    outcomes = [(f"t{n}", value) for n, value in enumerate(treated)] + [
        (f"h{n}", value) for n, value in enumerate(held_out)
    ]
    return (
        pl.DataFrame(decisions, schema=["borrower_id", "arm"], orient="row"),
        pl.DataFrame(outcomes, schema={"borrower_id": pl.String, "value": pl.Float64}, orient="row"),
    )


def test_a_difference_of_shares_has_the_interval_of_newcombes_paper():
    # Newcombe 1998, table II, (a): 56/70 less 48/80, method 10.
    found = effect(*arms([1] * 56 + [0] * 14, [1] * 48 + [0] * 32)).difference

    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_an_arm_in_which_all_did_alike_still_has_an_interval():
    found = effect(*arms([1] * 10, [0] * 10)).difference

    assert found.value == 1
    assert 0.5 < found.low < 1
    assert found.high == 1


def test_other_numbers_are_compared_by_their_means():
    found = effect(*arms([3, 5, 7, 9], [1, 2, 3, 2]))

    assert found.treated.value == 6
    assert found.difference.value == 4
    half = 1.959964 * np.sqrt(np.var([3, 5, 7, 9], ddof=1) / 4 + np.var([1, 2, 3, 2], ddof=1) / 4)
    assert found.difference.high - 4 == pytest.approx(half)


def test_of_a_hundred_intervals_about_ninety_five_hold_the_true_difference():
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(600):
        treated, held_out = rng.binomial(900, 0.34), rng.binomial(120, 0.25)
        found = of_difference(of_share(treated, 900), of_share(held_out, 120))
        held += found.low <= 0.09 <= found.high

    assert 0.93 <= held / 600 <= 0.98


def test_a_person_counts_once_though_decided_every_day():
    decisions, outcomes = arms([1, 0, 1], [0, 1])

    assert effect(pl.concat([decisions] * 30), outcomes) == effect(decisions, outcomes)


def test_a_person_in_two_arms_is_refused():
    decisions, outcomes = arms([1], [0])
    twice = pl.concat([decisions, decisions.with_columns(arm=pl.lit("held_out"))])

    with pytest.raises(NothingToCompare, match="two arms"):
        effect(twice, outcomes)


def test_without_a_hold_out_there_is_nothing_to_compare_with():
    with pytest.raises(NothingToCompare, match="'held_out'"):
        effect(*arms([1, 0], []))


def test_only_what_may_be_held_out_is_compared(trial, everyday):
    rows = rows_of(trial.out, "quieter")
    lists = everyday.strategy.lists

    kept = drawn_by_lot(rows)

    classes = {lists.purposes[purpose].purpose_class for purpose in kept["purpose"]}
    assert classes
    assert classes.isdisjoint({"duty", "receipt", "answer", "status"})
    assert rows.filter(arm="held_out").height == kept.filter(arm="held_out").height > 0


@given(st.lists(st.integers(-1_000, 1_000), min_size=2, max_size=40))
def test_a_mean_from_sums_is_the_mean_with_its_usual_interval(values):
    found = of_mean(sum(values), sum(it * it for it in values), len(values))

    half = 1.959964 * np.std(values, ddof=1) / np.sqrt(len(values))
    assert (found.value, found.high - found.value) == pytest.approx((np.mean(values), half), abs=1e-6)


def test_who_knows_everybody_needs_no_interval():
    assert of_mean(10, 60, 5, of=5).low == of_mean(10, 60, 5, of=5).high == 2
