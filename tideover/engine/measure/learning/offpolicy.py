"""What another way of choosing would have done, read from a log in which the chance of each choice was written down.

Inverse propensity scoring and its self-normalised form (Horvitz and Thompson 1952; Swaminathan and Joachims 2015):
rows that the other way would have chosen more often count more. No model of people is assumed, only that the log
really drew with the chances it says, and gave some to everything the other way would choose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tideover.engine.measure.intervals import Estimate, Z
from tideover.kit.errors import Refused

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


class LogUnusable(Refused):
    """A log from which nothing can be estimated."""


@dataclass(frozen=True)
class Log:
    """One row a choice: which cell was chosen, the chance it had (0 to 1), and what came of it."""

    chosen: Whole
    chance: Floats
    reward: Floats

    def __post_init__(self) -> None:
        if not len(self.chosen) == len(self.chance) == len(self.reward):
            raise LogUnusable(
                "A log has one chance and one reward for each choice; these have different lengths."
            )
        if len(self.chosen) == 0:
            raise LogUnusable("The log is empty, so nothing can be estimated from it.")
        if not ((self.chance > 0) & (self.chance <= 1)).all():
            raise LogUnusable(
                "Every chance in a log lies above 0 and is at most 1; what could not happen was not chosen."
            )

    @staticmethod
    def of(chosen: Whole, propensity: Whole, reward: Floats) -> Log:
        """From propensities as decisions log them, per 10,000."""
        return Log(chosen, propensity / 10_000, reward)


@dataclass(frozen=True)
class OffPolicy:
    """The estimate, and how many rows drawn under the other way would tell as much."""

    estimate: Estimate
    effective_rows: float


def weights_for(log: Log, target: Floats) -> Floats:
    """How much each row counts. `target`: row by cell, the chance the other way gives each cell; rows sum to 1."""
    if target.ndim != 2 or len(target) != len(log.chosen):
        raise LogUnusable("The other way needs a chance for every row of the log and every cell.")
    if not np.allclose(target.sum(axis=1), 1) or (target < 0).any():
        raise LogUnusable("The chances of the other way must sum to 1 in every row, none below 0.")
    weights: Floats = target[np.arange(len(log.chosen)), log.chosen] / log.chance
    return weights


def ips(log: Log, target: Floats) -> OffPolicy:
    """Inverse propensity scoring: unbiased; wide where the other way differs much."""
    weights = weights_for(log, target)
    scored = weights * log.reward
    return OffPolicy(_estimate(float(scored.mean()), scored - scored.mean()), _effective(weights))


def snips(log: Log, target: Floats) -> OffPolicy:
    """Self-normalised: slightly biased in small logs, steadier, and never outside the rewards seen."""
    weights = weights_for(log, target)
    total = weights.sum()
    if total == 0:
        raise LogUnusable(
            "The other way would never have chosen what the log chose; the log says nothing about it."
        )
    value = float((weights * log.reward).sum() / total)
    # The delta method: the ratio's error is that of weighted deviations over the mean weight.
    return OffPolicy(_estimate(value, weights * (log.reward - value) / weights.mean()), _effective(weights))


def estimate(log: Log, target: Floats) -> OffPolicy:
    """What the other way would have earned a row, with a 95 % interval. Self-normalised."""
    return snips(log, target)


def _estimate(value: float, deviations: Floats) -> Estimate:
    n = len(deviations)
    half = Z * float(np.sqrt((deviations**2).sum() / max(n - 1, 1) / n))
    return Estimate(value, value - half, value + half, n)


def _effective(weights: Floats) -> float:
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0
