"""Strategies: policies in order, read from a folder, checked whole, frozen by hash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import Field

from tideover.engine.insight import Insight, Level
from tideover.engine.policy.content import (
    SHIPPED,
    ContentRefused,
    Document,
    Problem,
    read_document,
    validated,
)
from tideover.engine.policy.expression import Expression, ExpressionError, Scope, parse
from tideover.engine.policy.lists import Lists, Strict
from tideover.engine.policy.scope import Names
from tideover.kit.errors import Refused
from tideover.kit.ids import hash_of_files
from tideover.kit.nearest import did_you_mean

HEAD, ORDER = "strategy.yaml", "order.yaml"
MISSING = "is missing; a strategy is a folder with strategy.yaml, order.yaml and policies/"
SILENCE = "silence"
TONES = ("warm", "plain", "firm")
DEFAULT_REASON = "nothing_useful_to_say"
LAST = 1_000_000
"""Added to the rank of an `otherwise`: any silence with a reason of its own is told before it."""
Code = Field(pattern=r"^[a-z][a-z0-9_]*$")


class StepFile(Strict):
    """One step of a policy as it is written."""

    name: str = Field(default="", pattern=r"^[a-z0-9_]*$")
    when: str = ""
    otherwise: str = ""
    do: str = ""
    because: str
    every: int = Field(default=7, ge=0, le=366)
    use_by: int = Field(default=2, ge=0, le=30)
    tones: tuple[Literal["warm", "plain", "firm"], ...] = ("warm",)
    channels: tuple[str, ...] = ()
    lesson: str = ""
    offers: tuple[str, ...] = ()


class PolicyFile(Strict):
    """A policy as it is written: a sentence, a subject, steps in order of priority."""

    says: str = Field(min_length=10)
    subject: Literal["loan", "application", "person"] = "loan"
    roles: tuple[Literal["borrower", "co_borrower", "guarantor"], ...] = ("borrower", "co_borrower")
    applies: str = ""
    steps: tuple[StepFile, ...] = Field(min_length=1)


class StrategyFile(Strict):
    """What holds for the whole strategy."""

    says: str = Field(min_length=10)
    values: dict[str, int] = Field(default_factory=dict)
    hold_out: int = Field(default=0, ge=0, le=2_000)


class OrderFile(Strict):
    """Which candidate wins when a person has several."""

    order: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One checked step. `rank` is its place in the whole strategy; a smaller one wins."""

    policy: str
    name: str
    rank: int
    when: Expression
    because: str
    purpose: str | None
    use_by: int = 2
    tones: tuple[str, ...] = ("warm",)
    channels: tuple[str, ...] = ()
    lesson: str = ""
    offers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Policy:
    """One checked policy."""

    name: str
    says: str
    subject: Level
    roles: tuple[str, ...]
    applies: Expression | None
    steps: tuple[Step, ...]

    @property
    def columns(self) -> frozenset[str]:
        """Every column its expressions read."""
        return frozenset().union(*(it.columns for it in self.expressions))

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Where it applies, and when each step does."""
        return (*([self.applies] if self.applies else []), *(step.when for step in self.steps))


@dataclass(frozen=True)
class Strategy:
    """A checked strategy, ready to be compiled."""

    name: str
    says: str
    policies: tuple[Policy, ...]
    hold_out: int
    hash: str
    registry: Mapping[tuple[Level, str], Insight] = field(repr=False)
    names: Names = field(repr=False)
    lists: Lists = field(repr=False)

    @property
    def steps(self) -> list[Step]:
        """All steps, the winning ones first."""
        return sorted((step for policy in self.policies for step in policy.steps), key=lambda step: step.rank)


def find_strategy(name: str, overlay: Path | None = None) -> Path:
    """The folder of a strategy: a path, the lender's, or a shipped one."""
    shipped = SHIPPED / "strategies" / name
    own = overlay / "strategies" / name if overlay else shipped
    for place in (Path(name), own, shipped):
        if (place / HEAD).exists() or (place is own and own.is_dir() and shipped.is_dir()):
            return place
    known = sorted({p.parent.name for folder in (own, shipped) for p in folder.parent.glob(f"*/{HEAD}")})
    raise Refused(
        f"There is no strategy '{name}'.{did_you_mean(name, known)} Known: {', '.join(known) or 'none'}; "
        "or give a folder with strategy.yaml, order.yaml and policies/."
    )


def strategy_files(folder: Path) -> dict[str, Path]:
    """Every file of a strategy by its place in the folder.

    A folder named as a shipped strategy changes that one file by file: its own file wins, whole.
    """
    return {
        path.relative_to(place).as_posix(): path
        for place in (SHIPPED / "strategies" / folder.name, folder)
        for pattern in ("*.yaml", "policies/*.yaml")
        for path in sorted(place.glob(pattern))
    }


def read_strategy(folder: Path, lists: Lists) -> Strategy:
    """Read and check a strategy folder. Raises ContentRefused listing every problem with file and line."""
    files = strategy_files(folder)
    if missing := [Problem(name, 1, MISSING) for name in (HEAD, ORDER) if name not in files]:
        raise ContentRefused(missing)
    problems: list[Problem] = []
    head = validated(read_document(files[HEAD]), StrategyFile, problems)
    in_order = read_document(files[ORDER])
    order = validated(in_order, OrderFile, problems)
    paths = _policy_files(files, order)
    documents = {Path(name).stem: read_document(path, name) for name, path in paths.items()}
    policies = {name: validated(document, PolicyFile, problems) for name, document in documents.items()}
    if problems or head is None or order is None:
        raise ContentRefused(problems)
    names = Names(lists, {**head.values})
    reader = _PolicyReader(lists, names, problems)
    ranks = _ranks(order, {n: p for n, p in policies.items() if p}, problems, in_order)
    made = tuple(reader.policy(name, it, documents[name], ranks) for name, it in policies.items() if it)
    if problems:
        raise ContentRefused(problems)
    return Strategy(
        folder.name,
        head.says,
        made,
        head.hold_out,
        hash_of_files({name: files[name].read_bytes() for name in (HEAD, ORDER, *paths)}),
        names.registry,
        names,
        lists,
    )


