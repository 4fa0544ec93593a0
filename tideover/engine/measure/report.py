"""What a run or a trial did, as values: everything the page says, nothing about how it looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from tideover.engine.measure.cells import Cells
from tideover.engine.measure.intervals import Estimate
from tideover.engine.measure.where import Where

WRITTEN, CALLED = Where.of(treatment="contact"), Where.of(treatment="human")
LATER, PEACE = Where.of(treatment="wait"), Where.of(treatment="none")


@dataclass(frozen=True)
class Side:
    """One strategy over the days. `frequency`: contacts a person got, and how many people got so many."""

    name: str
    strategy_hash: str
    rules_hash: str
    tables_hash: str
    cells: Cells
    people: int
    frequency: Mapping[int, int]
    topics: int = 0
    offers: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def messages(self) -> int:
        """Messages that leave."""
        return self.cells.total(WRITTEN).rows

    @cached_property
    def calls(self) -> int:
        """Calls and visits for people."""
        return self.cells.total(CALLED).rows

    @cached_property
    def cost(self) -> int:
        """What contacts cost, in thousandths of the lender's currency unit; what waits costs nothing yet."""
        return self.cells.total(WRITTEN).cost + self.cells.total(CALLED).cost

    @property
    def contacts(self) -> int:
        return self.messages + self.calls

    @property
    def left_in_peace(self) -> int:
        """People who hear nothing on any of the days."""
        return self.frequency.get(0, 0)

    @property
    def spoken_to(self) -> int:
        return self.people - self.left_in_peace

    @property
    def most(self) -> int:
        """The most contacts any one person gets."""
        return max((times for times, people in self.frequency.items() if people), default=0)

    @cached_property
    def by_day(self) -> Mapping[int, tuple[int, int]]:
        """Messages, and calls for people, of each day."""
        found = {at: [0, 0] for at in self.cells.moments}
        for cell in self.cells:
            if cell.treatment in ("contact", "human"):
                found[cell.at][cell.treatment == "human"] += cell.rows
        return {at: (messages, calls) for at, (messages, calls) in found.items()}

    @property
    def calls_a_day(self) -> tuple[int, int, int]:
        """The least, the middle and the most calls on one day."""
        calls = sorted(calls for _, calls in self.by_day.values()) or [0]
        return calls[0], calls[len(calls) // 2], calls[-1]


@dataclass(frozen=True)
class Situation:
    """What a strategy does with a person on a day, and why: the grain in which two strategies are compared."""

    treatment: str
    policy: str
    step: str
    because: str


@dataclass(frozen=True)
class Change:
    """Rows in which one strategy does this and the other that. `people` are different people; `example` is one of them."""

    was: Situation
    now: Situation
    rows: int
    people: int
    example: tuple[str, int]


@dataclass(frozen=True)
class Line:
    """Some days in a row on which the same was done with a person. Days are local day numbers."""

    first_day: int
    last_day: int
    treatment: str
    head: str
    says: str


@dataclass(frozen=True)
class Story:
    """One person told in words: who, why this person was chosen to be told, and each strategy's days."""

    person: str
    chosen: str
    about: str
    sides: tuple[tuple[str, tuple[Line, ...]], ...]


@dataclass(frozen=True)
class Report:
    """A run of one day, or a trial of one or two strategies over several. `people` were drawn from `of`, `share` per 10,000."""

    source: str
    moments: tuple[int, ...]
    people: int
    of: int
    share: int
    sides: tuple[Side, ...]
    stories: tuple[Story, ...] = ()
    changes: tuple[Change, ...] = ()
    changed_people: int = 0
    same: int = 0
    difference: Estimate | None = None
    """Contacts a person, the second strategy less the first, person by person."""
    assumes: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    known_until: int | None = None
    currency: str | None = None
    names_people: bool = True

    def naming_nobody(self, open_codes: Callable[[str], str]) -> Report:
        """The same numbers for whoever may see nobody: no story, nobody named behind a total, no reason that is a secret."""
        sides = tuple(replace(side, cells=side.cells.naming_nobody(open_codes)) for side in self.sides)
        return replace(self, sides=sides, stories=(), changes=(), names_people=False)

    @property
    def is_trial(self) -> bool:
        return len(self.moments) > 1 or len(self.sides) > 1

    @property
    def newest(self) -> Side:
        """The strategy that is tried; of one, that one."""
        return self.sides[-1]
