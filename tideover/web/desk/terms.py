"""Terms as staff type them, read back: an amount, per cent a year, how many payments, from which day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from tideover.book.applications.models import Application
from tideover.kit.amounts import read_amount
from tideover.kit.text import ascii_digits
from tideover.repayment.terms.schedule import A_YEAR, NotALoan, Rhythm, Wanted

RHYTHMS = (("monthly", "each month"), ("biweekly", "each two weeks"), ("weekly", "each week"))
A_PER_CENT = 10_000
"""Parts per million in a per cent."""


def wanted_of(typed: Mapping[str, str], application: Application, today: date) -> Wanted:
    """The loan that would follow. Raises NotALoan, UnclearAmount."""
    currency = application.currency
    fee = typed.get("fee", "").strip()
    return Wanted(
        principal=read_amount(typed.get("principal", ""), currency, locale="en"), currency=currency,
        annual_rate_ppm=_rate(typed.get("rate", "")), payments=_number(typed.get("payments", "")),
        rhythm=_rhythm(typed.get("rhythm", "")), first_on=_day(typed.get("first_on", "")),
        paid_out_on=_day(typed.get("paid_out_on", "") or today.isoformat()),
        fee=read_amount(fee, currency, locale="en") if fee else 0,
    )  # fmt: skip


def _rate(text: str) -> int:
    try:
        return int(
            Decimal(ascii_digits(text.strip()).replace(",", ".").removesuffix("%").strip()) * A_PER_CENT
        )
    except (InvalidOperation, ValueError, OverflowError) as wrong:
        raise NotALoan("Write the interest a year in per cent, such as 12.5.") from wrong


def _number(text: str) -> int:
    plain = ascii_digits(text.strip())
    if not plain.isdecimal():
        raise NotALoan("Write how many payments there are, as a number.")
    return int(plain)


def _rhythm(text: str) -> Rhythm:
    if text not in A_YEAR:
        raise NotALoan("Choose how often she pays.")
    return text  # type: ignore[return-value]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(ascii_digits(text.strip()))
    except ValueError as wrong:
        raise NotALoan("Choose the day of the first payment.") from wrong
