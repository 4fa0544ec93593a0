"""The decisions of a run that a message or a person follows, out of the run's answer and into the database, in bulk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from tideover.book.bulk import as_json, pour
from tideover.strategy.models import Decision, Run
from tideover.strategy.nightly import night_after

SPOKEN, WAIT = ("contact", "human"), "wait"
BY_A_PERSON, OF_PEOPLE = "call", ("call", "visit")
DUTY_WAITS = 2 * 86_400
"""Seconds within which a person sees to a duty that no message could carry."""

KEPT = (
    "decision_id", "at", "subject", "treatment", "purpose", "policy", "step", "channel", "send_at", "use_by", "language", "tone",
    "lesson", "reasons", "blocked_by", "arm", "leaf", "propensity", "strategy_hash", "rules_hash", "tables_hash", "content_hash",
    "engine_version",
)  # fmt: skip
Frames = Mapping[str, pl.LazyFrame]


def keep_decisions(run: Run, frames: Frames) -> int:
    """Keep what is to be said. A decision that is there already stays as it is. How many are new."""
    spoken = _said_before(night_after(run.at), frames["decisions"])
    # A duty for which no channel or no moment was found goes to a person, today.
    spoken = spoken.with_columns(
        channel=pl.when(pl.col("treatment") != "human")
        .then(pl.col("channel"))
        .when(pl.col("channel").is_in(OF_PEOPLE))
        .then(pl.col("channel"))
        .otherwise(pl.lit(BY_A_PERSON)),
        send_at=pl.col("send_at").fill_null(pl.col("at")),
        use_by=pl.col("use_by").fill_null(pl.col("at") + DUTY_WAITS),
    )
    topics = frames["topics"].sort("decision_id", "is_main", "subject", descending=[False, True, False])
    told = topics.group_by("decision_id", maintain_order=True).agg(
        topics=pl.concat_list("subject", "occasion")
    )
    offers = frames["offers"].sort("decision_id", "place")
    offered = offers.group_by("decision_id", maintain_order=True).agg(offers=pl.col("offer"))
    rows = spoken.join(told, on="decision_id", how="left").join(offered, on="decision_id", how="left")
    texts = [name for name in KEPT if name not in ("at", "send_at", "use_by", "propensity")]
    kept = rows.select(
        pl.lit(run.pk).alias("run_id"),
        pl.col("borrower_id").alias("person_id"),
        pl.col("at", "send_at", "use_by", "propensity"),
        *(pl.col(name).fill_null("") for name in texts),
        _list_as_json("topics"),
        _list_as_json("offers"),
        pl.lit("{}").alias("values"),
    )
    return pour(kept.collect(engine="streaming"), Decision._meta.db_table)


def _said_before(night: datetime, decisions: pl.LazyFrame) -> pl.LazyFrame:
    """What is said today, and what waits for a moment that comes before the next night: in the west tomorrow has begun by then."""
    soon = (pl.col("treatment") == WAIT) & (pl.col("send_at") < int(night.timestamp()))
    by_person = pl.col("channel").is_in(OF_PEOPLE)
    said = pl.when(by_person).then(pl.lit("human")).otherwise(pl.lit("contact"))
    said = pl.when(soon).then(said).otherwise(pl.col("treatment"))
    return decisions.with_columns(treatment=said).filter(pl.col("treatment").is_in(SPOKEN))


def _list_as_json(name: str) -> pl.Expr:
    """A column of lists as JSON text; no list is an empty one."""
    return pl.when(pl.col(name).is_null()).then(pl.lit("[]")).otherwise(as_json(name)).alias(name)
