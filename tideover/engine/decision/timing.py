"""When: held back by caps and rests, let through by the calendar, then a slot and a weekday, all before the use-by."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from tideover.engine.arithmetic import first_of, floor_day, largest, number, pick, smallest, unknown, whole
from tideover.engine.decision.calendar import BETWEEN, SLOT_CELLS, WEEKDAY_CELLS
from tideover.engine.decision.choice import Stage, draw, masked_weight, shrunk
from tideover.engine.insight.contacts import DAY

CHANCE = "by_chance"
SPREAD_SECONDS = 5_400
"""Contacts of one slot are spread over at most an hour and a half, so that nobody's line is flooded."""


def use_by() -> nw.Expr:
    """The last second in which the contact is still of use: the end of a local day."""
    return (nw.col("today") + nw.col("use_by_days") + 1) * DAY - nw.col("utc_offset").fill_null(0)


def with_earliest(chosen: nw.LazyFrame, channels: Sequence[str]) -> nw.LazyFrame:
    """For each channel the earliest moment that caps and rests after a talk allow, and which of them it is."""
    chosen = chosen.with_columns(use_by().alias("use_by"))
    for channel in channels:
        rest = nw.col("last_conversation_at") + nw.col(f"cool__{channel}")
        chosen = chosen.with_columns(
            largest(nw.col("at"), nw.col(f"free__{channel}"), rest).alias(f"earliest__{channel}")
        )
    return chosen


def with_channel(chosen: nw.LazyFrame, channels: Sequence[str], stage: Stage, salt: str) -> nw.LazyFrame:
    """The channel, among those open that come free before the use-by; else none, and `expired_by` says what held it."""
    weights = []
    for channel in channels:
        in_time = (nw.col(f"open__{channel}") == 1) & (nw.col(f"earliest__{channel}") < nw.col("use_by"))
        weight = shrunk(
            nw.col(f"prior__channel__{channel}"), nw.col(f"answered__{channel}"), nw.col(f"sent__{channel}")
        )
        weights.append(masked_weight(weight, in_time).alias(stage.weight(channel)))
    chosen = chosen.with_columns(*weights).with_columns(stage.eligible().alias("eligible_channels"))
    chosen = stage.chosen(chosen, draw(salt, stage.name, by_day=True), nw.col(CHANCE))

    def of_channel(prefix: str, empty: nw.Expr) -> nw.Expr:
        return first_of(((nw.col("channel") == c, nw.col(f"{prefix}__{c}")) for c in channels), empty)

    no_text = nw.lit(None).cast(nw.String)
    late = [
        pick(
            (nw.col(f"open__{c}") == 1),
            nw.coalesce(
                pick(nw.col(f"free__{c}") >= nw.col("use_by"), nw.col(f"cap__{c}")), nw.col(f"cool_rule__{c}")
            ),
        )
        for c in channels
    ]
    return chosen.with_columns(
        of_channel("earliest", unknown()).alias("earliest"),
        nw.concat_str(of_channel("window", no_text), nw.col("person_key"), separator=BETWEEN).alias(
            "signature"
        ),
        pick(nw.col("channel").is_null(), nw.coalesce(*late, nw.col("closed_by"))).alias("expired_by"),
        of_channel("cap", no_text).alias("cap_of_channel"),
        floor_day(of_channel("earliest", unknown()) + nw.col("utc_offset")).alias("day"),
    )


def with_ready(chosen: nw.LazyFrame, days: nw.LazyFrame) -> nw.LazyFrame:
    """The next allowed moment at or after the earliest (`ready_at`), and for each slot when it is open."""
    chosen = chosen.join(days, on=["signature", "day"], how="left")
    same_day = [
        pick(nw.col(f"closes_{k}") > nw.col("earliest"), largest(nw.col(f"opens_{k}"), nw.col("earliest")))
        for k in SLOT_CELLS
    ]
    return chosen.with_columns(
        *(expr.alias(f"start_{k}") for k, expr in zip(SLOT_CELLS, same_day, strict=True)),
        (nw.col("today") + nw.col("use_by_days")).alias("use_by_day"),
    ).with_columns(
        smallest(*(nw.col(f"start_{k}") for k in SLOT_CELLS)).alias("ready_today"),
        smallest(*(nw.col(f"next_{k}") for k in SLOT_CELLS)).alias("next_open_in"),
    )


