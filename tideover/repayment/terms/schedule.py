"""Equal payments for a loan that does not exist yet: what staff write down of it, made a schedule to the last minor unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from tideover.kit.days import add_months, date_of, day_of
from tideover.kit.errors import Refused
from tideover.repayment.loans import Instalment

Rhythm = Literal["weekly", "biweekly", "monthly"]
A_YEAR: dict[str, int] = {"weekly": 52, "biweekly": 26, "monthly": 12}
"""Payments a year; interest of a period is that share of the year's."""

MOST_PAYMENTS = 480
MILLION = 1_000_000


class NotALoan(Refused):
    """These numbers make no loan."""


@dataclass(frozen=True)
class Wanted:
    """Amounts in minor units of the currency; `fee` falls due with each payment; the rate in parts per million a year."""

    principal: int
    currency: str
    annual_rate_ppm: int
    payments: int
    rhythm: Rhythm
    first_on: date
    paid_out_on: date
    fee: int = 0


def schedule_of(wanted: Wanted) -> tuple[Instalment, ...]:
    """Equal payments, the last one a little more or less, so that just what is lent comes back. Raises NotALoan."""
    _check(wanted)
    each, left, made = _each(wanted), wanted.principal, list[Instalment]()
    for number in range(1, wanted.payments + 1):
        interest = _interest(left, wanted)
        principal = left if number == wanted.payments else min(max(each - interest, 0), left)
        made.append(Instalment(number, _day(wanted, number), principal, interest, wanted.fee, 0, None))
        left -= principal
    return tuple(made)


def _check(wanted: Wanted) -> None:
    if wanted.principal <= 0 or wanted.fee < 0:
        raise NotALoan("Write an amount above nothing.")
    if wanted.rhythm not in A_YEAR or not 1 <= wanted.payments <= MOST_PAYMENTS:
        raise NotALoan(f"Write a number of payments from 1 to {MOST_PAYMENTS}, and how often they are.")
    if not 0 <= wanted.annual_rate_ppm <= 10 * MILLION:
        raise NotALoan("Write the interest a year in per cent, nothing or more.")
    if wanted.first_on <= wanted.paid_out_on:
        raise NotALoan("The first payment comes after the day on which the money is paid out.")


def _each(wanted: Wanted) -> int:
    """What is paid each time without the fee, to the nearest minor unit."""
    share = Decimal(wanted.annual_rate_ppm) / (MILLION * A_YEAR[wanted.rhythm])
    if not share:
        return round(Decimal(wanted.principal) / wanted.payments)
    return round(wanted.principal * share / (1 - (1 + share) ** -wanted.payments))


def _interest(left: int, wanted: Wanted) -> int:
    return round(Decimal(left) * wanted.annual_rate_ppm / (MILLION * A_YEAR[wanted.rhythm]))


def _day(wanted: Wanted, number: int) -> date:
    if wanted.rhythm == "monthly":
        return date_of(add_months(day_of(wanted.first_on), number - 1))
    return wanted.first_on + timedelta(weeks=(number - 1) * (1 if wanted.rhythm == "weekly" else 2))
