"""When: held back by caps and rests, let through by the calendar, then a slot and a weekday, all before the use-by.

A later day is drawn anew each night, so that tomorrow's facts count. Left to itself that could go on for ever: whoever
waits does so to the end of her round at most. Rounds follow each other, as long as the use-by, and begin where a lot says.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from tideover.engine.arithmetic import (
    first_of,
    floor_day,
    holds,
    largest,
    number,
    pick,
    residue,
    smallest,
    unknown,
    whole,
)
from tideover.engine.decision.calendar import BETWEEN, SLOT_CELLS, WEEKDAY_CELLS
from tideover.engine.decision.choice import WHOLE, Seen, Stage, lot
from tideover.engine.insight.contacts import DAY

CHANCE = "by_chance"
LAST_OF_A_WEEK = 6
"""Days that a round may last after its first."""

SPREAD_SECONDS = 5_400
"""Contacts of one slot are spread over at most an hour and a half, so that nobody's line is flooded."""


def use_by() -> nw.Expr:
    """The last second in which the contact is still of use: the end of a local day."""
    return end_of_day(nw.col("today") + nw.col("use_by_days"))


def end_of_day(day: nw.Expr) -> nw.Expr:
    """The second at which a local day ends, by the person's present clock."""
    return (day + 1) * DAY - nw.col("utc_offset").fill_null(0)


def end_of_round() -> nw.Expr:
    """The last local day to which a person may be made to wait for a better one."""
    longest = smallest(nw.col("use_by_days"), number(LAST_OF_A_WEEK))
    return nw.col("today") + longest - residue(nw.col("today") + lot("round"), longest + 1)


def with_earliest(chosen: nw.LazyFrame, channels: Sequence[str]) -> nw.LazyFrame:
    """For each channel the earliest moment that caps and rests after a talk allow, and which of them it is."""
    chosen = chosen.with_columns(use_by().alias("use_by"))
    for channel in channels:
        rest = nw.col("last_conversation_at") + nw.col(f"cool__{channel}")
        chosen = chosen.with_columns(
            largest(nw.col("at"), nw.col(f"free__{channel}"), rest).alias(f"earliest__{channel}")
        )
    return chosen


def with_channel(chosen: nw.LazyFrame, channels: Sequence[str], stage: Stage) -> nw.LazyFrame:
    """The channel, among those open that come free before the use-by; else none, and `expired_by` says what held it."""
    seen = [
        Seen(nw.col(f"prior__channel__{c}"), nw.col(f"answered__{c}"), nw.col(f"sent__{c}")) for c in channels
    ]
    in_time = [(nw.col(f"open__{c}") == 1) & (nw.col(f"earliest__{c}") < nw.col("use_by")) for c in channels]
    chosen = stage.chosen(stage.weighted(chosen, seen, in_time), nw.col(CHANCE))

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
        end_of_round().alias("waits_until"),
    ).with_columns(
        smallest(*(nw.col(f"start_{k}") for k in SLOT_CELLS)).alias("ready_today"),
        smallest(*(nw.col(f"next_{k}") for k in SLOT_CELLS)).alias("next_open_in"),
    )


def with_slot(chosen: nw.LazyFrame, stage: Stage) -> nw.LazyFrame:
    """The two-hour slot of the local day, among those that open in her round; without chance, or where none does, the first."""

    def opens_by(last: str, k: int) -> nw.Expr:
        ahead = nw.col(last) - nw.col("day")
        return ~nw.col(f"start_{k}").is_null() | holds(nw.col(f"next_{k}") <= ahead)

    # Only later days count where nothing opens today, and today alone counts for what takes the first moment.
    first_today = (nw.col(f"start_{k}") == nw.col("ready_today") for k in SLOT_CELLS)
    first_later = (
        nw.col("ready_today").is_null() & (nw.col(f"next_{k}") == nw.col("next_open_in")) for k in SLOT_CELLS
    )
    chosen = chosen.with_columns(
        *(
            (holds(today) | holds(later)).alias(f"first_{k}")
            for k, today, later in zip(SLOT_CELLS, first_today, first_later, strict=True)
        ),
        *(opens_by("use_by_day", k).alias(f"opens_before_{k}") for k in SLOT_CELLS),
        *(opens_by("waits_until", k).alias(f"in_round_{k}") for k in SLOT_CELLS),
    )
    is_open = [
        nw.col(f"opens_before_{k}") & ((nw.col(CHANCE) & nw.col(f"in_round_{k}")) | nw.col(f"first_{k}"))
        for k in SLOT_CELLS
    ]
    seen = [
        Seen(nw.col(f"prior__slot__{k}"), nw.col(f"answered__slot_{k}"), nw.col("answers_seen"))
        for k in SLOT_CELLS
    ]
    return stage.chosen(stage.weighted(chosen, seen, is_open), nw.col(CHANCE))


def with_weekday(chosen: nw.LazyFrame, slots: nw.LazyFrame, stage: Stage) -> nw.LazyFrame:
    """The day, among those of her round on which the slot opens, else the soonest before the use-by; cells are weekdays."""
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
    ends = end_of_day(nw.col("waits_until"))
    is_open = [
        ~begin.is_null() & ((nw.col(CHANCE) & (begin < ends)) | (begin == nw.col("soonest")))
        for begin in begins
    ]
    seen = [
        Seen(nw.col(f"prior__weekday__{k}"), nw.col(f"answered__weekday_{k}"), nw.col("answers_seen"))
        for k in WEEKDAY_CELLS
    ]
    return stage.chosen(stage.weighted(chosen, seen, is_open), nw.col(CHANCE))


def with_moment(chosen: nw.LazyFrame) -> nw.LazyFrame:
    """`send_at`: the slot's opening on the chosen day, spread within the slot; the first moment for what cannot wait."""

    def on_day(prefix: str) -> nw.Expr:
        return first_of((nw.col("weekday") == day, nw.col(f"{prefix}_{day}")) for day in WEEKDAY_CELLS)

    chosen = chosen.with_columns(on_day("begin").alias("begins_at"), on_day("slot_closes").alias("closes_at"))
    chosen = chosen.with_columns(
        (smallest(nw.col("closes_at"), nw.col("use_by")) - nw.col("begins_at") - 60).alias("room")
    )
    room = smallest(pick(nw.col("room") > 0, nw.col("room")).fill_null(0), number(SPREAD_SECONDS))
    chosen = chosen.with_columns((room * lot("minute")).alias("room"))
    spread = whole(nw.col("room"), WHOLE)
    return chosen.with_columns(
        (nw.col("begins_at") + nw.when(nw.col(CHANCE)).then(spread).otherwise(number(0))).alias("send_at")
    )
