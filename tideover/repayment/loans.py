"""The loans somebody stands in, as they are known at a moment: what is due, paid and left. Four queries, however many loans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tideover.book.newest import newest
from tideover.kit.money import Money

BORROWER = "borrower"


@dataclass(frozen=True)
class Instalment:
    """One payment of the schedule; amounts in minor units of the loan's currency."""

    number: int
    due_on: date
    principal: int
    interest: int
    fees: int
    paid: int
    settled_on: date | None

    @property
    def amount(self) -> int:
        """All that falls due that day."""
        return self.principal + self.interest + self.fees

    @property
    def left(self) -> int:
        """What is still to be paid of it."""
        return max(self.amount - self.paid, 0)


@dataclass(frozen=True)
class Loan:
    """A loan as one of its people may see it. `role` is borrower, co_borrower, guarantor ...; `may_be_told` is all, own_part or nothing."""

    loan_id: str
    borrower_id: str
    role: str
    may_be_told: str
    product: str
    kind: str
    purpose: str
    currency: str
    principal: int
    annual_rate_ppm: int | None
    frequency: str
    disbursed_on: date | None
    closed_on: date | None
    limitation_on: date | None
    instalments: tuple[Instalment, ...]

    def money(self, minor: int) -> Money:
        """An amount in the loan's currency."""
        return Money(minor, self.currency)

    @property
    def is_hers(self) -> bool:
        """She took it herself, alone or with others."""
        return self.role in (BORROWER, "co_borrower")

    @property
    def paid(self) -> int:
        """Allocated to instalments so far."""
        return sum(it.paid for it in self.instalments)

    @property
    def left(self) -> int:
        """Still to be paid over the whole schedule."""
        return sum(it.left for it in self.instalments)

    @property
    def open_instalments(self) -> tuple[Instalment, ...]:
        """Those that are not fully paid, the oldest first."""
        return tuple(it for it in self.instalments if it.left)

    @property
    def next_one(self) -> Instalment | None:
        """The oldest instalment that is not fully paid: what a payment goes to first."""
        return next(iter(self.open_instalments), None)

    def coming(self, on: date) -> Instalment | None:
        """The oldest that is not fully paid and not overdue: what falls due that day or after it."""
        return next((it for it in self.open_instalments if it.due_on >= on), None)

    def overdue(self, on: date) -> int:
        """What should have been paid before that day and was not."""
        return sum(it.left for it in self.instalments if it.due_on < on)

    def due_by(self, on: date) -> int:
        """What is to be paid up to and with that day."""
        return sum(it.left for it in self.instalments if it.due_on <= on)

    def is_closed(self, on: date) -> bool:
        """Whether it has ended."""
        return self.closed_on is not None and self.closed_on <= on


def loans_of(person_id: str, at: datetime) -> tuple[Loan, ...]:
    """Every loan in which somebody stands and of which she may be told, the newest first."""
    roles = _roles(person_id, at)
    own = newest("loans", at=at, borrower_id=person_id)
    others = newest("loans", at=at, loan_id__in=sorted(set(roles) - {it.loan_id for it in own}))
    steps: defaultdict[str, list[Instalment]] = defaultdict(list)
    every = {it.loan_id: it for it in (*own, *others)}
    for it in newest("instalments", at=at, loan_id__in=sorted(every)):
        steps[it.loan_id].append(_instalment(it))
    found = [
        _loan(it, person_id, roles.get(it.loan_id), sorted(steps[it.loan_id], key=lambda step: step.number))
        for it in every.values()
    ]
    return tuple(
        sorted((it for it in found if it.may_be_told != "nothing"), key=lambda it: it.loan_id, reverse=True)
    )


def loan_of(loan_id: str, person_id: str, at: datetime) -> Loan | None:
    """One of her loans; None where it is nobody's or not hers to see."""
    return next((it for it in loans_of(person_id, at) if it.loan_id == loan_id), None)


def _roles(person_id: str, at: datetime) -> Mapping[str, tuple[str, str]]:
    rows = sorted(newest("parties", at=at, person_id=person_id), key=lambda it: (it.recorded_at, it.id))
    last = {it.loan_id: it for it in rows}
    return {
        it.loan_id: (it.role or BORROWER, it.may_be_told or "own_part")
        for it in last.values()
        if (it.from_at is None or it.from_at <= at) and (it.until_at is None or it.until_at > at)
    }


def _instalment(row: Any) -> Instalment:
    return Instalment(
        row.number, row.due_on, row.principal or 0, row.interest or 0, row.fees or 0, row.paid or 0, row.settled_on
    )  # fmt: skip


def _loan(row: Any, person_id: str, party: tuple[str, str] | None, steps: Iterable[Instalment]) -> Loan:
    role, told = party or (BORROWER, "all")
    if row.borrower_id == person_id:
        role, told = BORROWER, "all"
    return Loan(
        row.loan_id, row.borrower_id, role, told, row.product or "", row.kind or "", row.purpose or "", row.currency,
        row.principal or 0, row.annual_rate_ppm, row.frequency or "", row.disbursed_on, row.closed_on, row.limitation_on,
        tuple(steps),
    )  # fmt: skip