def with_slot(chosen: nw.LazyFrame, stage: Stage, salt: str) -> nw.LazyFrame:
    """The two-hour slot of the local day, among those that open before the use-by."""
    span = nw.col("use_by_day") - nw.col("day")
    now_or_later = nw.col(CHANCE) | nw.col("ready_today").is_null()
    weights = []
    for k in SLOT_CELLS:
        opens_today = ~nw.col(f"start_{k}").is_null() & (
            now_or_later | (nw.col(f"start_{k}") == nw.col("ready_today"))
        )
        opens_later = now_or_later & (nw.col(f"next_{k}") <= span)
        only_first = ~nw.col(CHANCE) & nw.col("ready_today").is_null()
        opens_later = opens_later & (~only_first | (nw.col(f"next_{k}") == nw.col("next_open_in")))
        weight = shrunk(nw.col(f"prior__slot__{k}"), nw.col(f"answered__slot_{k}"), nw.col("answers_seen"))
        weights.append(masked_weight(weight, opens_today | opens_later).alias(stage.weight(k)))
    chosen = chosen.with_columns(*weights).with_columns(stage.eligible().alias("eligible_slots"))
    return stage.chosen(chosen, draw(salt, stage.name, by_day=True), nw.col(CHANCE))


def with_weekday(chosen: nw.LazyFrame, slots: nw.LazyFrame, stage: Stage, salt: str) -> nw.LazyFrame:
    """The day, among those from the earliest to the use-by on which the slot opens; cells are weekdays."""
    chosen = chosen.join(slots, on=["signature", "slot", "day"], how="left")
    starts = []
    for weekday in WEEKDAY_CELLS:
        opens, closes = nw.col(f"slot_opens_{weekday}"), nw.col(f"slot_closes_{weekday}")
        start = largest(opens, nw.col("earliest"))
        starts.append(
            pick((closes > nw.col("earliest")) & (start < nw.col("use_by")), start).alias(f"begin_{weekday}")
        )
    begins = [nw.col(f"begin_{weekday}") for weekday in WEEKDAY_CELLS]
    chosen = chosen.with_columns(*starts).with_columns(smallest(*begins).alias("soonest"))
    weights = []
    for weekday, begin in zip(WEEKDAY_CELLS, begins, strict=True):
        is_open = ~begin.is_null() & (nw.col(CHANCE) | (begin == nw.col("soonest")))
        weight = shrunk(
            nw.col(f"prior__weekday__{weekday}"),
            nw.col(f"answered__weekday_{weekday}"),
            nw.col("answers_seen"),
        )
        weights.append(masked_weight(weight, is_open).alias(stage.weight(weekday)))
    chosen = chosen.with_columns(*weights).with_columns(stage.eligible().alias("eligible_weekdays"))
    return stage.chosen(chosen, draw(salt, stage.name, by_day=True), nw.col(CHANCE))


def with_moment(chosen: nw.LazyFrame, salt: str) -> nw.LazyFrame:
    """`send_at`: the slot's opening on the chosen day, spread within the slot; the first moment for what cannot wait."""

    def on_day(prefix: str) -> nw.Expr:
        return first_of((nw.col("weekday") == day, nw.col(f"{prefix}_{day}")) for day in WEEKDAY_CELLS)

    chosen = chosen.with_columns(on_day("begin").alias("begins_at"), on_day("slot_closes").alias("closes_at"))
    room = smallest(nw.col("closes_at"), nw.col("use_by")) - nw.col("begins_at") - 60
    room = smallest(pick(room > 0, room).fill_null(0), number(SPREAD_SECONDS))
    spread = whole(room * draw(salt, "minute", by_day=True), 10_000)
    return chosen.with_columns(
        (nw.col("begins_at") + nw.when(nw.col(CHANCE)).then(spread).otherwise(number(0))).alias("send_at")
    )
