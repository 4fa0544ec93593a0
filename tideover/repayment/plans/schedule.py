"""A schedule that is still open, and how it is cut into other payments: whole minor units, nothing lost, nothing added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

YEAR_DAYS = 365
PPM = 1_000_000
PARTS = ("interest", "fees", "principal")
"""The order in which a payment pays its parts, as the shipped order of allocation has it: costs are never put off."""


@dataclass(frozen=True)
class Due:
    """What is to be paid on a day, in minor units."""

    on: date
    principal: int
    interest: int = 0
    fees: int = 0

    @property
    def amount(self) -> int:
        """All of it."""
        return self.principal + self.interest + self.fees


@dataclass(frozen=True)
class Owed:
    """What is open of a loan now: its steps, the oldest first. `frequency` weekly, biweekly or monthly."""

    loan_id: str
    product: str
    currency: str
    annual_rate_ppm: int | None
    frequency: str
    steps: tuple[Due, ...]

    @property
    def total(self) -> int:
        """All that is still to be paid."""
        return sum(it.amount for it in self.steps)

    @property
    def ends_on(self) -> date:
        """The day of its last payment."""
        return max(it.on for it in self.steps)

    def late(self, on: date) -> tuple[Due, ...]:
        """What fell due before that day."""
        return tuple(it for it in self.steps if it.on < on)

    def coming(self, on: date) -> tuple[Due, ...]:
        """What falls due from that day on."""
        return tuple(it for it in self.steps if it.on >= on)

    def usual(self, on: date) -> int:
        """The usual payment: the largest of those to come, else of those that are late."""
        return max(it.amount for it in self.coming(on) or self.steps)


def cut(steps: Iterable[Due], payments: Sequence[tuple[date, int]]) -> tuple[Due, ...]:
    """The same money in other payments, in the order in which it was owed. The amounts must add up to it."""
    pieces = [(part, getattr(it, part)) for it in steps for part in PARTS if getattr(it, part)]
    if sum(amount for _, amount in pieces) != sum(amount for _, amount in payments):
        raise ValueError("The payments do not add up to what is owed.")
    pieces.reverse()
    return tuple(_taken(pieces, on, amount) for on, amount in payments if amount)


def _taken(pieces: list[tuple[str, int]], on: date, amount: int) -> Due:
    took = dict.fromkeys(PARTS, 0)
    while amount:
        part, left = pieces.pop()
        now = min(left, amount)
        took[part] += now
        amount -= now
        if left > now:
            pieces.append((part, left - now))
    return Due(on, **took)


def merged(steps: Iterable[Due]) -> tuple[Due, ...]:
    """One payment a day, in order."""
    found: dict[date, Due] = {}
    for it in sorted(steps, key=lambda it: it.on):
        known = found.get(it.on, Due(it.on, 0))
        found[it.on] = Due(
            it.on, known.principal + it.principal, known.interest + it.interest, known.fees + it.fees
        )
    return tuple(found.values())


def longer_costs(before: Iterable[Due], after: Iterable[Due], rate_ppm: int, on: date) -> int:
    """Interest of what is lent for longer, to the day (actual/365), rounded to the nearest unit; below nothing when shorter.

    What is late already counts as lent until today: being late costs nothing here that the contract does not name.
    """
    days = _principal_days(after, on) - _principal_days(before, on)
    sign = -1 if days < 0 else 1
    return sign * ((2 * abs(days) * rate_ppm + YEAR_DAYS * PPM) // (2 * YEAR_DAYS * PPM))


def _principal_days(steps: Iterable[Due], on: date) -> int:
    return sum(it.principal * max((it.on - on).days, 0) for it in steps)


def with_interest(steps: Sequence[Due], more: int) -> tuple[Due, ...]:
    """More interest falls due with the last payment; less is taken off from the end, as far as there is any."""
    found = list(steps)
    for place in range(len(found) - 1, -1, -1):
        change = more if more > 0 else max(more, -found[place].interest)
        found[place] = replace(found[place], interest=found[place].interest + change)
        more -= change
    return tuple(found)
