"""Money over a schedule: what each unit of it pays. Pure: no database, no clock, whole minor units only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from tideover.repayment.ledger.orders import Order
from tideover.repayment.ledger.rest_days import Range, free_days

PARTS = ("principal", "interest", "fees")
EARLY = ("ahead", "principal", "smaller", "payoff")
"""What money beyond what is due may be for: the next instalments, fewer of them, lower ones, or the end of the loan."""

YEAR = 365
"""Days of a year in accrual: actual/365."""

MILLION = 1_000_000


@dataclass
class Step:
    """One instalment while money is poured: what is due and what is paid, part by part, in minor units."""

    number: int
    due_on: date
    due: dict[str, int]
    paid: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    settled_on: date | None = None
    ended_on: date | None = None
    """The day it ended where no money says so: as the book told it, or the day what was left of it was let go."""
    rested: int = 0
    """Interest that is not charged because days of its period rest."""
    rests: tuple[Range, ...] = ()
    """The days that rest."""

    def open(self, part: str) -> int:
        """What is left of one part."""
        return self.due[part] - self.paid[part]

    @property
    def left(self) -> int:
        """What is left of it in all."""
        return sum(self.open(part) for part in PARTS)

    @property
    def amount(self) -> int:
        """All that is due."""
        return sum(self.due.values())

    @property
    def total_paid(self) -> int:
        """All that was paid."""
        return sum(self.paid.values())


def in_order(steps: list[Step]) -> list[Step]:
    """The oldest first."""
    return sorted(steps, key=lambda it: (it.due_on, it.number))


def pour(steps: list[Step], amount: int, *, on: date, order: Order) -> int:
    """Pay with an amount as of a day; what no instalment takes is handed back."""
    for step, part in _sequence(steps, on, order):
        if amount <= 0:
            break
        amount -= _paid(step, part, min(amount, step.open(part)), on)
    return amount


def pour_as(
    steps: list[Step],
    amount: int,
    early: str,
    *,
    on: date,
    order: Order,
    rate_ppm: int | None,
    began_on: date | None,
) -> int:
    """Pay with an amount as whoever paid said what is beyond is for, else as the contract says; the rest is handed back."""
    wish = early or order.early
    if wish == "payoff":
        owed = owed_on(steps, on, rate_ppm=rate_ppm, began_on=began_on)
        # Money that was meant to close the loan does, where it is enough for that day.
        if amount >= sum(owed.values()):
            close(steps, owed, on=on)
    elif wish == "principal":
        amount = pour_ahead(steps, amount, on=on, order=order)
    elif wish == "smaller":
        amount = pour_smaller(steps, amount, on=on, order=order)
    return pour(steps, amount, on=on, order=order)


def pour_ahead(steps: list[Step], amount: int, *, on: date, order: Order) -> int:
    """What is due first; money beyond it shortens the loan from its end. Interest of later periods shrinks with the principal."""
    amount, later, before = _due_first(steps, amount, on, order)
    for step in reversed(later):
        amount -= _paid(step, "principal", min(amount, step.open("principal")), on)
    _owe_less_interest(later, before, on)
    return pour(later, amount, on=on, order=order)


def pour_smaller(steps: list[Step], amount: int, *, on: date, order: Order) -> int:
    """What is due first; money beyond it makes every later instalment lower, each by its share of what is lent."""
    amount, later, before = _due_first(steps, amount, on, order)
    lent = before[0] if before else 0
    spread = min(amount, lent)
    for step, still in zip(later, before, strict=True):
        # Counted down from the end, so that the shares come to the amount, to the last unit.
        after = still - step.open("principal")
        _paid(step, "principal", spread * still // lent - spread * after // lent if lent else 0, on)
    _owe_less_interest(later, before, on)
    return pour(later, amount - spread, on=on, order=order)


def _due_first(steps: list[Step], amount: int, on: date, order: Order) -> tuple[int, list[Step], list[int]]:
    """What is left once all that is due is paid; the instalments to come, and what is lent from each of them on."""
    amount = pour([it for it in steps if it.due_on <= on], amount, on=on, order=order)
    later = in_order([it for it in steps if it.due_on > on])
    return amount, later, [_balance(later, place) for place in range(len(later))]


def _owe_less_interest(later: list[Step], before: list[int], on: date) -> None:
    # The running period keeps its interest; each later one owes interest on what is then still lent.
    for place, step in enumerate(later[1:], 1):
        if before[place]:
            less = step.due["interest"] * _balance(later, place) // before[place]
            step.due["interest"] = max(less, step.paid["interest"])
            _settle(step, on)


def fill(steps: list[Step], paid: Mapping[int, int], order: Order) -> int:
    """What a schedule says was paid, instalment by instalment; what is beyond an instalment is handed back."""
    beyond = 0
    for step in steps:
        amount = paid.get(step.number, 0)
        for part in order.parts:
            took = min(amount, step.open(part))
            step.paid[part] += took
            amount -= took
        beyond += amount
    return beyond


def take_back(steps: list[Step], amount: int, order: Order) -> int:
    """Undo so much of what was paid, the latest first; what was never paid is handed back."""
    for step in reversed(in_order(steps)):
        for part in reversed(order.parts):
            took = min(amount, step.paid[part])
            step.paid[part] -= took
            amount -= took
        if step.left:
            step.settled_on = None
    return amount


def owed_on(steps: list[Step], on: date, *, rate_ppm: int | None, began_on: date | None) -> dict[str, int]:
    """What closes the loan on a day: all principal, interest so far, fees that have fallen due. Never above the schedule."""
    every = in_order(steps)
    principal = sum(it.open("principal") for it in every)
    past = [it for it in every if it.due_on <= on]
    interest = sum(it.open("interest") for it in past)
    running = next((it for it in every if it.due_on > on), None)
    if running is not None:
        start = max((it.due_on for it in past), default=began_on) or on
        not_due = sum(it.open("principal") for it in every if it.due_on > on)
        interest += _accrued(running, start, on, not_due, rate_ppm)
    return {"principal": principal, "interest": interest, "fees": sum(it.open("fees") for it in past)}


def close(steps: list[Step], owed: Mapping[str, int], *, on: date) -> None:
    """Leave due only what closes the loan that day: interest and fees of the time to come are no longer owed."""
    for part in ("interest", "fees"):
        keep = owed[part]
        for step in in_order(steps):
            kept = min(step.open(part), keep)
            keep -= kept
            step.due[part] = step.paid[part] + kept
    for step in steps:
        _settle(step, on)


def _accrued(running: Step, start: date, on: date, principal: int, rate_ppm: int | None) -> int:
    days = free_days(running.rests, start, on)
    if rate_ppm is not None:
        so_far = principal * rate_ppm * days // (MILLION * YEAR)
    else:
        so_far = running.due["interest"] * days // max(free_days(running.rests, start, running.due_on), 1)
    return max(min(so_far, running.due["interest"]) - running.paid["interest"], 0)


def _sequence(steps: list[Step], on: date, order: Order) -> Iterator[tuple[Step, str]]:
    every = in_order(steps)
    if order.across == "parts":
        yield from ((it, part) for part in order.parts for it in every if it.due_on <= on)
    yield from ((it, part) for it in every for part in order.parts)


def _balance(steps: list[Step], place: int) -> int:
    return sum(it.open("principal") for it in steps[place:])


def _paid(step: Step, part: str, amount: int, on: date) -> int:
    step.paid[part] += amount
    if amount:
        _settle(step, on)
    return amount


def _settle(step: Step, on: date) -> None:
    if step.left == 0 and step.settled_on is None:
        step.settled_on = on
