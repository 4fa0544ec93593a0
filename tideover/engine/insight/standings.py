"""What dated standings say: cards and books that only keep a month-end class of days late."""

from __future__ import annotations

from tideover.engine.arithmetic import flag, holds, packed, packed_day, packed_value, pick
from tideover.engine.insight._define import Expr, Unit, derived, total

RECENT_DAYS = 190


@total("standings", "loan", "max", unit=Unit.COUNT)
def standing_days_pack(on: Expr, days_late_from: Expr) -> Expr:
    "The latest standing's day and its least number of days late."
    return pick(~on.is_null(), packed(on, pick(days_late_from > 0, days_late_from).fill_null(0)))


@total("standings", "loan", "max", unit=Unit.COUNT)
def standing_overdue_pack(on: Expr, overdue: Expr) -> Expr:
    "The latest standing's day and its overdue amount."
    return pick(~on.is_null(), packed(on, pick(overdue > 0, overdue).fill_null(0)))


@total("standings", "loan", "max", unit=Unit.COUNT)
def standing_balance_pack(on: Expr, balance: Expr) -> Expr:
    "The latest standing's day and its balance."
    return pick(~on.is_null(), packed(on, pick(balance > 0, balance).fill_null(0)))


@total("standings", "loan", "sum", unit=Unit.COUNT)
def standings_seen(on: Expr) -> Expr:
    "Standings recorded so far."
    return flag(~on.is_null())


@total("standings", "loan", "sum", unit=Unit.COUNT)
def standings_late(days_late_from: Expr) -> Expr:
    "Standings that were late."
    return flag(days_late_from > 0)


@total("standings", "loan", "sum", unit=Unit.COUNT)
def standings_late_recently(days_late_from: Expr, on: Expr, today: Expr) -> Expr:
    "Standings of the last half year that were late."
    return flag((days_late_from > 0) & (on > today - RECENT_DAYS))


@total("standings", "loan", "max", unit=Unit.DAY)
def last_clean_standing_on(on: Expr, days_late_from: Expr) -> Expr:
    "The day of the latest standing that was not late."
    return pick(days_late_from.fill_null(0) <= 0, on)


@derived("loan", unit=Unit.DAY)
def standing_on(standing_days_pack: Expr) -> Expr:
    "The day of the latest standing."
    return packed_day(standing_days_pack)


@derived("loan", unit=Unit.DAYS)
def standing_days_late(standing_days_pack: Expr) -> Expr:
    "Least number of days late by the latest standing."
    return packed_value(standing_days_pack)


@derived("loan", unit=Unit.MONEY)
def standing_overdue(standing_overdue_pack: Expr) -> Expr:
    "Overdue amount by the latest standing."
    return packed_value(standing_overdue_pack)


@derived("loan", unit=Unit.MONEY)
def standing_balance(standing_balance_pack: Expr) -> Expr:
    "Balance by the latest standing."
    return packed_value(standing_balance_pack)


@derived("loan", unit=Unit.COUNT)
def standing_is_late(standing_days_late: Expr) -> Expr:
    "1 where the latest standing is late."
    return flag(standing_days_late > 0)


@derived("loan", unit=Unit.YES_NO)
def paid_since_standing(last_payment_on: Expr, standing_on: Expr) -> Expr:
    "Money came after the day of the latest standing, which cannot know of it."
    return holds(last_payment_on > standing_on)
