"""What may be agreed, by whom and how often: data of `content/plans.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from tideover.engine.policy.content import ContentRefused, Document, Problem, read_document, validated
from tideover.engine.policy.lists import Strict, find

FILE = "plans.yaml"
Kind = Literal["relief", "move_date", "split", "weekly", "smaller", "pause", "review"]
Level = Literal["self", "agent", "approver"]
LEVELS: tuple[Level, ...] = ("self", "agent", "approver")
"""Who may agree, the person alone first."""

Percent = Annotated[int, Field(ge=0, le=100)]
Days = Annotated[int, Field(ge=0, le=3660)]


class Reach(Strict):
    """How far somebody may go with one kind of option."""

    days: Days = 0
    parts: Annotated[int, Field(ge=0, le=24)] = 0
    months: Annotated[int, Field(ge=0, le=60)] = 0
    least: Percent = 0
    fees: Percent = 0
    interest: Percent = 0
    free: bool = False


class Effect(Strict):
    """What an option means beside its cost."""

    credit: Literal["unchanged", "arranged"]
    guarantor: Literal["unchanged", "asked_first"]


class Limits(Strict):
    """What may be agreed about loans of one product."""

    interest_runs: bool
    options: dict[Kind, dict[Level, Reach]]
    effects: dict[Kind, Effect]


class Extensions(Strict):
    """How many plans of a loan somebody may agree to within some days."""

    own: int = Field(alias="self")
    agent: int
    approver: int
    within_days: Days

    def most(self, level: Level) -> int:
        """For one of them."""
        return self.own if level == "self" else self.agent if level == "agent" else self.approver


class PlanLimits(Strict):
    """The whole file."""

    otherwise: Limits
    products: dict[str, Limits]
    extensions: Extensions
    broken_after: Days
    budget_days: Days
    confidence_days: Days

    def of(self, product: str) -> Limits:
        """Those of a product, else the usual ones."""
        return self.products.get(product, self.otherwise)


@lru_cache(maxsize=8)
def plan_limits(overlay: Path | None = None) -> PlanLimits:
    """The lender's own, or as shipped. Raises ContentRefused."""
    told, problems = _read(overlay)
    if told is None or problems:
        raise ContentRefused(problems)
    return told


def check_plans(overlay: Path | None = None) -> list[Problem]:
    """What is wrong with the lender's own, or with what is shipped."""
    return _read(overlay)[1]


def _read(overlay: Path | None) -> tuple[PlanLimits | None, list[Problem]]:
    problems: list[Problem] = []
    document = read_document(find(FILE, overlay))
    told = validated(document, PlanLimits, problems)
    return told, [*problems, *(_untold(document, told) if told else ())]


def _untold(document: Document, told: PlanLimits) -> Iterator[Problem]:
    """An option is only offered with what it means."""
    blocks: dict[tuple[str, ...], Limits] = {("products", it): block for it, block in told.products.items()}
    blocks["otherwise",] = told.otherwise
    for where, block in blocks.items():
        for kind in sorted(set(block.options) - set(block.effects)):
            yield document.problem(
                (*where, "effects"), f"does not say what '{kind}' means for credit record and guarantor"
            )
