"""A choice among weights is the same in columns as by hand, and over many people each cell gets its share."""

import narwhals as nw
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference import choice
from tideover.engine.decision.choice import Stage, with_lots

CELLS = ("app", "email", "sms")
PEOPLE = 20_000


def _drawn(weights, seeds, days, by_chance, salt):
    stage = Stage("channel", CELLS)
    columns = {stage.weight(cell): [row[at] for row in weights] for at, cell in enumerate(CELLS)}
    frame = nw.from_native(
        pl.DataFrame({**columns, "seed": seeds, "today": days, "by_chance": by_chance}).lazy()
    )
    made = stage.chosen(with_lots(frame, salt, ["channel"]), nw.col("by_chance"))
    return made.select("channel", "channel_propensity").to_native().collect().rows()


weight = st.just(0) | st.integers(100, 10_000)
people = st.lists(
    st.tuples(
        st.tuples(weight, weight, weight), st.integers(0, 2**32 - 1), st.integers(0, 30_000), st.booleans()
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=40)
@given(people, st.text(max_size=8))
def test_the_same_cell_is_chosen_with_the_same_propensity(rows, salt):
    weights, seeds, days, by_chance = map(list, zip(*rows, strict=True))

    found = _drawn(weights, seeds, days, by_chance, salt)

    for (cell, share), (row, seed, day, chance) in zip(found, rows, strict=True):
        number = choice.draw(salt, "channel", seed, day)
        place, propensity = choice.picked(list(row), number, by_chance=chance)
        assert (cell, share) == (None if place is None else CELLS[place], propensity)


def test_every_cell_gets_its_share_of_people():
    seeds = [choice.draw("people", "seed", number) * 429_496 + number for number in range(PEOPLE)]

    found = _drawn([(5_000, 3_000, 2_000)] * PEOPLE, seeds, [20_000] * PEOPLE, [True] * PEOPLE, "salt")

    shares = [sum(cell == name for cell, _ in found) / PEOPLE for name in CELLS]
    assert all(abs(share - expected) < 0.02 for share, expected in zip(shares, (0.5, 0.3, 0.2), strict=True))


def test_tomorrow_draws_anew():
    seeds = list(range(1_000, 2_000))
    weights = [(4_000, 3_000, 3_000)] * len(seeds)

    today = _drawn(weights, seeds, [20_000] * len(seeds), [True] * len(seeds), "salt")
    tomorrow = _drawn(weights, seeds, [20_001] * len(seeds), [True] * len(seeds), "salt")

    assert 0.5 < sum(one != other for one, other in zip(today, tomorrow, strict=True)) / len(seeds) < 0.8
