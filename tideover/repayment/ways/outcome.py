"""What follows from everything that a provider told of one payment; the order in which we heard of it does not matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Telling(Protocol):
    """One thing told, as it is kept."""

    @property
    def kind(self) -> str: ...
    @property
    def amount(self) -> int | None: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def event_id(self) -> str: ...


@dataclass(frozen=True)
class Outcome:
    """Where a payment stands. Amounts in minor units; 0 for nothing."""

    paid: int = 0
    paid_at: datetime | None = None
    refunded: int = 0
    is_charged_back: bool = False
    won: int = 0
    is_on_its_way: bool = False
    is_failed: bool = False

    @property
    def state(self) -> str:
        """The state it should be in; "" where nothing told changes anything."""
        if self.paid:
            gone = self.refunded >= self.paid or (self.is_charged_back and not self.won)
            return "given_back" if gone else "paid"
        if self.is_failed:
            return "failed"
        return "announced" if self.is_on_its_way else ""


def outcome_of(told: Iterable[Telling]) -> Outcome:
    """Everything told, together. Refunds tell what was given back so far, so that the largest holds."""
    every = sorted(told, key=lambda it: (it.happened_at, it.event_id))
    by_kind = {kind: [it for it in every if it.kind == kind] for kind in {it.kind for it in every}}
    paid = next(iter(by_kind.get("paid", [])), None)
    won = next(iter(by_kind.get("charge_back_won", [])), None)
    charged_back = bool(by_kind.get("charged_back"))
    return Outcome(
        paid=(paid.amount or 0) if paid else 0,
        paid_at=paid.happened_at if paid else None,
        refunded=max((it.amount or 0 for it in by_kind.get("refunded", [])), default=0),
        is_charged_back=charged_back,
        won=(won.amount or 0) if won and charged_back else 0,
        is_on_its_way="on_its_way" in by_kind,
        is_failed="failed" in by_kind,
    )
