"""What a person's own past says: spotless, a first slip, a habit, a payday, a turn for the worse.

All of it may be refused ("do not study my habits"), and then reads as its neutral value. Summed over
the loans a person took herself, never over somebody else's.
"""

from __future__ import annotations

from tideover.engine.arithmetic import flag, holds, largest, number, pick, whole
from tideover.engine.insight._define import Expr, Unit, derived, total

MILLION = 1_000_000
ENOUGH = 3
"""Payments before anything is called a history."""

OFTEN_COUNT, OFTEN_ONE_IN = 2, 3
STEADY_VARIANCE = 4
"""Square days: lags that stay within about two days of their mean."""

PAYDAY_LAGS = (2, 15)
WORSE_BY = 3


@total("loans", "person", "sum", unit=Unit.COUNT, habit=True, neutral=0)
def all_times_due(times_due: Expr) -> Expr:
    "Times something fell due over all the person's loans."
    return times_due


@total("loans", "person", "sum", unit=Unit.COUNT, habit=True, neutral=0)
def late_before(times_late_before: Expr) -> Expr:
    "Times the person was late before, the present lateness left out."
    return times_late_before


@total("loans", "person", "sum", unit=Unit.COUNT)
def late_now(times_late_now: Expr) -> Expr:
    "Payments that are late at this moment over all the person's loans."
    return times_late_now


@total("loans", "person", "max", unit=Unit.DAYS)
def worst_days_past_due(days_past_due: Expr) -> Expr:
    "Days past due of the loan that is furthest behind."
    return days_past_due


@total("loans", "person", "sum", unit=Unit.COUNT)
def open_loans(is_open: Expr) -> Expr:
    "Loans that are running."
    return flag(is_open)


@total("loans", "person", "sum", unit=Unit.COUNT)
def closed_loans(closed_on: Expr) -> Expr:
    "Loans that are closed."
    return flag(~closed_on.is_null())


@total("loans", "person", "sum", unit=Unit.COUNT, habit=True, neutral=0)
def all_lag_count(lag_count: Expr) -> Expr:
    "Settled instalments of the last year whose lag is known."
    return lag_count


@total("loans", "person", "sum", unit=Unit.DAYS, habit=True, neutral=0)
def all_lag_sum(lag_sum: Expr) -> Expr:
    "The lags of the last year, added up."
    return lag_sum


@total("loans", "person", "sum", unit=Unit.DAYS, habit=True, neutral=0)
def all_lag_square_sum(lag_square_sum: Expr) -> Expr:
    "The squares of the last year's lags, added up."
    return lag_square_sum


@total("loans", "person", "sum", unit=Unit.COUNT, habit=True, neutral=0)
def all_recent_lag_count(recent_lag_count: Expr) -> Expr:
    "Settled instalments of the last ninety days whose lag is known."
    return recent_lag_count


@total("loans", "person", "sum", unit=Unit.DAYS, habit=True, neutral=0)
def all_recent_lag_sum(recent_lag_sum: Expr) -> Expr:
    "The lags of the last ninety days, added up."
    return recent_lag_sum


@derived("person", unit=Unit.COUNT, habit=True, neutral=0)
def on_time_before(all_times_due: Expr, late_before: Expr, late_now: Expr) -> Expr:
    "Payments made on time so far."
    return all_times_due - late_before - late_now


@derived("person", unit=Unit.COUNT, habit=True, neutral=0)
def past_payments(on_time_before: Expr, late_before: Expr) -> Expr:
    "Payments so far, on time or late, the present lateness left out."
    return on_time_before + late_before


@derived("person", unit=Unit.PPM, habit=True)
def share_late_ppm(late_before: Expr, past_payments: Expr) -> Expr:
    "Share of earlier payments that were late; unknown where there were none."
    return whole(late_before * MILLION, past_payments)


@derived("person", unit=Unit.YES_NO, habit=True, neutral=False)
def spotless(late_before: Expr, past_payments: Expr) -> Expr:
    "At least three payments so far and never late before."
    return holds((late_before == 0) & (past_payments >= ENOUGH))


@derived("person", unit=Unit.YES_NO, habit=True, neutral=False)
def first_slip(spotless: Expr, late_now: Expr) -> Expr:
    "One payment is late after a spotless history."
    return holds(spotless & (late_now == 1))


@derived("person", unit=Unit.YES_NO, habit=True, neutral=False)
def often_late(late_before: Expr, past_payments: Expr) -> Expr:
    "Late at least twice before, and in at least a third of payments."
    return holds(
        (late_before >= OFTEN_COUNT)
        & (late_before * OFTEN_ONE_IN >= past_payments)
        & (past_payments >= ENOUGH)
    )


@derived("person", unit=Unit.YES_NO)
def new_to_credit(all_times_due: Expr, closed_loans: Expr) -> Expr:
    "Fewer than three payments have fallen due and no loan has been repaid yet."
    return holds((all_times_due < ENOUGH) & (closed_loans == 0))


@derived("person", unit=Unit.DAYS, habit=True)
def usual_lag(all_lag_sum: Expr, all_lag_count: Expr) -> Expr:
    "Mean days after the due day on which the person pays, whole days, 0 when early; unknown below three payments."
    return whole(pick(all_lag_count >= ENOUGH, largest(all_lag_sum, number(0))), all_lag_count)


@derived("person", unit=Unit.YES_NO, habit=True, neutral=False)
def steady_lag(all_lag_sum: Expr, all_lag_square_sum: Expr, all_lag_count: Expr) -> Expr:
    "The days on which the person pays stay within about two days of their mean."
    spread = all_lag_count * all_lag_square_sum - all_lag_sum * all_lag_sum
    return holds((all_lag_count >= ENOUGH) & (spread <= STEADY_VARIANCE * all_lag_count * all_lag_count))


@derived("person", unit=Unit.YES_NO, habit=True, neutral=False)
def pays_on_payday(usual_lag: Expr, steady_lag: Expr) -> Expr:
    "Pays steadily some days after the due day, as one does whose pay comes later: moving the date would help."
    return holds(steady_lag & (usual_lag >= PAYDAY_LAGS[0]) & (usual_lag <= PAYDAY_LAGS[1]))


@derived("person", unit=Unit.YES_NO, habit=True, neutral=False)
def worsening(
    all_lag_sum: Expr, all_lag_count: Expr, all_recent_lag_sum: Expr, all_recent_lag_count: Expr
) -> Expr:
    "Paid at least three days later on average in the last ninety days than before them."
    before_sum, before_count = all_lag_sum - all_recent_lag_sum, all_lag_count - all_recent_lag_count
    later = all_recent_lag_sum * before_count - before_sum * all_recent_lag_count
    enough = (all_recent_lag_count >= 2) & (before_count >= 2)
    return holds(enough & (later >= number(WORSE_BY) * before_count * all_recent_lag_count))


@total("loans", "person", "min", unit=Unit.DAY)
def next_event_on(next_event: Expr) -> Expr:
    "The next day on which something happens to one of the person's loans."
    return next_event
