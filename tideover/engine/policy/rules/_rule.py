"""One rule, read and resolved: which cells it covers and which value is in force on a day."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import product

from tideover.engine.policy.rules._schema import RuleFile
from tideover.engine.policy.rules._values import Applies, Value
from tideover.engine.policy.rules._when import filled

Cell = tuple[str, str, str]  # loan kind, purpose, channel


@dataclass(frozen=True)
class Rule:
    """A limit or a duty of one place. `values` are in order of their first day; None ends the rule."""

    written: RuleFile
    place: str
    file: str
    kinds: tuple[str, ...]
    purposes: tuple[str, ...]
    channels: tuple[str, ...]
    values: tuple[tuple[int, Value | None], ...]

    @property
    def id(self) -> str:
        return self.written.id

    @property
    def kind(self) -> str:
        return self.written.kind

    @property
    def status(self) -> str:
        return self.written.status

    def value_on(self, day: int) -> Value | None:
        """The value in force on that day number; None before the first and after an end."""
        number = bisect_right(self.values, day, key=lambda dated: dated[0])
        return self.values[number - 1][1] if number else None

    def when_on(self, day: int) -> str | None:
        """The condition with the numbers in force on that day; None if the rule has none."""
        value = self.value_on(day)
        if self.written.when is None or not isinstance(value, Applies):
            return None
        return filled(self.written.when, value.numbers)

    def binds(self, acts_as: str) -> bool:
        """Whether it binds a lender who acts as creditor, or as agent for another."""
        return acts_as in self.written.applies_to

    def covers(self, kind: str, purpose: str, channel: str) -> bool:
        """Whether it speaks of this cell."""
        return kind in self.kinds and purpose in self.purposes and channel in self.channels

    @property
    def cells(self) -> list[Cell]:
        """Every cell it speaks of."""
        return list(product(self.kinds, self.purposes, self.channels))


@dataclass(frozen=True)
class Country:
    """A place with rules of its own. `chain` is itself, then what it includes, nearest first."""

    name: str
    title: str
    chain: tuple[str, ...]
    places: tuple[str, ...]
    zone: str
    holidays_country: str | None
    holidays_subdivision: str | None
    weekend: tuple[str, ...]
