"""Channel, slot, weekday and tone: each drawn from few cells of integer weights, with its propensity logged.

A draw mixes the person's seed with literals from sha256(salt | stage) in integer rounds modulo 2^31 - 1, so
every engine draws the same. What may not be left to chance takes the heaviest cell, propensity 10,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import narwhals as nw

from tideover.engine.arithmetic import PRIME, largest, number, pick, remainder, unknown, whole
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
        x = (x + nw.col("today") * e) % PRIME
    x = (x * a + b) % PRIME
    x = (x * x + c) % PRIME
    x = (x * d + a) % PRIME
    x = (x * x + b) % PRIME
    return x % WHOLE


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
        """The frame with `<name>` and `<name>_propensity` (per 10,000); NULL where no cell is open."""
        weights = [nw.col(self.weight(cell)) for cell in self.cells]
        total, most = f"total__{self.name}", f"most__{self.name}"
        frame = frame.with_columns(
            reduce(lambda a, b: a + b, weights).alias(total), largest(*weights).alias(most), drawn.alias("draw__")
        )
        place, running = unknown(), nw.col(total)
        for at in reversed(range(len(self.cells))):
            by_draw = nw.col("draw__") * nw.col(total) < WHOLE * running
            best = nw.col(self.weight(self.cells[at])) == nw.col(most)
            hit = (by_chance & by_draw & (nw.col(self.weight(self.cells[at])) > 0)) | (~by_chance & best)
            place = nw.when(hit).then(number(at)).otherwise(place)
            running = running - weights[at]
        frame = frame.with_columns(pick(nw.col(total) > 0, place).alias("place__"))
        weight = reduce(
            lambda rest, at: nw.when(nw.col("place__") == at).then(weights[at]).otherwise(rest),
            range(len(self.cells)),
            unknown(),
        )
        frame = frame.with_columns(weight.alias("picked__"))
        share = whole(nw.col("picked__") * WHOLE, nw.col(total))
        return frame.with_columns(
            self._value().alias(self.name),
            nw.when(by_chance).then(share).otherwise(pick(nw.col("picked__") > 0, number(WHOLE))).alias(f"{self.name}_propensity"),
        ).drop("draw__", "place__", "picked__", total, most)

    def _value(self) -> nw.Expr:
        empty = nw.lit(None).cast(nw.String) if isinstance(self.cells[0], str) else unknown()
        return reduce(
            lambda rest, it: nw.when(nw.col("place__") == it[0]).then(nw.lit(it[1]) if isinstance(it[1], str) else number(it[1])).otherwise(rest),
            enumerate(self.cells),
            empty,
        )

    def eligible(self) -> nw.Expr:
        """Which cells were open: 1 or 0 for each, in order."""
        return nw.concat_str(
            *(nw.when(nw.col(self.weight(cell)) > 0).then(nw.lit("1")).otherwise(nw.lit("0")) for cell in self.cells),
            separator="",
        )


def masked_weight(weight: nw.Expr, is_open: nw.Expr) -> nw.Expr:
    """The weight of an open cell, at least the floor; 0 of a closed one."""
    return nw.when(is_open).then(largest(weight.fill_null(FLOOR), number(FLOOR))).otherwise(number(0))
