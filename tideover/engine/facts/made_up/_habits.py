"""How people pay: few habits, and chances that were set so that the whole book shows the known statistics.

Aims (measured on real mobile loans and card accounts, see the tests): 17.4 % of first instalments late; the next one
late in 14.8 % with none late before and in 50.2 % where more than half were; 30-59 days late cure in 51 % within a
month and worsen in 5 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tideover.engine.facts.made_up._draws import Floats, Points


@dataclass(frozen=True)
class Habit:
    """One way of paying. `slip` is a chance per instalment; `roll` and `stop` are chances per thirty days."""

    name: str
    share: float
    slip: float
    """Pays one instalment some days late."""
    roll: float
    """Begins to pay every instalment a month or more late: always one behind."""
    stop: float
    """Pays nothing for a long time, or ever."""
    turns: float = 0.0
    """How much of `slip`, `roll` and `stop` is added with each month of the last half year."""


HABITS = (
    Habit("spotless", 0.635, 0.074, 0.026, 0.0008),
    Habit("sometimes", 0.215, 0.185, 0.075, 0.0030),
    Habit("often", 0.041, 0.300, 0.200, 0.0080),
    Habit("worsening", 0.028, 0.060, 0.030, 0.0020, turns=0.8),
    Habit("self_curing", 0.036, 0.240, 0.000, 0.0),
    Habit("payday_gap", 0.028, 0.010, 0.002, 0.0010),
    Habit("first_slip", 0.017, 0.0, 0.0, 0.0),
)
SPOTLESS, SOMETIMES, OFTEN, WORSENING, SELF_CURING, PAYDAY_GAP, FIRST_SLIP = range(len(HABITS))

LEAVES_ROLLING = 0.52
"""Chance per thirty days that someone always one behind catches up."""
LEAVES_ROLLING_IN_A_WEEK = 0.16
"""The same chance for those who pay weekly, per week."""
ROLLING_STOPS = 0.03
"""Chance per thirty days that someone always one behind stops."""

EARLY: Points = ((0.0, -6), (0.08, -5), (0.25, -3), (0.45, -2), (0.6, -1), (0.72, 0), (1.0, 0))
"""Days from the due day for those who pay in time."""
SLIPS: Points = ((0.0, 1), (0.1, 1), (0.25, 3), (0.43, 5), (0.7, 13), (0.88, 24), (0.95, 33), (1.0, 50))
"""Days late of a single slip."""
SHORT_SLIPS: Points = ((0.0, 1), (0.4, 2), (0.75, 5), (0.93, 9), (1.0, 21))
"""Days late of a single slip where payments are weekly, or where the person always cures herself."""
BEHIND: Points = ((0.0, 31), (0.5, 43), (1.0, 58))
"""Days by which someone who is always one behind pays late."""
STOPPED: Points = ((0.0, 62), (0.2, 90), (0.5, 170), (0.75, 400), (0.8, 3_650), (1.0, 3_650))
"""Days for which someone who stops pays nothing; ten years stands for never."""
AGES_OF_LOST: Points = ((0.0, 200), (0.5, 380), (0.85, 800), (0.97, 1_700), (1.0, 2_900))
"""Days since a loan that nobody repays any more should have been repaid."""
GAPS: Points = ((0.0, 2), (0.3, 4), (0.7, 7), (1.0, 12))
"""Days from the due day to the payday of those whose pay comes later."""


def shares() -> tuple[float, ...]:
    """How common each habit is."""
    return tuple(habit.share for habit in HABITS)


def rates(name: str) -> Floats:
    """One of the chances, by habit."""
    return np.array([getattr(habit, name) for habit in HABITS], dtype=np.float64)
