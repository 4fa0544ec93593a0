"""Channel, slot, weekday and tone: each drawn from few cells of integer weights, with its propensity logged.

A draw mixes the person's seed with literals from sha256(salt | stage) in integer rounds modulo 2^31 - 1, so
every engine draws the same. What may not be left to chance takes the first open cell, propensity 10,000.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import narwhals as nw

from tideover.engine.arithmetic import (
    PRIME,
    exactly,
    first_of,
    largest,
    number,
    pick,
    remainder,
    residue,
    whole,
)
from tideover.kit.ids import literals

WHOLE = 10_000
FLOOR = 100
PRIOR_WEIGHT = 8
"""A published prior counts as much as this many contacts of the person's own."""


def lot(stage: str) -> nw.Expr:
    """The number drawn for a stage."""
    return nw.col(f"lot__{stage}")


def with_lots(frame: nw.LazyFrame, salt: str, stages: Sequence[str], *, by_day: bool = True) -> nw.LazyFrame:
    """`lot__<stage>`: a number from 0 to 9,999 for each person, from `seed` and, where it changes daily, `today`."""
    keys = {stage: literals(salt, stage, 5) for stage in stages}
    seed, today = remainder(nw.col("seed"), PRIME), nw.col("today")
    rounds: tuple[Callable[[nw.Expr, tuple[int, ...]], nw.Expr], ...] = (
        lambda x, k: residue((residue(x + today * k[4], PRIME) if by_day else x) * k[0] + k[1], PRIME),
        lambda x, k: residue(residue(x * x + k[2], PRIME) * k[3] + k[0], PRIME),
        lambda x, k: residue(residue(x * x + k[1], PRIME), WHOLE),
    )
    frame = frame.with_columns(*(seed.alias(f"lot__{stage}") for stage in stages))
    for each in rounds:
        frame = frame.with_columns(
            *(each(lot(stage), keys[stage]).alias(f"lot__{stage}") for stage in stages)
        )
    return frame


@dataclass(frozen=True)
class Seen:
    """How a cell did: its published share per 10,000, and how often the person answered of so many tries."""

    prior: nw.Expr
    good: nw.Expr
    tried: nw.Expr


@dataclass(frozen=True)
class Stage:
    """One choice among cells. `cells` are the values, in a fixed order; weights stand in `weight__<name>__<cell>`."""

    name: str
    cells: Sequence[int | str]

    def weight(self, cell: int | str) -> str:
        """The column that holds a cell's weight."""
        return f"weight__{self.name}__{cell}"

    def weighted(self, frame: nw.LazyFrame, seen: Sequence[Seen], is_open: Sequence[nw.Expr]) -> nw.LazyFrame:
        """The frame with each cell's weight: its share, drawn from the prior towards what the person herself did."""
        names = [self.weight(cell) for cell in self.cells]
        frame = frame.with_columns(
            *(
                (it.prior * PRIOR_WEIGHT + it.good * WHOLE).alias(name)
                for name, it in zip(names, seen, strict=True)
            ),
            *((it.tried + PRIOR_WEIGHT).alias(f"of__{name}") for name, it in zip(names, seen, strict=True)),
        )
        of = [(nw.col(name), nw.col(f"of__{name}")) for name in names]
        shares = [
            exactly(part - residue(part, whole_of), whole_of) for part, whole_of in of
        ]  # of at least PRIOR_WEIGHT
        return self.masked(frame, shares, is_open)

    def masked(
        self, frame: nw.LazyFrame, weights: Sequence[nw.Expr], is_open: Sequence[nw.Expr]
    ) -> nw.LazyFrame:
        """The frame with each cell's weight, 0 where it is closed, and `eligible_<name>s`."""
        weights = [masked_weight(*it) for it in zip(weights, is_open, strict=True)]
        frame = frame.with_columns(
            *(weight.alias(self.weight(cell)) for cell, weight in zip(self.cells, weights, strict=True))
        )
        return frame.with_columns(self.eligible().alias(f"eligible_{self.name}s"))

    def chosen(self, frame: nw.LazyFrame, by_chance: nw.Expr) -> nw.LazyFrame:
        """The frame with `<name>` and `<name>_propensity` (per 10,000), from `lot__<name>`; NULL where no cell is open.

        What may not be left to chance takes the first open cell in the declared order.
        """
        weights = [nw.col(self.weight(cell)) for cell in self.cells]
        total, drawn_at, place, picked = (
            nw.col(f"{what}__{self.name}") for what in ("total", "draw", "place", "picked")
        )
        frame = frame.with_columns(
            nw.sum_horizontal(*weights).alias(f"total__{self.name}"),
            nw.when(by_chance).then(lot(self.name)).otherwise(number(0)).alias(f"draw__{self.name}"),
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
