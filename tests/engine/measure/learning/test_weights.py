"""Weights move from the shipped ones as far as answers carry them, and stay whole."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.engine.decision.published import CHOICES, shipped
from tideover.engine.measure.learning.weights import FLOOR, PRIOR_CONTACTS, WHOLE, in_whole, learned, share_of

SHIPPED = {"app": 5_000, "sms": 4_900, "letter": 100}
counts = st.tuples(st.integers(0, 5_000), st.integers(0, 5_000)).map(lambda it: (max(it), min(it)))
cells = st.dictionaries(st.sampled_from(list(SHIPPED)), counts)


def every_shipped_choice():
    for leaf, row in shipped().leaves.items():
        for choice in CHOICES:
            start = f"prior__{choice}__"
            yield leaf, choice, {name: weight for name, weight in row.items() if name.startswith(start)}


def test_without_any_contact_the_shipped_weights_stay_to_the_digit():
    for leaf, choice, weights in every_shipped_choice():
        assert learned(weights, {}, (0, 0)) == weights, (leaf, choice)


def test_contacts_that_nobody_answers_anywhere_teach_nothing():
    assert learned(SHIPPED, {"app": (900, 0), "sms": (10, 0)}, (910, 0)) == SHIPPED


def test_a_channel_answered_as_often_as_the_others_keeps_its_weight():
    assert (
        learned(SHIPPED, {"app": (1_000, 300), "sms": (1_000, 300), "letter": (1_000, 300)}, (3_000, 900))
        == SHIPPED
    )


def test_a_channel_answered_more_often_gets_more():
    found = learned(SHIPPED, {"app": (1_000, 600), "sms": (1_000, 200)}, (2_000, 800))

    assert found["app"] > SHIPPED["app"]
    assert found["sms"] < SHIPPED["sms"]


def test_as_many_contacts_as_the_prior_carry_half_the_way():
    # In one channel, where the leaf's usual rate is known: 30 %. That channel is answered at 60 %.
    many = 10**9
    half = learned(
        {"app": 5_000, "sms": 5_000},
        {"app": (PRIOR_CONTACTS, 120), "sms": (many, 3 * many // 10)},
        (many, 3 * many // 10),
    )
    lift = Fraction(45, 30)

    assert half["app"] == pytest.approx(float(WHOLE * lift / (lift + 1)), abs=1)


@given(leaf=cells, every=counts)
def test_weights_are_whole_sum_to_all_and_never_fall_below_the_floor(leaf, every):
    found = learned(SHIPPED, leaf, every)

    assert sum(found.values()) == WHOLE
    assert min(found.values()) >= FLOOR
    assert all(isinstance(weight, int) for weight in found.values())


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=3), st.integers(1, 10**6).map(Fraction), min_size=1, max_size=12
    )
)
def test_rounding_loses_nothing_and_keeps_the_order(weights):
    found = in_whole(weights)

    assert sum(found.values()) == WHOLE
    assert min(found.values()) >= FLOOR
    for one in weights:
        for other in weights:
            if weights[one] > weights[other]:
                assert found[one] >= found[other]


def test_a_share_is_drawn_from_the_shipped_one_towards_the_count():
    assert share_of((0, 0), 3_500) == 3_500
    assert share_of((PRIOR_CONTACTS, PRIOR_CONTACTS), 0) == 5_000
    assert share_of((10**9, 0), 3_500) == 0
    assert share_of((10**9, 10**9), 0) == 9_999
