"""Cards: no schedule, but a class of days late at each month's end, and a payment in most months.

The moves between classes follow measured month-by-month card accounts: 30-59 days late cure in 51 % and worsen in
5 % of months, 60-89 days worsen in 29 %, and whoever is deepest mostly stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up import _habits as habits
from tideover.engine.facts.made_up._clock import month_starts
from tideover.engine.facts.made_up._draws import Floats, Ints
from tideover.engine.facts.made_up._frames import UNKNOWN, Rows, frame, gathered
from tideover.engine.facts.made_up._payments import WHOLE, Payments
from tideover.engine.facts.made_up._scene import Scene
from tideover.engine.facts.made_up._world import REVOLVING

_FROM = np.array([0, 1, 30, 60, 90, 120, 150])
_TO = np.array([0, 29, 59, 89, 119, 149, UNKNOWN])

_BETTER = (0.00, 0.55, 0.51, 0.45, 0.25, 0.15, 0.06)
"""By class: chance within a month to be current again."""
_WORSE = (0.00, 0.20, 0.05, 0.29, 0.58, 0.74, 0.00)
"""By class: chance within a month to fall into the next class. Current ones slip by habit."""
_SLIP_SHARE = 0.75
"""A month's chance to be late on a card, against that of one instalment."""


@dataclass(frozen=True)
class Standings:
    """One row a card and month end, in that order."""

    loan: Ints
    month: Ints
    """Months since the card was opened, from 1."""
    on: Ints
    late: Ints
    """Class of days late, 0 is current."""
    used: Ints
    """Thousandths of the limit that are owed."""


def standings_of(scene: Scene) -> Standings:
    """How each card stood at its month ends before the book's day."""
    loans = scene.loans
    cards = np.flatnonzero(loans.is_kind(REVOLVING))
    starts = month_starts()
    opened = np.searchsorted(starts, loans.disbursed[cards], side="right")
    until = np.searchsorted(starts, scene.at - 1, side="right") - 1
    months = np.maximum(until - opened, 0)
    late = np.zeros(len(cards), dtype=np.int64)
    rows = np.repeat(np.arange(len(cards)), months)
    first = np.cumsum(months) - months
    month = np.arange(len(rows)) - first[rows]
    classes = np.zeros(len(rows), dtype=np.int64)
    draws = loans.draws[cards]
    slip = (habits.rates("slip") + habits.rates("roll"))[loans.habit[cards]]
    for turn in range(int(months.max(initial=0))):
        active = np.flatnonzero(months > turn)
        chance = draws[active].each("month", turn).chance("class")
        late[active] = _moved(late[active], chance, slip[active])
        classes[first[active] + turn] = late[active]
    used = draws[rows].each("month", month).below("used", 300) + 150 + draws.below("usual", 500)[rows]
    return Standings(cards[rows], month + 1, starts[opened[rows] + month + 1] - 1, classes, used)


def _moved(late: Ints, chance: Floats, slip: Floats) -> Ints:
    better = np.array(_BETTER)[late]
    worse = np.where(late == 0, slip * _SLIP_SHARE, np.array(_WORSE)[late])
    return np.where(
        chance < better, 0, np.where(chance < better + worse, np.minimum(late + 1, len(_FROM) - 1), late)
    )


def standings(scene: Scene, stood: Standings) -> Rows:
    """The table `standings`, as month-end files bring it: known one night later."""
    balance = scene.loans.principal[stood.loan] // 1_000 * stood.used
    overdue = np.where(stood.late == 0, 0, balance * np.minimum(3 * stood.late, 40) // 100 + 1)
    return Rows(
        frame(
            "standings",
            loan_id=gathered(scene.loans.ids, stood.loan),
            on=stood.on,
            days_late_from=_FROM[stood.late],
            days_late_to=_TO[stood.late],
            overdue=overdue,
            balance=balance,
            recorded_at=(stood.on + 1) * clock.DAY + 3 * 3_600,
        )
    )


def card_payments(scene: Scene, stood: Standings) -> Payments:
    """One payment in a month that did not worsen."""
    loans = scene.loans
    before = np.concatenate((np.zeros(1, dtype=np.int64), stood.late[:-1]))
    before = np.where(stood.month == 1, 0, before)
    draws = loans.draws[stood.loan].each("card payment", stood.month)
    pays = (stood.late <= before) & draws.happens("pays", np.where(stood.late == 0, 0.9, 0.6))
    day = stood.on - draws.below("day", 27)
    paid_at = clock.by_day(draws, "paid", loans.zone[stood.loan], day)
    rows = np.flatnonzero(pays & (paid_at < scene.cut))
    owed = loans.principal[stood.loan] // 1_000 * stood.used
    amount = (owed * (5 + draws.below("share", 40)) // 100)[rows] + 1
    nothing = np.full(len(rows), UNKNOWN)
    return Payments(
        stood.loan[rows], stood.month[rows], np.full(len(rows), WHOLE), paid_at[rows], amount, nothing
    )
