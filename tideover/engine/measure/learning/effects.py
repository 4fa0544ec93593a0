"""What contacts did: people who were treated beside those left in peace on purpose, with an interval.

A hold-out is drawn once a person, so a person counts once. Only rows that might have been held out are compared: a
duty, a receipt or help in difficulty was never drawn, and its people differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from tideover.engine.measure.intervals import Estimate, of_difference, of_mean, of_share
from tideover.kit.errors import Refused

TREATED, HELD_OUT = "treated", "held_out"
YES_OR_NO = frozenset({0, 1})


class NothingToCompare(Refused):
    """An effect cannot be told: one of the arms has nobody."""


@dataclass(frozen=True)
class Effect:
    """Each arm's value and their difference, treated less held out."""

    treated: Estimate
    held_out: Estimate
    difference: Estimate


def drawn_by_lot(decisions: pl.DataFrame) -> pl.DataFrame:
    """The rows that stand in an arm: something was to be said, it could be held out, and the lot decided whether."""
    return decisions.filter(pl.col("arm").is_in([TREATED, HELD_OUT]))


def effect(decisions: pl.DataFrame, outcomes: pl.DataFrame) -> Effect:
    """The effect on an outcome by person. `decisions`: borrower_id, arm; `outcomes`: borrower_id, value (0/1, or any number).

    Whoever has no outcome is left out. Shares are compared by Newcombe's score interval, other numbers by means.
    Raises NothingToCompare.
    """
    arms = decisions.select("borrower_id", "arm").unique().sort("borrower_id", "arm")
    if both := arms.filter(pl.len().over("borrower_id") > 1)["borrower_id"].to_list():
        raise NothingToCompare(
            f"{both[0]} stands in two arms. An arm is drawn once a person; compare one experiment at a time."
        )
    found = arms.join(outcomes.select("borrower_id", "value").drop_nulls(), on="borrower_id", how="inner")
    values = {arm: found.filter(pl.col("arm") == arm)["value"].to_list() for arm in (TREATED, HELD_OUT)}
    if empty := [arm for arm, known in values.items() if not known]:
        raise NothingToCompare(
            f"Nobody with an outcome is in the arm {empty[0]!r}, so there is nothing to compare with."
        )
    estimate = _share if set(values[TREATED]) | set(values[HELD_OUT]) <= YES_OR_NO else _mean
    treated, held_out = estimate(values[TREATED]), estimate(values[HELD_OUT])
    return Effect(treated, held_out, of_difference(treated, held_out))


def _share(values: Iterable[float]) -> Estimate:
    known = list(values)
    return of_share(int(sum(known)), len(known))


def _mean(values: Iterable[float]) -> Estimate:
    known = list(values)
    return of_mean(sum(known), sum(it * it for it in known), len(known))
