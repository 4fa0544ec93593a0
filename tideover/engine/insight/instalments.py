"""What a loan's instalments say: what is owed, what comes next, and how it has gone so far.

Overdue is the sum over instalments due before today of what is due less what is paid. Nothing is
allocated here: `paid` arrives allocated.
"""

from __future__ import annotations

from tideover.engine.arithmetic import flag, holds, number, packed, packed_day, packed_value, pick
from tideover.engine.insight._define import Expr, Unit, derived, row, total

LAG_BOUND = 120
"""Lags beyond four months say nothing about a payday, and would drown the rest of a mean."""

RECENT_DAYS = 90
YEAR_DAYS = 365


@row("instalments", unit=Unit.MONEY)
def amount_due(principal: Expr, interest: Expr, fees: Expr) -> Expr:
    "Principal, interest and fees of the instalment together."
    return principal.fill_null(0) + interest.fill_null(0) + fees.fill_null(0)


@row("instalments", unit=Unit.MONEY)
def open_amount(amount_due: Expr, paid: Expr) -> Expr:
    "What is still to pay of the instalment."
    left = amount_due - paid.fill_null(0)
    return pick(left > 0, left).fill_null(0)


@row("instalments", unit=Unit.YES_NO)
def is_overdue(due_on: Expr, today: Expr, open_amount: Expr) -> Expr:
    "Its day has passed and something is still open."
    return holds((due_on < today) & (open_amount > 0))


@row("instalments", unit=Unit.YES_NO)
def is_ahead(due_on: Expr, today: Expr, open_amount: Expr) -> Expr:
    "Its day is today or later and something is still open."
    return holds((due_on >= today) & (open_amount > 0))


@row("instalments", unit=Unit.YES_NO)
def was_late(due_on: Expr, settled_on: Expr) -> Expr:
    "It was paid in full, but after its day."
    return holds(settled_on > due_on)


@row("instalments", unit=Unit.DAYS)
def lag(due_on: Expr, settled_on: Expr) -> Expr:
    "Days from the due day to the day it was paid in full, within four months either way."
    days = settled_on - due_on
    return pick((days >= -LAG_BOUND) & (days <= LAG_BOUND), days)


@total("instalments", "loan", "sum", unit=Unit.MONEY)
def overdue_instalment_money(is_overdue: Expr, open_amount: Expr) -> Expr:
    "What is open of instalments whose day has passed."
    return pick(is_overdue, open_amount).fill_null(0)


@total("instalments", "loan", "sum", unit=Unit.COUNT)
def overdue_instalments(is_overdue: Expr) -> Expr:
    "Instalments whose day has passed and that are not fully paid."
    return flag(is_overdue)


@total("instalments", "loan", "min", unit=Unit.DAY)
def oldest_overdue_on(is_overdue: Expr, due_on: Expr) -> Expr:
    "The due day of the oldest instalment that is open and past its day."
    return pick(is_overdue, due_on)


@total("instalments", "loan", "sum", unit=Unit.COUNT)
def instalments_due(due_on: Expr, today: Expr) -> Expr:
    "Instalments whose day has come and gone."
    return flag(due_on < today)


@total("instalments", "loan", "sum", unit=Unit.COUNT)
def instalments_left(open_amount: Expr) -> Expr:
    "Instalments that are not fully paid."
    return flag(open_amount > 0)


@total("instalments", "loan", "sum", unit=Unit.MONEY)
def instalment_money_left(open_amount: Expr) -> Expr:
    "What is still to pay over all instalments."
    return open_amount


@total("instalments", "loan", "min", unit=Unit.COUNT)
def next_due_pack(is_ahead: Expr, due_on: Expr, open_amount: Expr) -> Expr:
    "The day and amount of the next open instalment; of two on one day the smaller amount."
    return pick(is_ahead, packed(due_on, open_amount))


@total("instalments", "loan", "min", unit=Unit.DAY)
def first_due_on(due_on: Expr) -> Expr:
    "The due day of the loan's first instalment."
    return due_on


@total("instalments", "loan", "max", unit=Unit.DAY)
def final_due_on(due_on: Expr) -> Expr:
    "The due day of the loan's last instalment."
    return due_on


