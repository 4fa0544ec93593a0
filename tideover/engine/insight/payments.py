"""What the payments of the last hundred days say: the money that came, and when."""

from __future__ import annotations

from tideover.engine.arithmetic import flag, floor_day, holds, packed, packed_value, pick
from tideover.engine.insight._define import Expr, Unit, derived, row, total

RECENTLY = 3
DAY = 86_400


@row("payments", unit=Unit.YES_NO)
def stands(reversed_at: Expr, paid_at: Expr, at: Expr) -> Expr:
    "The payment has arrived and was not taken back."
    return reversed_at.is_null() & (paid_at <= at)


@total("payments", "loan", "max", unit=Unit.COUNT)
def last_payment_pack(stands: Expr, paid_at: Expr, amount: Expr) -> Expr:
    "The day and amount of the latest payment; of two on one day the larger."
    return pick(stands & (amount > 0), packed(floor_day(paid_at), amount))


@total("payments", "loan", "sum", unit=Unit.COUNT)
def payments_seen(stands: Expr) -> Expr:
    "Payments that arrived and stand."
    return flag(stands)


@total("payments", "loan", "max", unit=Unit.MOMENT)
def last_paid_at(stands: Expr, paid_at: Expr) -> Expr:
    "The moment of the latest payment."
    return pick(stands, paid_at)


@derived("loan", unit=Unit.DAY)
def last_payment_on(last_paid_at: Expr, utc_offset: Expr) -> Expr:
    "The local day of the latest payment."
    return floor_day(last_paid_at + utc_offset)


@derived("loan", unit=Unit.MONEY)
def last_payment_amount(last_payment_pack: Expr) -> Expr:
    "The amount of the latest payment."
    return packed_value(last_payment_pack)


@derived("loan", unit=Unit.DAYS)
def days_since_payment(last_payment_on: Expr, last_settled_on: Expr, today: Expr) -> Expr:
    "Days since money last came for this loan, by payments or by an instalment paid in full."
    return today - last_payment_on.fill_null(last_settled_on)


@derived("loan", unit=Unit.YES_NO)
def recently_paid(days_since_payment: Expr) -> Expr:
    "Money came within the last three days."
    return holds(days_since_payment <= RECENTLY)


DEBIT_DAYS = 70


@total("payments", "loan", "sum", unit=Unit.COUNT)
def recent_debits(stands: Expr, paid_at: Expr, way: Expr, today: Expr) -> Expr:
    "Payments of the last seventy days that were taken by direct debit."
    return flag(stands & (way == "direct_debit") & (paid_at > (today - DEBIT_DAYS) * DAY))


@derived("loan", unit=Unit.DAYS)
def days_to_debit(recent_debits: Expr, days_to_due: Expr) -> Expr:
    "Days until the next payment is taken by direct debit; unknown where the person pays another way."
    return pick(recent_debits > 0, days_to_due)
