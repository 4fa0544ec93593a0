"""An option with ready values for a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tideover.kit.money import Money
from tideover.repayment.loans import Loan
from tideover.repayment.plans import Option
from tideover.repayment.plans.schedule import Due

SIMPLE = 3
"""Payments that are told one by one on a card; all of them stand on its own page."""


@dataclass(frozen=True)
class Card:
    """What is shown of it."""

    kind: str
    key: str
    loan_id: str
    who: str
    first: Money | None
    first_on: date | None
    cost: str
    """Which sentence tells the cost: more, less or same."""

    extra: Money
    let_go: Money | None
    total: Money
    ends_on: date | None
    credit: str
    guarantor: str
    fits: bool | None
    payments: tuple[tuple[date, Money], ...]

    @property
    def steps(self) -> Sequence[tuple[date, Money]]:
        """The first payments."""
        return self.payments[:SIMPLE]

    @property
    def more(self) -> int:
        """How many come after those."""
        return max(len(self.payments) - SIMPLE, 0)


def card_of(it: Option, loan: Loan) -> Card:
    """An option of a loan, in its currency."""
    first = it.schedule[0] if it.schedule else None
    return Card(
        it.kind, it.key, loan.loan_id, it.who, loan.money(first.amount) if first else None, first.on if first else None,
        cost_of(it.extra), loan.money(abs(it.extra)), loan.money(it.let_go) if it.let_go else None, loan.money(it.total),
        it.ends_on, it.credit, it.guarantor, it.fits, _payments(it.schedule, loan),
    )  # fmt: skip


def cost_of(extra: int) -> str:
    """Which sentence tells it."""
    return "more" if extra > 0 else "less" if extra < 0 else "same"


def _payments(steps: Sequence[Due], loan: Loan) -> tuple[tuple[date, Money], ...]:
    return tuple((it.on, loan.money(it.amount)) for it in steps)
