"""The decision row: one for every person, silence included, with at least one reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals as nw

from tideover.engine.arithmetic import floor_day, number, pick, smallest
from tideover.engine.decision.backend import Backend
from tideover.engine.decision.candidates import text_of
from tideover.engine.decision.plan import Plan
from tideover.engine.insight.contacts import DAY
from tideover.engine.policy.lists import Lists
from tideover.engine.policy.strategy import DEFAULT_REASON

ENGINE_VERSION = "1"
REVIEW_DAYS = 30

COLUMNS = (
    "decision_id", "borrower_id", "at", "subject", "occasion", "treatment", "purpose", "policy", "step", "channel", "send_at",
    "use_by", "language", "tone", "message", "lesson", "reasons", "blocked_by", "next_review_at", "cost", "arm", "leaf",
    "eligible", "propensity", "strategy_hash", "rules_hash", "tables_hash", "content_hash", "engine_version",
)  # fmt: skip
"""The columns of a decision, in order."""


TAKEN = (
    "person_id", "subject", "purpose", "policy", "step", "because", "by", "channel", "send_at", "use_by", "tone", "lesson", "held_out",
    "expired_by", "cap_of_channel", "propensity", "rank", "eligible_channels", "eligible_slots", "eligible_weekdays", "eligible_tones",
    "by_chance",
)  # fmt: skip
"""What a row takes from its person's contact."""


def decision_rows(
    plan: Plan,
    people: nw.LazyFrame,
    silences: nw.LazyFrame,
    timed: nw.LazyFrame,
    stepped_aside: nw.LazyFrame,
    assumes: Sequence[str],
    content_hash: str,
    backend: Backend,
) -> nw.LazyFrame:
    """One row a person."""
    rows = people.select("person_id", "at", "today", "utc_offset", "language", "leaf", "next_event_on")
    rows = rows.join(silences, on="person_id", how="left").join(stepped_aside, on="person_id", how="left")
    rows = rows.join(timed.select(*TAKEN), on="person_id", how="left")
    rows = _treated(rows)
    reasons = [
        nw.when(~nw.col("step").is_null())
        .then(nw.col("because"))
        .otherwise(nw.col("silence_reason").fill_null(DEFAULT_REASON)),
        pick(nw.col("held_out"), nw.lit("held_out")),
        pick(nw.col("treatment") == "wait", nw.lit("better_moment_later")),
        pick(nw.col("is_expired"), nw.lit("no_moment_before_use_by")),
        *(nw.lit(f"assumed_{name}") for name in assumes),
    ]
    rows = rows.with_columns(
        nw.concat_str(*reasons, separator=",", ignore_nulls=True).alias("reasons"),
        _blocked().alias("blocked_by"),
    )
    rows = rows.join(_costs(plan.strategy.lists, backend), on="channel", how="left")
    return _named(rows, plan, content_hash)


def _treated(rows: nw.LazyFrame) -> nw.LazyFrame:
    """What is done now: contact or human today, wait when the moment lies on a later day, else none."""
    may = ~nw.col("step").is_null() & ~nw.col("held_out").fill_null(False)
    has_moment = may & ~nw.col("send_at").is_null()
    same_day = floor_day(nw.col("send_at") + nw.col("utc_offset")) == nw.col("today")
    now = nw.when(nw.col("by") == "person").then(nw.lit("human")).otherwise(nw.lit("contact"))
    rows = rows.with_columns(
        (may & nw.col("send_at").is_null()).alias("is_expired"),
        nw.when(has_moment)
        .then(nw.when(same_day).then(now).otherwise(nw.lit("wait")))
        .otherwise(nw.lit("none"))
        .alias("treatment"),
    )
    # A duty that no moment can be found for goes to a person before its date.
    unmet = nw.col("is_expired") & (nw.col("policy") == "duties")
    return rows.with_columns(
        nw.when(unmet).then(nw.lit("human")).otherwise(nw.col("treatment")).alias("treatment")
    )


def _blocked() -> nw.Expr:
    before = nw.col("rank").is_null() | (nw.col("blocked_rank") < nw.col("rank"))
    waits = (nw.col("treatment") == "wait") | nw.col("is_expired")
    return nw.concat_str(
        pick(before, nw.col("blocked_first")),
        pick(nw.col("is_expired"), nw.coalesce(nw.col("expired_by"), nw.lit("closed_until_use_by"))),
        pick(waits & ~nw.col("is_expired"), nw.col("cap_of_channel")),
        separator=",",
        ignore_nulls=True,
    )


