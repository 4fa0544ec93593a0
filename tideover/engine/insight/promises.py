"""Promises to pay and agreed plans: what the person chose, and how it went."""

from __future__ import annotations

from tideover.engine.arithmetic import flag, floor_day, holds, pick
from tideover.engine.insight._define import Expr, Unit, derived, row, total

YEAR_DAYS = 365
ARRIVAL_DAYS = 2
"""Days a payment made on the promised day may take to arrive and be recorded."""


@row("promises", unit=Unit.YES_NO)
def is_running(ended_at: Expr, made_at: Expr, at: Expr) -> Expr:
    "The promise was made and has not ended."
    return holds(ended_at.is_null() & (made_at <= at))


@row("promises", unit=Unit.DAY)
def ended_on(ended_at: Expr) -> Expr:
    "The day (UTC) on which the promise ended."
    return floor_day(ended_at)


@total("promises", "loan", "max", unit=Unit.DAY)
def promised_on(is_running: Expr, on: Expr) -> Expr:
    "The day of the promise that is running."
    return pick(is_running, on)


@total("promises", "loan", "max", unit=Unit.MOMENT)
def promise_made_at(is_running: Expr, made_at: Expr) -> Expr:
    "The moment at which the running promise was made."
    return pick(is_running, made_at)


@derived("loan", unit=Unit.DAY)
def promise_made_on(promise_made_at: Expr) -> Expr:
    "The day (UTC) on which the running promise was made."
    return floor_day(promise_made_at)


@total("promises", "loan", "max", unit=Unit.DAY)
def promise_kept_on(end: Expr, ended_on: Expr) -> Expr:
    "The latest day on which a promise was kept."
    return pick(end == "kept", ended_on)


@total("promises", "loan", "max", unit=Unit.DAY)
def promise_broken_on(end: Expr, ended_on: Expr) -> Expr:
    "The latest day on which a promise was not kept."
    return pick(end == "broken", ended_on)


@total("promises", "loan", "max", unit=Unit.DAY)
def promise_partly_kept_on(end: Expr, ended_on: Expr, kept_amount: Expr) -> Expr:
    "The latest day on which a promise ended with a part of it paid."
    return pick((end == "broken") & (kept_amount > 0), ended_on)


@total("promises", "loan", "sum", unit=Unit.COUNT, habit=True, neutral=0)
def promises_kept(end: Expr, ended_on: Expr, today: Expr) -> Expr:
    "Promises kept in the last year."
    return flag((end == "kept") & (ended_on > today - YEAR_DAYS))


@total("promises", "loan", "sum", unit=Unit.COUNT, habit=True, neutral=0)
def promises_broken(end: Expr, ended_on: Expr, today: Expr) -> Expr:
    "Promises not kept in the last year."
    return flag((end == "broken") & (ended_on > today - YEAR_DAYS))


@derived("loan", unit=Unit.DAYS)
def days_to_promise(promised_on: Expr, today: Expr) -> Expr:
    "Days until the promised day; negative once it has passed."
    return promised_on - today


@derived("loan", unit=Unit.YES_NO)
def has_open_promise(promised_on: Expr) -> Expr:
    "A promise to pay is running."
    return holds(~promised_on.is_null())


@derived("loan", unit=Unit.YES_NO)
def awaits_promise(promised_on: Expr, today: Expr) -> Expr:
    "A promised day is still to come, or passed no longer ago than a payment takes to arrive."
    return holds(promised_on >= today - ARRIVAL_DAYS)


@derived("loan", unit=Unit.DAYS)
def days_since_promise_made(promise_made_on: Expr, today: Expr) -> Expr:
    "Days since the running promise was made."
    return today - promise_made_on


@derived("loan", unit=Unit.DAYS)
def days_since_promise_kept(promise_kept_on: Expr, today: Expr) -> Expr:
    "Days since a promise was last kept."
    return today - promise_kept_on


@derived("loan", unit=Unit.DAYS)
def days_since_promise_broken(promise_broken_on: Expr, today: Expr) -> Expr:
    "Days since a promise was last not kept."
    return today - promise_broken_on


@derived("loan", unit=Unit.DAYS)
def days_since_promise_partly_kept(promise_partly_kept_on: Expr, today: Expr) -> Expr:
    "Days since a promise last ended with a part of it paid."
    return today - promise_partly_kept_on


@row("plans", unit=Unit.YES_NO)
def is_kept_up(ended_at: Expr, from_on: Expr, until_on: Expr, today: Expr) -> Expr:
    "The plan has begun and has not ended."
    return holds(ended_at.is_null() & (from_on <= today) & (until_on.is_null() | (until_on >= today)))


@total("plans", "loan", "sum", unit=Unit.COUNT)
def plans_running(is_kept_up: Expr) -> Expr:
    "Agreed plans that are running."
    return flag(is_kept_up)


@total("plans", "loan", "max", unit=Unit.DAY)
def plan_from_on(is_kept_up: Expr, from_on: Expr) -> Expr:
    "The day from which the running plan counts."
    return pick(is_kept_up, from_on)


@total("plans", "loan", "max", unit=Unit.DAY)
def plan_broken_on(end: Expr, ended_at: Expr) -> Expr:
    "The latest day (UTC) on which a plan was given up without being kept."
    return pick(end == "broken", floor_day(ended_at))


@derived("loan", unit=Unit.YES_NO)
def has_open_plan(plans_running: Expr) -> Expr:
    "An agreed plan is running."
    return holds(plans_running > 0)


@derived("loan", unit=Unit.DAYS)
def days_since_plan_began(plan_from_on: Expr, today: Expr) -> Expr:
    "Days since the running plan began."
    return today - plan_from_on


@derived("loan", unit=Unit.DAYS)
def days_since_plan_broken(plan_broken_on: Expr, today: Expr) -> Expr:
    "Days since a plan last ended without being kept."
    return today - plan_broken_on
