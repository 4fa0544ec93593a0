"""The effective rate a year of a loan: all that is paid for it, as one rate (APR)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext

from tideover.kit.days import add_months

MILLION = 1_000_000
STEP = 100
"""Parts per million to which a rate is told: a hundredth of a per cent."""

HIGHEST = Decimal(1_000)
"""A hundred thousand per cent. What costs more is a mistake in the facts, and has no rate."""


def years_between(start: int, end: int) -> Decimal:
    """Whole months as twelfths of a year, the days left over as parts of 365 (Directive 2008/48/EC, annex I)."""
    months = 0
    while add_months(start, months + 1) <= end:
        months += 1
    return Decimal(months) / 12 + Decimal(end - add_months(start, months)) / 365


def effective_rate_ppm(amount: int, drawn_on: int, payments: Sequence[tuple[int, int]]) -> int | None:
    """The rate at which the payments (day, amount) are worth what was drawn on its day; None where there is none."""
    if amount <= 0 or not payments or any(on < drawn_on for on, _ in payments):
        return None
    told = [(years_between(drawn_on, on), Decimal(paid)) for on, paid in payments]
    total = sum(paid for _, paid in told)
    if total < amount:
        return None
    with localcontext() as context:
        context.prec = 30
        low, high = Decimal(0), HIGHEST
        if sum(paid / (1 + high) ** years for years, paid in told) > amount:
            return None
        for _ in range(60):
            middle = (low + high) / 2
            worth = sum(paid / (1 + middle) ** years for years, paid in told)
            low, high = (middle, high) if worth > amount else (low, middle)
        steps = (low + high) / 2 * MILLION / STEP
        return int(steps.to_integral_value()) * STEP