def _costs(lists: Lists, backend: Backend) -> nw.LazyFrame:
    return backend.table(
        {"channel": list(lists.channels), "channel_cost": [it.cost for it in lists.channels.values()]},
        {"channel": nw.String, "channel_cost": nw.Int64},
    )


def _named(rows: nw.LazyFrame, plan: Plan, content_hash: str) -> nw.LazyFrame:
    strategy = plan.strategy
    spoken = nw.col("treatment") != "none"
    midnight = (nw.col("today") + 1) * DAY - nw.col("utc_offset").fill_null(0)
    event = nw.col("next_event_on") * DAY - nw.col("utc_offset").fill_null(0)
    later = midnight + (REVIEW_DAYS - 1) * DAY
    review = nw.when(spoken).then(midnight).otherwise(smallest(pick(event > nw.col("at"), event), later))
    eligible = nw.concat_str(
        "eligible_channels",
        "eligible_slots",
        "eligible_weekdays",
        "eligible_tones",
        separator="/",
        ignore_nulls=True,
    )
    only: Mapping[str, nw.Expr] = {
        name: pick(spoken, nw.col(name)) for name in ("channel", "send_at", "use_by", "tone", "lesson")
    }
    # Whoever could not have been held out stands in no arm, or the arms would not be alike.
    drawn = nw.when(nw.col("held_out")).then(nw.lit("held_out")).otherwise(nw.lit("treated"))
    arm = pick(nw.col("by_chance"), drawn)
    return rows.select(
        nw.concat_str(
            nw.col("person_id"), nw.col("at").cast(nw.String), nw.lit(strategy.hash[:12]), separator="."
        ).alias("decision_id"),
        nw.col("person_id").alias("borrower_id"),
        "at",
        "subject",
        nw.col("step").alias("occasion"),
        "treatment",
        "purpose",
        "policy",
        "step",
        only["channel"].alias("channel"),
        only["send_at"].alias("send_at"),
        only["use_by"].alias("use_by"),
        "language",
        only["tone"].alias("tone"),
        pick(spoken, nw.col("purpose")).alias("message"),
        only["lesson"].alias("lesson"),
        "reasons",
        "blocked_by",
        review.alias("next_review_at"),
        pick(spoken, nw.col("channel_cost")).fill_null(number(0)).alias("cost"),
        arm.alias("arm"),
        "leaf",
        eligible.alias("eligible"),
        pick(spoken, nw.col("propensity")).alias("propensity"),
        nw.lit(strategy.hash).alias("strategy_hash"),
        nw.lit(plan.rules.hash).alias("rules_hash"),
        nw.lit(plan.published.hash).alias("tables_hash"),
        nw.lit(content_hash).alias("content_hash"),
        nw.lit(ENGINE_VERSION).alias("engine_version"),
    )


def silence_rows(subjects: Sequence[nw.LazyFrame], plan: Plan, backend: Backend) -> nw.LazyFrame:
    """Per person the reason of the first silence her subjects end in."""
    ranks = nw.concat([frame.select("person_id", "silence_rank") for frame in subjects])
    silent = ranks.group_by("person_id").agg(nw.col("silence_rank").min())
    steps: Sequence[tuple[int, str]] = [
        (step.rank, step.because) for step in plan.steps if step.purpose is None
    ]
    names = backend.table(
        {"silence_rank": [rank for rank, _ in steps], "silence_reason": [because for _, because in steps]},
        {"silence_rank": nw.Int64, "silence_reason": nw.String},
    )
    return silent.join(names, on="silence_rank", how="left").select("person_id", "silence_reason")


def offers_rows(timed: nw.LazyFrame, plan: Plan, backend: Backend) -> nw.LazyFrame:
    """The offers of help that go with a contact, in order."""
    rows = [(step.rank, offer, at) for step in plan.steps for at, offer in enumerate(step.offers, 1)]
    table = backend.table(
        {"rank": [r for r, _, _ in rows], "offer": [o for _, o, _ in rows], "place": [p for _, _, p in rows]},
        {"rank": nw.Int64, "offer": nw.String, "place": nw.Int64},
    )
    return (
        timed.select("person_id", "rank")
        .join(table, on="rank", how="inner")
        .select("person_id", "offer", "place")
    )


__all__ = ["COLUMNS", "decision_rows", "offers_rows", "silence_rows", "text_of"]
