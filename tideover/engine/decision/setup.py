"""Everything a decision needs besides the facts, read from content and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tideover.engine.decision.gate import Gate
from tideover.engine.decision.plan import Plan
from tideover.engine.decision.prepared import Prepared
from tideover.engine.decision.published import Published, load, shipped
from tideover.engine.policy.content import SHIPPED
from tideover.engine.policy.lists import read_lists
from tideover.engine.policy.rules import Rules, read_rules
from tideover.engine.policy.strategy import Strategy, find_strategy, read_strategy
from tideover.kit.days import datetime_of, day_of
from tideover.kit.ids import hash_of_files, hash_of_value

DEFAULT_STRATEGY = "everyday"
DEFAULT_SALT = "tideover"


@dataclass
class Setup:
    """A strategy, all rules and the published tables. Plans are made for the rules of a day and kept."""

    strategy: Strategy
    rules: Rules
    published: Published
    content_hash: str
    acts_as: str = "creditor"
    salt: str = DEFAULT_SALT
    _plans: dict[str, Plan] = field(default_factory=dict, repr=False)
    _prepared: dict[tuple[str, tuple[str, ...], frozenset[str]], Prepared] = field(
        default_factory=dict, repr=False
    )
    _gates: dict[str, Gate] = field(default_factory=dict, repr=False)

    def plan(self, at: int) -> Plan:
        """The plan under the rules of the UTC day of a moment."""
        tables = self.rules.on(day_of(datetime_of(at).date()), self.acts_as)
        if tables.hash not in self._plans:
            self._plans[tables.hash] = Plan(self.strategy, tables, self.published, self.salt)
        return self._plans[tables.hash]

    def prepared(
        self, at: int, assumes: tuple[str, ...] = (), *, also: frozenset[str] = frozenset()
    ) -> Prepared:
        """The plan of that day built for facts in memory, for one person, a batch of events, or a trial.

        `also`: further insights that it keeps, for whoever tells a decision in words.
        """
        plan = self.plan(at)
        key = (plan.rules.hash, assumes, also)
        if key not in self._prepared:
            plan = replace(plan, also=also)
            self._prepared[key] = Prepared(plan, assumes=assumes, content_hash=self.content_hash)
        return self._prepared[key]

    def gate(self, at: int) -> Gate:
        """The limits of that day, for contacts that are given."""
        plan = self.plan(at)
        if plan.rules.hash not in self._gates:
            self._gates[plan.rules.hash] = Gate(plan)
        return self._gates[plan.rules.hash]


def read_setup(
    strategy: str = DEFAULT_STRATEGY,
    *,
    tables: Path | None = None,
    overlay: Path | None = None,
    acts_as: str = "creditor",
    salt: str = DEFAULT_SALT,
) -> Setup:
    """Read and check a strategy by name or folder, with the lender's overlay before the shipped content.

    Raises Refused (ContentRefused, RulesRefused) listing every problem found.
    """
    lists = read_lists(overlay)
    rules = read_rules(SHIPPED, *([overlay] if overlay and (overlay / "rules").is_dir() else []))
    parts: Mapping[str, str] = {
        "shipped": _hash_of_folder(SHIPPED),
        "overlay": _hash_of_folder(overlay) if overlay else "",
    }
    return Setup(
        read_strategy(find_strategy(strategy, overlay), lists),
        rules,
        load(tables) if tables else shipped(),
        hash_of_value(dict(parts)),
        acts_as,
        salt,
    )


def _hash_of_folder(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return hash_of_files({path.relative_to(folder).as_posix(): path.read_bytes() for path in files})
