"""Intervals as the literature has them, and wider ones where the same people are counted several times."""

import polars as pl
import pytest

from tests.real import shares


def test_the_interval_is_wilsons():
    found = shares.of(15, 50)

    assert (found.low, found.high) == pytest.approx((0.19103, 0.43752), abs=1e-4)


def test_a_share_of_nobody_says_nothing():
    assert (shares.of(0, 0).low, shares.of(0, 0).high) == (0, 1)


def test_people_counted_several_times_tell_less_than_as_many_people():
    rows = pl.DataFrame({"who": ["a"] * 10 + ["b"] * 10 + ["c"] * 10, "late": [True] * 10 + [False] * 20})

    alone, together = shares.of_rows(rows, "late"), shares.of_rows(rows, "late", "who")

    assert together.value == alone.value
    assert together.low < alone.low
    assert together.high > alone.high


def test_groups_are_told_apart_only_where_their_intervals_do_not_meet():
    assert shares.of(600, 1000).is_above(shares.of(500, 1000))
    assert not shares.of(6, 10).is_above(shares.of(5, 10))
