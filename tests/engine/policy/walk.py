"""Walks people through the shipped ladders, day by day, remembering what was said to each. No rules, no chance: policies only."""

from dataclasses import dataclass, field
from functools import reduce

import narwhals as nw
import polars as pl

from tideover.engine.decision.candidates import matched, with_parts
from tideover.engine.policy.expression import Type
from tideover.engine.policy.strategy import Strategy

LADDERS = ("first_slip", "talk", "card_late", "weekly_late", "instalment_late", "neutral_reminder")
NIGHT, MORNING = 6, 10
"""Hours: decisions are made by night, messages leave in the morning."""


@dataclass
class Walker:
    """One person whose payment stays open: what is known of her, and what was said on which day."""

    says: str
    facts: dict
    pays_every: int = 0
    said: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.facts["kind"]

    def days_of(self, *purposes: str) -> list[int]:
        return [day for day, purpose, _ in self.said if purpose in purposes]

    def row(self, day: int, columns: dict[str, Type], members: dict[str, tuple[str, ...]]) -> dict:
        """Her columns on a day."""
        known = {"is_open": True, "role": "borrower", "days_past_due": self._days_late(day), **self.facts}
        if self.pays_every and day > self.pays_every:
            known["days_since_payment"] = day % self.pays_every
            known["recently_paid"] = known["days_since_payment"] <= 3
        return {name: known.get(name, self._told(name, day, members)) for name in columns}

    def _days_late(self, day: int) -> int:
        """A card is looked at once a month: its days late are those of the last month's end."""
        return max(1, 30 * ((day - 1) // 30)) if self.kind == "revolving" else day

    def _told(self, column: str, day: int, members: dict[str, tuple[str, ...]]) -> object:
        what, _, rest = column.partition("__")
        purpose, _, days = rest.partition("__")
        told = self.days_of(purpose)
        if what in ("days_since_told", "days_since_surely_told"):
            return day - told[-1] if told else None
        if what == "told_since_missed":
            return bool(told)
        if what in ("contacts", "times_told"):
            told = self.days_of(*members[purpose]) if what == "contacts" else told
            since = day * 24 + NIGHT - int(days) * 24
            return sum(it * 24 + MORNING > since for it in told)
        return None


def walked(strategy: Strategy, walkers: list[Walker], days: int) -> list[Walker]:
    """Every walker after so many days."""
    policies = [policy for policy in strategy.policies if policy.name in LADDERS]
    steps = {step.rank: step for policy in policies for step in policy.steps}
    types = {
        name.column: name.type
        for policy in policies
        for name in strategy.names.scope(policy.subject).names.values()
    }
    columns = {name: types.get(name, Type.NUMBER) for policy in policies for name in policy.columns}
    columns |= {name: Type.YES_NO for name in columns if name.startswith("told_since_missed__")}
    kinds = {Type.YES_NO: pl.Boolean, Type.TEXT: pl.String}
    schema = {name: kinds.get(kind, pl.Int64) for name, kind in columns.items()}
    members = {name: strategy.lists.purposes_of(name) for name in strategy.lists.classes}
    conditions = [it for policy in policies for it in policy.expressions]
    best = reduce(nw.min_horizontal, [nw.when(nw.col(p.name) > 0).then(nw.col(p.name)) for p in policies])
    for day in range(1, days + 1):
        frame = pl.DataFrame([it.row(day, columns, members) for it in walkers], schema=schema)
        rows, parts = with_parts(nw.from_native(frame.lazy()), conditions)
        ranks = rows.select(*(matched(policy, parts).alias(policy.name) for policy in policies))
        chosen = ranks.select(best.alias("rank")).collect().get_column("rank")
        for walker, rank in zip(walkers, chosen.to_list(), strict=True):
            if rank is not None:
                walker.said.append((day, steps[rank].purpose, steps[rank].name))
    return walkers
