"""One loan as it stands today, from instalments or standings, whichever the book has."""

from __future__ import annotations

import narwhals as nw

from tideover.engine.arithmetic import holds, largest, number, pick, smallest, whole
from tideover.engine.insight._define import Expr, Unit, derived

MILLION = 1_000_000
ENOUGH = 3
"""Payments before anything is called a history."""

MAX_OWED = 2**42
"""Above 4e12 minor units a share in ppm would overflow 63 bits; such a loan's share is left unknown."""


@derived("loan", unit=Unit.YES_NO)
def is_open(closed_on: Expr, disbursed_on: Expr, today: Expr) -> Expr:
    "The loan has been paid out and is not closed."
    return holds(closed_on.is_null() & (disbursed_on.is_null() | (disbursed_on <= today)))


@derived("loan", unit=Unit.DAYS)
def days_past_due(oldest_overdue_on: Expr, standing_days_late: Expr, is_open: Expr, today: Expr) -> Expr:
    "Days since the oldest open instalment fell due, or the days late of the latest standing; 0 when nothing is late."
    by_instalment = (today - oldest_overdue_on).fill_null(0)
    by_standing = standing_days_late.fill_null(0)
    return pick(is_open, largest(by_instalment, by_standing)).fill_null(0)


@derived("loan", unit=Unit.MONEY)
def overdue(overdue_instalment_money: Expr, standing_overdue: Expr, is_open: Expr) -> Expr:
    "What should have been paid by now and is not."
    return pick(
        is_open, largest(overdue_instalment_money.fill_null(0), standing_overdue.fill_null(0))
    ).fill_null(0)


@derived("loan", unit=Unit.MONEY)
def outstanding(instalment_money_left: Expr, standing_balance: Expr) -> Expr:
    "What is still to pay over the rest of the loan."
    return largest(instalment_money_left.fill_null(0), standing_balance.fill_null(0))


@derived("loan", unit=Unit.PPM)
def overdue_ppm_of_principal(overdue: Expr, principal: Expr) -> Expr:
    "Overdue as a share of the amount lent."
    return whole(pick(overdue < MAX_OWED, overdue) * MILLION, principal)


@derived("loan", unit=Unit.DAYS)
def days_since_disbursed(disbursed_on: Expr, today: Expr) -> Expr:
    "Days since the money was paid out."
    return today - disbursed_on


@derived("loan", unit=Unit.DAYS)
def days_since_closed(closed_on: Expr, today: Expr) -> Expr:
    "Days since the loan was closed."
    return today - closed_on


@derived("loan", unit=Unit.YES_NO)
def is_time_barred(limitation_on: Expr, today: Expr) -> Expr:
    "The time to claim this debt has run out, so nothing may be offered that would revive it."
    return holds(limitation_on <= today)


@derived("loan", unit=Unit.COUNT)
def times_due(instalments_due: Expr, standings_seen: Expr) -> Expr:
    "Times something fell due or was looked at: instalments, or standings where there are none."
    due = instalments_due.fill_null(0)
    return pick(due > 0, due).fill_null(standings_seen.fill_null(0))


@derived("loan", unit=Unit.COUNT)
def times_late_before(
    late_settled: Expr, overdue_instalments: Expr, standings_late: Expr, standing_is_late: Expr, is_open: Expr
) -> Expr:
    "Times it was late before, the present lateness left out; what a closed loan left unpaid was late for good."
    now = (
        nw.when(is_open)
        .then(standing_is_late.fill_null(0))
        .otherwise(number(0) - overdue_instalments.fill_null(0))
    )
    return late_settled.fill_null(0) + standings_late.fill_null(0) - now


@derived("loan", unit=Unit.COUNT)
def times_late_now(overdue_instalments: Expr, standing_is_late: Expr, is_open: Expr) -> Expr:
    "Payments that are late at this moment."
    return pick(is_open, largest(overdue_instalments.fill_null(0), standing_is_late.fill_null(0))).fill_null(
        number(0)
    )


@derived("loan", unit=Unit.YES_NO, habit=True, neutral=False)
def first_slip_of_loan(times_due: Expr, times_late_before: Expr, times_late_now: Expr) -> Expr:
    "One payment of this loan is late after at least three on time, whoever of its borrowers made them."
    on_time = times_due - times_late_before - times_late_now
    return holds((times_late_before == 0) & (times_late_now == 1) & (on_time >= ENOUGH))


@derived("loan", unit=Unit.COUNT)
def is_late_now(days_past_due: Expr) -> Expr:
    "1 where something is late."
    return pick(days_past_due > 0, number(1)).fill_null(0)


LOOK_AHEAD_DAYS = 5


@derived("loan", unit=Unit.DAY)
def next_event(next_due_on: Expr, promised_on: Expr, days_past_due: Expr, today: Expr) -> Expr:
    "The next day on which something happens to the loan: a due day comes near, a promised day passes, lateness grows."
    near = pick(next_due_on - LOOK_AHEAD_DAYS > today, next_due_on - LOOK_AHEAD_DAYS)
    soon = pick((next_due_on >= today) & (next_due_on - LOOK_AHEAD_DAYS <= today), today + 1)
    promise = pick(promised_on >= today, promised_on + 1)
    late = pick(days_past_due > 0, today + 1)
    return smallest(near, soon, promise, late)
