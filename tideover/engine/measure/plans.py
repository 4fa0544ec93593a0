"""A strategy ready to be tried on any day: the rules of that day, and one plan for as long as they stay the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tideover.engine.decision.plan import Plan
from tideover.engine.decision.published import Published
from tideover.engine.policy.rules import Rules
from tideover.engine.policy.strategy import Strategy
from tideover.kit.days import datetime_of, day_of

PlanMaker = Callable[[int], Plan]
"""The plan that holds at a moment."""


@dataclass
class Plans:
    """A plan maker. Making a plan costs a second, so one is kept for each set of rules."""

    strategy: Strategy
    rules: Rules
    published: Published
    salt: str
    acts_as: str = "creditor"
    _made: dict[str, Plan] = field(default_factory=dict)

    def __call__(self, at: int) -> Plan:
        rules = self.rules.on(day_of(datetime_of(at).date()), self.acts_as)
        if rules.hash not in self._made:
            self._made[rules.hash] = Plan(self.strategy, rules, self.published, self.salt)
        return self._made[rules.hash]
