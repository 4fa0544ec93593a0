"""Since when each person is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Draws, Ints
from tideover.engine.facts.made_up._lending import Loans
from tideover.engine.facts.made_up._people import People


@dataclass(frozen=True)
class Joined:
    """Columns as long as the people."""

    day: Ints
    at: Ints
    """The moment."""

    def some_day_since(self, draws: Draws, what: str, people: Ints, until: int) -> Ints:
        """A day after these people (rows) joined and before the day `until`."""
        return self.day[people] + 1 + draws.below(what, np.maximum(until - self.day[people] - 1, 1))


def joined(folk: People, loans: Loans) -> Joined:
    """Borrowers join some time before their first loan; whoever stands in it, some days before."""
    first = np.full(len(folk), np.iinfo(np.int64).max)
    np.minimum.at(first, loans.person, loans.disbursed)
    first = first[folk.mains][np.searchsorted(folk.number[folk.mains], folk.number)]
    before = np.where(folk.part == 0, folk.draws.below("joined", 700), folk.draws.below("joined", 20))
    day = first - 1 - before
    return Joined(day, clock.in_office(folk.draws, "joined at", folk.zone, day))