def _policy_files(files: Mapping[str, Path], order: OrderFile | None) -> dict[str, Path]:
    """The policies' files; a shipped one that the lender's own order leaves out is left out."""
    named = {f"policies/{entry.partition('/')[0]}.yaml" for entry in (order.order if order else ())}
    is_own_order = not files[ORDER].is_relative_to(SHIPPED)
    return {
        name: path
        for name, path in sorted(files.items())
        if name.startswith("policies/") and not name.endswith(".cases.yaml")
        if name in named or not (is_own_order and path.is_relative_to(SHIPPED))
    }


def _ranks(
    order: OrderFile, policies: Mapping[str, PolicyFile], problems: list[Problem], document: Document
) -> dict[tuple[str, int], int]:
    places: dict[tuple[str, int], int] = {}
    for at, entry in enumerate(order.order):
        name, _, step = entry.partition("/")
        steps = (
            [i for i, it in enumerate(policies[name].steps) if not step or it.name == step]
            if name in policies
            else []
        )
        if not steps and entry != "duties":
            known = [*policies, *(f"{n}/{s.name}" for n, p in policies.items() for s in p.steps if s.name)]
            problems.append(
                document.problem(
                    ("order", at), f"'{entry}' is no policy or step.{did_you_mean(entry, known)}"
                )
            )
        if entry in order.order[:at]:
            says = f"'{entry}' stands in the order twice; keep one"
            problems.append(document.problem(("order", at), says))
        for i in steps:
            if step or (name, i) not in places:
                places[name, i] = at
    missing = sorted(set(policies) - {entry.partition("/")[0] for entry in order.order})
    problems += [
        document.problem(("order",), f"policy '{name}' is not in the order; say where it stands")
        for name in missing
    ]
    ranked = sorted(places, key=lambda key: (places[key], key))
    return {key: rank for rank, key in enumerate(ranked, start=1000)}


class _PolicyReader:
    """Checks policies against the closed lists and the known names, collecting problems."""

    def __init__(self, lists: Lists, names: Names, problems: list[Problem]) -> None:
        self.lists, self.names, self.problems = lists, names, problems

    def policy(
        self, name: str, file: PolicyFile, document: Document, ranks: Mapping[tuple[str, int], int]
    ) -> Policy:
        subject = Level(file.subject)
        scope = self.names.scope(subject)
        applies = self._condition(file.applies, scope, document, ("applies",)) if file.applies else None
        steps = tuple(
            self._step(name, i, file, scope, document, ranks.get((name, i), 0))
            for i in range(len(file.steps))
        )
        if not file.steps[-1].otherwise:
            self._say(
                document,
                ("steps", len(file.steps) - 1),
                "the last step must be 'otherwise: silence' with a because",
            )
        return Policy(name, file.says, subject, file.roles, applies, steps)

    def _step(
        self, policy: str, at: int, file: PolicyFile, scope: Scope, document: Document, rank: int
    ) -> Step:
        it, where = file.steps[at], ("steps", at)
        purpose = it.do or it.otherwise
        if bool(it.when) == bool(it.otherwise):
            self._say(document, where, "a step has either 'when' and 'do', or 'otherwise'")
        if purpose != SILENCE and purpose not in self.lists.purposes:
            self._unknown(document, (*where, "do"), purpose, [*self.lists.purposes, SILENCE], "purpose")
        if it.because not in self.lists.reasons:
            self._unknown(document, (*where, "because"), it.because, self.lists.reasons, "reason")
        for channel in it.channels:
            if channel not in self.lists.channels:
                self._unknown(document, (*where, "channels"), channel, self.lists.channels, "channel")
        when = self._condition(self._guarded(it, purpose), scope, document, (*where, "when"))
        return Step(
            policy,
            it.name or f"step_{at + 1}",
            rank + LAST if it.otherwise else rank,
            when,
            it.because,
            None if purpose == SILENCE else purpose,
            it.use_by,
            it.tones,
            it.channels,
            it.lesson,
            it.offers,
        )

    def _guarded(self, step: StepFile, purpose: str) -> str:
        """The step's condition, resting `every` days after the same thing was said about the same subject."""
        when = step.when or "True"
        if purpose == SILENCE or purpose not in self.lists.purposes or not step.every:
            return when
        told = f'days_since_told("{purpose}")'
        return f"({when}) and ({told} is None or {told} >= {step.every})"

    def _condition(
        self, text: str, scope: Scope, document: Document, where: tuple[str | int, ...]
    ) -> Expression:
        try:
            return parse(text, scope)
        except ExpressionError as error:
            self._say(document, where, str(error))
            return parse("True", scope)

    def _unknown(
        self, document: Document, where: tuple[str | int, ...], code: str, known: Iterable[str], what: str
    ) -> None:
        self._say(document, where, f"'{code}' is not a known {what}.{did_you_mean(code, known)}")

    def _say(self, document: Document, where: tuple[str | int, ...], says: str) -> None:
        self.problems.append(document.problem(where, says))
