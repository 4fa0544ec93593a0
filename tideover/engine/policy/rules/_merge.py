"""The strictest of all rules that cover a cell.

Windows intersect, caps all stand, the longest rest counts, one ban is enough. A rule that merges by `own` is the
nearest place's own value: it gives way where a nearer place says anything of the same kind about the cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

from tideover.engine.policy.rules._hours import Hours
from tideover.engine.policy.rules._lists import KINDS, ClosedLists
from tideover.engine.policy.rules._rule import Cell, Country, Rule
from tideover.engine.policy.rules._schema import SHAPES
from tideover.engine.policy.rules._tables import MergedWindow, WindowPart
from tideover.engine.policy.rules._values import Codes, Count, Rest, Value
from tideover.kit.calendars import ALWAYS

ON_CELLS = frozenset(kind for kind, shape in SHAPES.items() if "classes" in shape.may)


@dataclass(frozen=True)
class InForce:
    """A rule with the value in force, seen from one place: `distance` 0 is the place's own."""

    rule: Rule
    value: Value
    distance: int

    @property
    def order(self) -> tuple[bool, int, str]:
        """Law before a lender's choice, near before far: whose name a block carries when several forbid it."""
        return self.rule.status != "law", self.distance, self.rule.id


@dataclass(frozen=True)
class Merged:
    """What the rules over a cell come to."""

    window: MergedWindow
    by: dict[str, str]  # kind of rule -> id of the first that says so
    words: str
    words_by: str
    caps: tuple[tuple[str, str, Count], ...]  # rule id, scope, count
    rests: tuple[tuple[str, str, Rest], ...]


def seen_from(country: Country, rules: Sequence[tuple[Rule, Value]]) -> list[InForce]:
    """The rules that hold at a place, in the order in which they are named."""
    distance = {place: number for number, place in enumerate(country.chain)}
    held = [InForce(rule, value, distance[rule.place]) for rule, value in rules if rule.place in distance]
    return sorted(held, key=lambda one: one.order)


def merge_cells(country: Country, held: Sequence[InForce], lists: ClosedLists) -> dict[Cell, Merged]:
    """Every cell of a place with what its rules come to; equal sets of rules share one result."""
    over: dict[Cell, list[int]] = {
        (kind, purpose, channel): []
        for kind in KINDS
        for purpose in lists.purposes
        for channel in lists.channels
    }
    for number, one in enumerate(held):
        if one.rule.kind in ON_CELLS and one.rule.written.when is None:
            for cell in one.rule.cells:
                over[cell].append(number)
    made: dict[tuple[int, ...], Merged] = {}
    merged: dict[Cell, Merged] = {}
    for cell, numbers in over.items():
        key = tuple(numbers)
        if key not in made:
            made[key] = _merge(country, _standing([held[number] for number in numbers]))
        merged[cell] = made[key]
    return merged


def _standing(covering: list[InForce]) -> list[InForce]:
    nearest: dict[str, int] = {}
    for one in covering:
        nearest[one.rule.kind] = min(one.distance, nearest.get(one.rule.kind, one.distance))
    return [
        one for one in covering if one.rule.written.merge != "own" or one.distance == nearest[one.rule.kind]
    ]


def _merge(country: Country, standing: list[InForce]) -> Merged:
    by: dict[str, str] = {}
    for one in standing:
        by.setdefault(one.rule.kind, one.rule.id)
    words = [one for one in standing if isinstance(one.value, Codes)]
    codes = dict.fromkeys(code for one in words if isinstance(one.value, Codes) for code in one.value.codes)
    return Merged(
        window=_window(country, standing),
        by=by,
        words=",".join(sorted(codes)),
        words_by=",".join(one.rule.id for one in words),
        caps=tuple((one.rule.id, _scope(one), one.value) for one in standing if isinstance(one.value, Count)),
        rests=_longest(standing),
    )


def _window(country: Country, standing: list[InForce]) -> MergedWindow:
    parts = tuple(
        WindowPart(one.rule.id, one.value, one.rule.written.override)
        for one in sorted(standing, key=lambda one: one.rule.id)
        if isinstance(one.value, Hours)
    )
    holidays = any(part.hours.holidays_closed for part in parts)
    name = "+".join(part.rule_id for part in parts) or "always"
    return MergedWindow(
        id=f"{name}@{country.name}" if holidays else name,
        window=reduce(and_, (part.hours.window for part in parts), ALWAYS),
        holidays=holidays,
        country=country.holidays_country if holidays else None,
        subdiv=country.holidays_subdivision if holidays else None,
        parts=parts,
    )


def _longest(standing: list[InForce]) -> tuple[tuple[str, str, Rest], ...]:
    rests: dict[str, tuple[str, str, Rest]] = {}
    for one in standing:
        if isinstance(one.value, Rest):
            scope = _scope(one)
            if scope not in rests or one.value.seconds > rests[scope][2].seconds:
                rests[scope] = (one.rule.id, scope, one.value)
    return tuple(rests[scope] for scope in sorted(rests))


def _scope(one: InForce) -> str:
    return one.rule.written.scope or "person"
