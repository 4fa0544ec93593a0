"""Who is in a share: the same people at every step and more of them, as many as chance allows, and nobody twice."""

from math import sqrt

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tideover.kit.ids import seed_of
from tideover.strategy.models.releases import WHOLE
from tideover.strategy.ramp import STEPS
from tideover.strategy.shares import in_share

HASHES = st.text("0123456789abcdef", min_size=64, max_size=64)


def drawn(people, release_hash, share):
    rows = pl.LazyFrame({"borrower_id": people, "seed": [seed_of(it) for it in people]})
    return set(
        in_share(nw.from_native(rows), release_hash, share).collect().get_column("borrower_id").to_list()
    )


@given(st.sets(st.text(min_size=1, max_size=30), max_size=200), HASHES)
@settings(max_examples=60)
def test_who_is_in_at_one_step_is_in_at_the_next_and_at_the_last_everybody_is(people, release_hash):
    known = sorted(people)
    small, more, whole = (drawn(known, release_hash, share) for share in STEPS)

    assert small <= more <= whole == people
    assert drawn(known, release_hash, 0) == set()


@given(HASHES)
@settings(max_examples=10)
def test_a_share_is_as_large_as_it_says(release_hash):
    people = [f"person-{number}" for number in range(20_000)]
    for share in (it for it in STEPS if it < WHOLE):
        expected, spread = len(people) * share / 100, sqrt(len(people) * share / 100 * (1 - share / 100))
        assert abs(len(drawn(people, release_hash, share)) - expected) < 5 * spread


def test_another_release_begins_with_other_people():
    people = [f"person-{number}" for number in range(20_000)]
    first, second = (drawn(people, mark * 64, 10) for mark in "ab")

    assert len(first & second) == pytest.approx(len(people) / 100, rel=0.5)


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=50, unique=True), HASHES)
@settings(max_examples=30)
def test_whoever_is_asked_with_does_not_matter(people, release_hash):
    together = drawn(people, release_hash, 10)

    assert together == {one for one in people if drawn([one], release_hash, 10)}
