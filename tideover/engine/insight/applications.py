"""Where an application stands, so that news comes before it is asked for."""

from __future__ import annotations

import narwhals as nw

from tideover.engine.arithmetic import first_of, floor_day, number, residue, whole
from tideover.engine.insight._define import Expr, Unit, derived, row, total

STEPS = (
    "interested",
    "started",
    "received",
    "document_received",
    "documents_missing",
    "under_review",
    "approved",
    "declined",
    "disbursed",
    "withdrawn",
)
ROOM = 64


@row("milestones", unit=Unit.COUNT)
def step_number(step: Expr) -> Expr:
    "The place of the step in the journey, from 1; unknown steps have none."
    return first_of((step == name, number(place)) for place, name in enumerate(STEPS, 1))


@total("milestones", "application", "max", unit=Unit.COUNT)
def step_pack(at_of_row: Expr, step_number: Expr) -> Expr:
    "The moment and place of the latest step; of two at one moment the one further along."
    return at_of_row * ROOM + step_number


@derived("application", unit=Unit.COUNT)
def latest_step_number(step_pack: Expr) -> Expr:
    "The place of the latest step in the journey."
    return residue(step_pack, ROOM)


@derived("application", unit=Unit.CODE)
def application_step(latest_step_number: Expr) -> Expr:
    "The latest step of the application."
    return first_of((latest_step_number == place, nw.lit(name)) for place, name in enumerate(STEPS, 1))


@derived("application", unit=Unit.MOMENT)
def step_at(step_pack: Expr) -> Expr:
    "The moment of the latest step."
    return whole(step_pack, ROOM)


@derived("application", unit=Unit.DAYS)
def days_since_step(step_at: Expr, utc_offset: Expr, today: Expr) -> Expr:
    "Days since the application's latest step."
    return today - floor_day(step_at + utc_offset)