@total("instalments", "loan", "max", unit=Unit.DAY)
def last_settled_on(settled_on: Expr) -> Expr:
    "The latest day on which an instalment was paid in full."
    return settled_on


@total("instalments", "loan", "sum", unit=Unit.COUNT)
def late_settled(was_late: Expr) -> Expr:
    "Instalments paid in full, but late."
    return flag(was_late)


@total("instalments", "loan", "sum", unit=Unit.COUNT)
def settled(settled_on: Expr) -> Expr:
    "Instalments paid in full."
    return flag(~settled_on.is_null())


@total("instalments", "loan", "max", unit=Unit.COUNT)
def last_due_number(due_on: Expr, today: Expr, number: Expr) -> Expr:
    "The number of the latest instalment whose day has passed."
    return pick(due_on < today, number)


@total("instalments", "loan", "max", unit=Unit.COUNT)
def last_on_time_number(due_on: Expr, today: Expr, settled_on: Expr, number: Expr) -> Expr:
    "The number of the latest instalment whose day has passed and that was paid on time."
    return pick((due_on < today) & (settled_on <= due_on), number)


@total("instalments", "loan", "min", unit=Unit.COUNT)
def first_number(number: Expr) -> Expr:
    "The number of the first instalment that is known."
    return number


@total("instalments", "loan", "sum", unit=Unit.COUNT)
def lag_count(lag: Expr, due_on: Expr, today: Expr) -> Expr:
    "Settled instalments of the last year whose lag is known."
    return flag(~lag.is_null() & (due_on > today - YEAR_DAYS))


@total("instalments", "loan", "sum", unit=Unit.DAYS)
def lag_sum(lag: Expr, due_on: Expr, today: Expr) -> Expr:
    "The lags of the last year, added up."
    return pick(due_on > today - YEAR_DAYS, lag).fill_null(0)


@total("instalments", "loan", "sum", unit=Unit.DAYS)
def lag_square_sum(lag: Expr, due_on: Expr, today: Expr) -> Expr:
    "The squares of the last year's lags, added up: how steady they are."
    return pick(due_on > today - YEAR_DAYS, lag * lag).fill_null(0)


@total("instalments", "loan", "sum", unit=Unit.COUNT)
def recent_lag_count(lag: Expr, due_on: Expr, today: Expr) -> Expr:
    "Settled instalments of the last ninety days whose lag is known."
    return flag(~lag.is_null() & (due_on > today - RECENT_DAYS))


@total("instalments", "loan", "sum", unit=Unit.DAYS)
def recent_lag_sum(lag: Expr, due_on: Expr, today: Expr) -> Expr:
    "The lags of the last ninety days, added up."
    return pick(due_on > today - RECENT_DAYS, lag).fill_null(0)


@derived("loan", unit=Unit.DAY)
def next_due_on(next_due_pack: Expr) -> Expr:
    "The day of the next instalment that is still open."
    return packed_day(next_due_pack)


@derived("loan", unit=Unit.MONEY)
def next_due_amount(next_due_pack: Expr) -> Expr:
    "What is still to pay of the next instalment."
    return packed_value(next_due_pack)


@derived("loan", unit=Unit.DAYS)
def days_to_due(next_due_on: Expr, today: Expr) -> Expr:
    "Days until the next open instalment is due; 0 is today."
    return next_due_on - today


@derived("loan", unit=Unit.COUNT, habit=True, neutral=0)
def late_streak(last_due_number: Expr, last_on_time_number: Expr, first_number: Expr) -> Expr:
    "How many of the latest instalments in a row were not paid on time."
    return (last_due_number - last_on_time_number.fill_null(first_number - 1)).fill_null(0)


@derived("loan", unit=Unit.YES_NO)
def is_first_instalment_ahead(first_due_on: Expr, today: Expr) -> Expr:
    "The first instalment is still to come."
    return holds(first_due_on >= today)


@derived("loan", unit=Unit.COUNT)
def instalments_on_time(settled: Expr, late_settled: Expr) -> Expr:
    "Instalments paid in full on or before their day."
    return settled - late_settled + number(0)
