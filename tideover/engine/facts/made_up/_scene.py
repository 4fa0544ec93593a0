"""Some borrowers and all that happened to them, before tables are made of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Ints
from tideover.engine.facts.made_up._frames import UNKNOWN
from tideover.engine.facts.made_up._joining import Joined, joined
from tideover.engine.facts.made_up._lateness import Lateness, lateness
from tideover.engine.facts.made_up._lending import CURRENT, Loans, lend
from tideover.engine.facts.made_up._money import Paid, pay
from tideover.engine.facts.made_up._paying import settle
from tideover.engine.facts.made_up._people import People, people
from tideover.engine.facts.made_up._reach import Reach, reach
from tideover.engine.facts.made_up._schedule import Dues, schedule


@dataclass(frozen=True)
class Scene:
    """Everything that the tables of these borrowers tell."""

    at: int
    """The book's day; known is what happened before it began (UTC)."""
    folk: People
    joined: Joined
    reached: Reach
    loans: Loans
    dues: Dues
    settled: Ints
    """Day on which each instalment is settled, those still to come included."""
    paid: Paid

    @property
    def cut(self) -> int:
        """The moment up to which everything is known."""
        return self.at * clock.DAY

    @cached_property
    def late(self) -> Lateness:
        """Stretches of lateness in the last months."""
        return lateness(self.loans, self.dues, self.settled, self.at)

    @cached_property
    def closed(self) -> Ints:
        """Day on which each loan was repaid; UNKNOWN while it is open. Cards stay open."""
        return self._of_the_last(self.paid.settled)

    @cached_property
    def closed_at(self) -> Ints:
        """The moment of it."""
        return self._of_the_last(self.paid.settled_at)

    @cached_property
    def final(self) -> Ints:
        """Day on which each loan's last instalment falls due; UNKNOWN for cards."""
        return self._of_the_last(self.dues.due)

    def _of_the_last(self, values: Ints) -> Ints:
        has = self.dues.first[1:] > self.dues.first[:-1]
        last = np.full(len(self.loans), UNKNOWN)
        last[has] = values[self.dues.first[1:][has] - 1]
        return last

    @cached_property
    def first_loans(self) -> Ints:
        """Rows of each borrower's present loan, in order of the borrowers."""
        return np.flatnonzero(self.loans.place == CURRENT)

    @cached_property
    def others(self) -> Ints:
        """Rows of the people who stand in somebody else's loan."""
        return np.flatnonzero(self.folk.part > 0)

    @cached_property
    def loans_of_others(self) -> Ints:
        """Beside `others`: the row of that loan, the borrower's present one."""
        numbers = self.loans.number[self.first_loans]
        return self.first_loans[np.searchsorted(numbers, self.folk.number[self.others])]


def scene(seed: int, numbers: Ints, at: int) -> Scene:
    """The borrowers with these numbers, up to that day."""
    folk = people(seed, numbers, at)
    loans = lend(folk, at)
    dues = schedule(loans)
    settled = settle(folk, loans, dues, at)
    since = joined(folk, loans)
    return Scene(
        at=at,
        folk=folk,
        joined=since,
        reached=reach(folk, since, at),
        loans=loans,
        dues=dues,
        settled=settled,
        paid=pay(loans, dues, settled, at),
    )
