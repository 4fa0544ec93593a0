"""The order in which money is allocated, and the charges a contract allows: data of `content/allocation.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from tideover.engine.policy.content import ContentRefused, Problem, read_document, validated
from tideover.engine.policy.lists import Strict, find

FILE = "allocation.yaml"
Part = Literal["principal", "interest", "fees"]
Early = Literal["ahead", "principal"]


@dataclass(frozen=True)
class Order:
    """What a payment of a loan goes to first."""

    across: str
    parts: tuple[str, ...]
    early: str

    @property
    def said(self) -> dict[str, object]:
        """As it is kept with the opening of a loan's ledger."""
        return {"across": self.across, "parts": list(self.parts), "early": self.early}


class _Order(Strict):
    says: str
    across: Literal["instalments", "parts"]
    parts: tuple[Part, Part, Part]
    early: Early


class Allocation(Strict):
    """The orders by name, which of them is whose, and the most a charge may come to."""

    orders: dict[str, _Order]
    otherwise: str
    by_product: dict[str, str]
    by_country: dict[str, str]
    charges: dict[str, dict[str, int]]
    alone: dict[str, dict[str, int]]

    def order(self, *, product: str, country: str) -> Order:
        """The order of a product's contract, else of the borrower's country, else the usual one."""
        name = self.by_product.get(product) or self.by_country.get(country) or self.otherwise
        found = self.orders[name]
        return Order(found.across, tuple(found.parts), found.early)

    def most(self, charge: str, currency: str) -> int | None:
        """The most that one charge of this name may come to; None where no contract names it."""
        return self.charges.get(charge, {}).get(currency)

    def most_alone(self, role: str, currency: str) -> int:
        """How much of one loan somebody of this role may let go without a second person."""
        return self.alone.get(role, {}).get(currency, 0)


@lru_cache(maxsize=8)
def allocation(overlay: Path | None = None) -> Allocation:
    """The lender's own, or as shipped. Raises ContentRefused."""
    told, problems = _read(overlay)
    if told is None or problems:
        raise ContentRefused(problems)
    return told


def check_allocation(overlay: Path | None = None) -> list[Problem]:
    """What is wrong with the lender's own, or with what is shipped."""
    return _read(overlay)[1]


def _read(overlay: Path | None) -> tuple[Allocation | None, list[Problem]]:
    problems: list[Problem] = []
    told = validated(read_document(find(FILE, overlay)), Allocation, problems)
    return told, problems + (_wrong(told) if told is not None else [])


def order_of(said: Mapping[str, Any]) -> Order:
    """The order as the opening of a loan's ledger kept it."""
    return Order(str(said["across"]), tuple(said["parts"]), str(said["early"]))


def _wrong(told: Allocation) -> list[Problem]:
    named = {told.otherwise, *told.by_product.values(), *told.by_country.values()}
    strange = [
        Problem(FILE, 1, f"there is no order '{it}' among its orders")
        for it in sorted(named - set(told.orders))
    ]
    partial = [
        Problem(FILE, 1, f"the order '{name}' must name principal, interest and fees, each once")
        for name, it in told.orders.items()
        if len(set(it.parts)) != len(it.parts)
    ]
    return strange + partial
