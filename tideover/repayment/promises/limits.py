"""How far ahead, how often, and when a promise is judged: data of `content/promises.yaml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from tideover.engine.policy.content import ContentRefused, Problem, read_document, validated
from tideover.engine.policy.lists import Strict, find, read_lists

FILE = "promises.yaml"
Origin = Literal["self", "agent"]
Days = Annotated[int, Field(ge=0, le=366)]


class Ahead(Strict):
    """Most days ahead, by who writes the promise down. `self` is the person alone."""

    own: Days = Field(alias="self")
    agent: Days

    def of(self, origin: Origin) -> int:
        """For one of them."""
        return self.own if origin == "self" else self.agent


class Renewals(Ahead):
    """How many promises of a loan may end unkept within some days."""

    within_days: Days


class PromiseLimits(Strict):
    """What a promise may be."""

    ahead: Ahead
    products: dict[str, Ahead]
    renewals: Renewals
    arrives: Days
    waits: Days
    not_while: frozenset[str]

    def days_ahead(self, product: str, origin: Origin) -> int:
        """How far ahead a day for a loan of this product may lie."""
        return self.products.get(product, self.ahead).of(origin)


@lru_cache(maxsize=8)
def promise_limits(overlay: Path | None = None) -> PromiseLimits:
    """The lender's own, or as shipped. Raises ContentRefused."""
    told, problems = _read(overlay)
    if told is None or problems:
        raise ContentRefused(problems)
    return told


def check_promises(overlay: Path | None = None) -> list[Problem]:
    """What is wrong with the lender's own, or with what is shipped."""
    return _read(overlay)[1]


def _read(overlay: Path | None) -> tuple[PromiseLimits | None, list[Problem]]:
    problems: list[Problem] = []
    document = read_document(find(FILE, overlay))
    told = validated(document, PromiseLimits, problems)
    strange = sorted(told.not_while - set(read_lists(overlay).holds)) if told else []
    problems += [document.problem(("not_while",), f"there is no hold '{it}' in holds.yaml") for it in strange]
    return told, problems
