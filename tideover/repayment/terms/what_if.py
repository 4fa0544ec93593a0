"""What the rest of a loan costs if more is paid, or if a payment comes later.

Money beyond what is due shortens the loan from its end. Interest of a later period shrinks with what is then still lent:
its share of the schedule's own interest, so that paying nothing more costs exactly what the schedule says. The period
that runs keeps its interest, and no fee falls due once the loan is closed; the ledger never asks more than is told here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tideover.repayment.loans import Instalment

YEAR = 365
"""Days of a year in accrual: actual/365, as the ledger counts."""

MILLION = 1_000_000


@dataclass(frozen=True)
class Open:
    """What is left of one payment, part by part, in minor units."""

    due_on: date
    principal: int
    interest: int
    fees: int


@dataclass(frozen=True)
class Rest:
    """All that is still paid from now on, in minor units, and the day of the last payment."""

    principal: int
    interest: int
    fees: int
    ends_on: date

    @property
    def total(self) -> int:
        """All of it."""
        return self.principal + self.interest + self.fees


@dataclass(frozen=True)
class Later:
    """The most that a later payment costs: interest for these days at the contract's rate, in minor units."""

    days: int
    interest: int
    is_known: bool
    """Whether the rate is known; where it is not, a person says what these days cost."""


def open_of(steps: Sequence[Instalment]) -> tuple[Open, ...]:
    """The parts that are left; what was paid went to interest first, then to principal, then to fees."""
    left = (_open(it) for it in sorted(steps, key=lambda it: (it.due_on, it.number)) if it.left)
    return tuple(left)


def as_agreed(rest: Sequence[Open]) -> Rest:
    """What the schedule asks for."""
    return with_more(rest, on=date.min)


def with_more(rest: Sequence[Open], *, on: date, each: int = 0, once: int = 0) -> Rest:
    """What the rest costs if `once` more is paid on a day, and `each` more with every payment after it."""
    due, later = [it for it in rest if it.due_on <= on], [it for it in rest if it.due_on > on]
    told = [*((it, it.interest) for it in due), *_until_closed(later, each, once)]
    return Rest(
        principal=sum(it.principal for it in rest),
        interest=sum(interest for _, interest in told),
        fees=sum(it.fees for it, _ in told),
        ends_on=told[-1][0].due_on if told else on,
    )


def _until_closed(later: Sequence[Open], each: int, once: int) -> Iterator[tuple[Open, int]]:
    """The payments that are still made, each with its interest. What is paid on a due day counts from the period after the next."""
    lent = sum(it.principal for it in later)
    for place, it in enumerate(later):
        beyond = once + each * place
        if place and lent and beyond >= lent:
            return
        counts = once + each * (place - 1) if place else 0
        yield it, it.interest * max(lent - counts, 0) // lent if lent else it.interest
        lent -= it.principal


def later_by(days: int, step: Open, *, rate_ppm: int | None) -> Later:
    """What it costs at most when one payment comes so many days later."""
    if rate_ppm is None:
        return Later(days, 0, is_known=False)
    return Later(days, -(-step.principal * rate_ppm * days // (MILLION * YEAR)), is_known=True)


def _open(step: Instalment) -> Open:
    paid, left = step.paid, {}
    for part in ("interest", "principal", "fees"):
        amount = getattr(step, part)
        took = min(paid, amount)
        paid -= took
        left[part] = amount - took
    return Open(step.due_on, **left)
