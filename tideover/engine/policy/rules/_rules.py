"""All rules of a content folder and a lender's overlays, and the tables they come to on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tideover.engine.policy.rules._build import Dated, build
from tideover.engine.policy.rules._lists import ClosedLists
from tideover.engine.policy.rules._rule import Country, Rule
from tideover.engine.policy.rules._tables import RuleTables


@dataclass(frozen=True)
class Rules:
    """`layers` holds the rules by id as they stand after the product's own folder and after each overlay."""

    lists: ClosedLists
    countries: Mapping[str, Country]
    layers: tuple[Mapping[str, Rule], ...]
    drafts_on: frozenset[str] = frozenset()
    _made: dict[tuple[int, str], RuleTables] = field(default_factory=dict, compare=False, repr=False)

    @property
    def by_id(self) -> Mapping[str, Rule]:
        """Every rule that stands, the lender's own in place of ours."""
        return self.layers[-1]

    def on(self, day: int, acts_as: str) -> RuleTables:
        """The tables in force on that day number for a lender that is creditor, or agent for one."""
        edges = self.change_days()
        number = bisect_right(edges, day)
        made = self._made.get((number, acts_as))
        if made is None:
            span = (edges[number - 1] if number else None, edges[number] if number < len(edges) else None)
            rules = self.in_force(day, acts_as)
            made = build(acts_as=acts_as, span=span, rules=rules, countries=self.countries, lists=self.lists)
            self._made[number, acts_as] = made
        return made

    def in_force(self, day: int, acts_as: str) -> Dated:
        """The rules that bind on that day, each with its value."""
        bound = [rule for rule in self.by_id.values() if rule.binds(acts_as) and self.is_on(rule)]
        return [(rule, value) for rule in bound if (value := rule.value_on(day)) is not None]

    def is_on(self, rule: Rule) -> bool:
        """A draft binds nobody until the lender turns it on."""
        return rule.status != "draft" or rule.id in self.drafts_on

    def change_days(self) -> list[int]:
        """The day numbers on which some value begins or ends, in order."""
        return sorted({day for rule in self.by_id.values() if self.is_on(rule) for day, _ in rule.values})

    def with_drafts(self, *ids: str) -> Rules:
        """The same rules with these drafts turned on."""
        return replace(self, drafts_on=self.drafts_on | set(ids), _made={})

    def at_layer(self, number: int) -> Rules:
        """The rules as they stand before the later overlays."""
        return replace(self, layers=self.layers[: number + 1], _made={})
