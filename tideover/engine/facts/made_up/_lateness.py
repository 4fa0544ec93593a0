"""Which instalments are or were late: where reminders, promises, plans and reasons begin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tideover.engine.facts.made_up._draws import Draws, Flags, Ints
from tideover.engine.facts.made_up._lending import Loans
from tideover.engine.facts.made_up._schedule import Dues

REMEMBERED = 200
"""Days back to which talks are kept in full."""


@dataclass(frozen=True)
class Lateness:
    """One row for each late instalment of the last months that began a stretch of lateness."""

    row: Ints
    """Its place among the instalments."""
    loan: Ints
    person: Ints
    number: Ints
    due: Ints
    until: Ints
    """Day it was paid, or the book's day where it is not."""
    is_paid: Flags
    draws: Draws

    def __len__(self) -> int:
        return len(self.row)

    @property
    def days(self) -> Ints:
        """Days late in the end, or so far."""
        return self.until - self.due


def lateness(loans: Loans, dues: Dues, settled: Ints, at: int) -> Lateness:
    """Whoever is still behind with the instalment before is in the same stretch."""
    until = np.minimum(settled, at)
    recent = np.flatnonzero((until > dues.due) & (dues.due >= at - REMEMBERED))
    before = np.maximum(recent - 1, 0)
    fresh = (dues.number[recent] == 1) | (settled[before] <= dues.due[recent])
    rows = recent[fresh]
    loan = dues.loan[rows]
    draws = loans.draws[loan].each("late", dues.number[rows])
    return Lateness(
        rows,
        loan,
        loans.person[loan],
        dues.number[rows],
        dues.due[rows],
        until[rows],
        settled[rows] < at,
        draws,
    )
