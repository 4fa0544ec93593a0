"""The rate a year of a loan: all that is paid for it, as one rate (APR), by the method that a country's law names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import pairwise
from typing import Literal, get_args

from tideover.kit.days import add_months

MILLION = 1_000_000
STEP = 100
"""Parts per million to which a rate is told: a hundredth of a per cent."""

HIGHEST = Decimal(1_000)
"""A hundred thousand per cent. What costs more is a mistake in the facts, and has no rate."""

PRECISE = Decimal("1e-12")

Method = Literal["effective", "effective_by_days", "nominal"]
"""effective         with interest on interest, time in months and days (European Union, United Kingdom)
effective_by_days  the same, time in days of a year of 365 (Brazil)
nominal            the rate of one period times the periods of a year (India, United States)"""

METHODS: tuple[Method, ...] = get_args(Method)
Payments = Sequence[tuple[int, int]]
"""Each the day it is made and its amount."""

Discount = Callable[[Decimal], Decimal]
"""What one unit of a payment is worth on the day of the loan, at a rate of a period."""


@dataclass(frozen=True)
class Unit:
    """The period after which a schedule repeats itself: months, or days."""

    months: int = 0
    days: int = 0

    @property
    def in_a_year(self) -> Decimal:
        """How often it fits into a year; weeks fit 52 times (Regulation Z, appendix J, (b)(5))."""
        if self.months:
            return Decimal(12) / self.months
        return Decimal(364 if self.days % 7 == 0 else 365) / self.days

    def between(self, start: int, end: int) -> tuple[int, Decimal]:
        """Whole periods, and the part of one that is left at the start; months are counted back from the end."""
        if not self.months:
            whole, odd = divmod(end - start, self.days)
            return whole, Decimal(odd) / self.days
        months = 0
        while add_months(end, -months - 1) >= start:
            months += 1
        odd_days = add_months(end, -months) - start
        whole, odd_months = divmod(months, self.months)
        return whole, Decimal(odd_months * 30 + odd_days) / (30 * self.months)


def years_between(start: int, end: int) -> Decimal:
    """Whole months as twelfths of a year, the days left over as parts of 365 (Directive 2008/48/EC, annex I)."""
    months, days = _apart(start, end)
    return Decimal(months) / 12 + Decimal(days) / 365


def rate_ppm(method: Method, amount: int, drawn_on: int, payments: Payments) -> int | None:
    """The rate a year by that method, in parts per million; None where there is none."""
    if method == "nominal":
        return nominal_rate_ppm(amount, drawn_on, payments)
    if method == "effective_by_days" and all(on >= drawn_on for on, _ in payments):
        return _solved(amount, [(_by_years(0, on - drawn_on), paid) for on, paid in payments])
    return effective_rate_ppm(amount, drawn_on, payments)


def effective_rate_ppm(amount: int, drawn_on: int, payments: Payments) -> int | None:
    """The rate at which the payments (day, amount) are worth what was drawn on its day; None where there is none.

    Directive (EU) 2023/2225, annex III, as Directive 2008/48/EC, annex I, before it.
    """
    if any(on < drawn_on for on, _ in payments):
        return None
    return _solved(amount, [(_by_years(*_apart(drawn_on, on)), paid) for on, paid in payments])


def nominal_rate_ppm(amount: int, drawn_on: int, payments: Payments) -> int | None:
    """The rate of one period of the schedule times the periods of a year; None where there is none.

    Regulation Z, 12 CFR 1026, appendix J: parts of a period bear simple interest. The Key Facts Statement of the Reserve
    Bank of India (April 2024) works its example in the same way, by months.
    """
    if not payments or any(on < drawn_on for on, _ in payments):
        return None
    unit = unit_of(drawn_on, [on for on, _ in payments])
    told = [(_by_periods(*unit.between(drawn_on, on)), paid) for on, paid in payments]
    return _solved(amount, told, times=unit.in_a_year)


def unit_of(drawn_on: int, days: Sequence[int]) -> Unit:
    """The commonest distance between one day and the next, at most a year; months where it looks like months."""
    every = sorted({drawn_on, *days})
    if len(every) == 1:
        return Unit(months=12)
    distances = Counter(_distance(before, after) for before, after in pairwise(every))
    most = max(distances.values())
    return min(
        (it for it, count in distances.items() if count == most),
        key=lambda it: (it.days == 0, it.months, it.days),
    )


def _distance(before: int, after: int) -> Unit:
    days = after - before
    months = round(days * 12 / 365)
    if days % 7 == 0 and days < 28:
        return Unit(days=days)
    if months and abs(add_months(before, months) - after) <= 3:
        return Unit(months=min(months, 12))
    return Unit(days=days) if days < 365 else Unit(months=12)


def _apart(start: int, end: int) -> tuple[int, int]:
    """Whole months, and the days left over."""
    months = 0
    while add_months(start, months + 1) <= end:
        months += 1
    return months, end - add_months(start, months)


def _by_years(months: int, days: int) -> Discount:
    left = -Decimal(days) / 365
    return lambda rate: _of_a_month(rate) ** -months * ((1 + rate) ** left if days else 1)


@lru_cache(maxsize=4)
def _of_a_month(rate: Decimal) -> Decimal:
    """Found once for all payments of a schedule: a root takes longer than all else."""
    return (1 + rate) ** (Decimal(1) / 12)


def _by_periods(whole: int, odd: Decimal) -> Discount:
    return lambda rate: 1 / ((1 + odd * rate) * (1 + rate) ** whole)


def _solved(amount: int, told: Sequence[tuple[Discount, int]], *, times: Decimal = Decimal(1)) -> int | None:
    """The rate at which what is paid is worth the amount, times the periods of a year, to a hundredth of a per cent."""
    if amount <= 0 or sum(paid for _, paid in told) < amount:
        return None
    with localcontext() as context:
        context.prec = 30
        low, high = Decimal(0), Decimal("0.25") / times

        def worth(rate: Decimal) -> Decimal:
            return sum((paid * discount(rate) for discount, paid in told), Decimal(0))

        while worth(high) > amount:
            low, high = high, high * 2
            if high * times > HIGHEST:
                return None
        while (high - low) * times > PRECISE:
            middle = (low + high) / 2
            low, high = (middle, high) if worth(middle) > amount else (low, middle)
        steps = (low + high) / 2 * times * MILLION / STEP
        return int(steps.to_integral_value()) * STEP
