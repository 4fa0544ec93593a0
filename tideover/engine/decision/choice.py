"""Channel, slot, weekday and tone: each drawn from few cells of integer weights, with its propensity logged.

A draw mixes the person's seed with literals from sha256(salt | stage) in integer rounds modulo 2^31 - 1, so
every engine draws the same. What may not be left to chance takes the first open cell, propensity 10,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw

from tideover.engine.arithmetic import PRIME, first_of, largest, number, pick, remainder, residue, whole
from tideover.kit.ids import literals

WHOLE = 10_000
FLOOR = 100
PRIOR_WEIGHT = 8
"""A published prior counts as much as this many contacts of the person's own."""


def draw(salt: str, stage: str, by_day: bool) -> nw.Expr:
    """A number from 0 to 9,999 for each person, from `seed` and, where it changes daily, `today`."""
    a, b, c, d, e = literals(salt, stage, 5)
    x = remainder(nw.col("seed"), PRIME)
    if by_day:
        x = residue(x + nw.col("today") * e, PRIME)
    x = residue(x * a + b, PRIME)
    x = residue(x * x + c, PRIME)
    x = residue(x * d + a, PRIME)
    x = residue(x * x + b, PRIME)
    return residue(x, WHOLE)


def shrunk(prior: nw.Expr, good: nw.Expr, tried: nw.Expr) -> nw.Expr:
    """A share per 10,000 drawn from the prior towards what the person herself did."""
    return whole(prior * PRIOR_WEIGHT + good * WHOLE, tried + PRIOR_WEIGHT)


@dataclass(frozen=True)
class Stage:
    """One choice among cells. `cells` are the values, in a fixed order; weights stand in `weight__<name>__<cell>`."""

    name: str
    cells: Sequence[int | str]

    def weight(self, cell: int | str) -> str:
        """The column that holds a cell's weight."""
        return f"weight__{self.name}__{cell}"

    def chosen(self, frame: nw.LazyFrame, drawn: nw.Expr, by_chance: nw.Expr) -> nw.LazyFrame:
        """The frame with `<name>` and `<name>_propensity` (per 10,000); NULL where no cell is open.

        What may not be left to chance takes the first open cell in the declared order.
        """
        weights = [nw.col(self.weight(cell)) for cell in self.cells]
        total, drawn_at, place, picked = (
            nw.col(f"{what}__{self.name}") for what in ("total", "draw", "place", "picked")
        )
        frame = frame.with_columns(
            nw.sum_horizontal(*weights).alias(f"total__{self.name}"),
            nw.when(by_chance).then(drawn).otherwise(number(0)).alias(f"draw__{self.name}"),
        )
        frame = frame.with_columns((drawn_at * total).alias(f"draw__{self.name}"))
        running = [nw.sum_horizontal(*weights[: at + 1]) * WHOLE for at in range(len(weights))]
        found = first_of((drawn_at < upto, number(at)) for at, upto in enumerate(running))
        frame = frame.with_columns(found.alias(f"place__{self.name}"))
        weight = first_of((place == at, it) for at, it in enumerate(weights))
        frame = frame.with_columns(weight.alias(f"picked__{self.name}"), self._value(place).alias(self.name))
        share = (
            nw.when(by_chance).then(whole(picked * WHOLE, total)).otherwise(pick(picked > 0, number(WHOLE)))
        )
        return frame.with_columns(share.alias(f"{self.name}_propensity"))

    def _value(self, place: nw.Expr) -> nw.Expr:
        if self.cells == tuple(range(len(self.cells))):
            return place
        return first_of((place == at, nw.lit(cell)) for at, cell in enumerate(self.cells))

    def eligible(self) -> nw.Expr:
        """Which cells were open: 1 or 0 for each, in order."""
        return nw.concat_str(
            *(
                nw.when(nw.col(self.weight(cell)) > 0).then(nw.lit("1")).otherwise(nw.lit("0"))
                for cell in self.cells
            ),
            separator="",
        )


def masked_weight(weight: nw.Expr, is_open: nw.Expr) -> nw.Expr:
    """The weight of an open cell, at least the floor; 0 of a closed one."""
    return nw.when(is_open).then(largest(weight.fill_null(FLOOR), number(FLOOR))).otherwise(number(0))
