"""What the rules, holds and wishes say of contacts that another system would make: each judged at its own moment."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from tideover.engine.decision.gate import Gate, asking
from tideover.engine.measure.shadow._matching import Tables

QUARTER = 900
AT_ANOTHER_HOUR = "not_at_this_hour"
LATER_HOUR = "No rule lets it leave at that moment; a later one is open."
"""Not one rule alone: the hour is closed, and a later one is open."""


def judged(rows: pl.DataFrame, gate: Gate, tables: Tables, at: int) -> pl.DataFrame:
    """The rows with `forbidden_by`, NULL where nothing forbids the contact, and `allowed_at` where only a later hour is open."""
    answers = [_one_set(part, gate, tables, moment) for part, moment in _sets(rows, at)]
    schema = {"row": pl.Int64(), "forbidden_by": pl.String(), "allowed_at": pl.Int64()}
    found = pl.concat(answers) if answers else pl.DataFrame(schema=schema)
    return rows.join(found, on="row", how="left")


def _sets(rows: pl.DataFrame, at: int) -> Iterator[tuple[pl.DataFrame, int]]:
    """Sets that can be judged at once: one contact a person, all in the same quarter of an hour."""
    quarter = (pl.col("moment") // QUARTER * QUARTER).clip(lower_bound=at)
    for (_, moment), part in rows.with_columns(at=quarter.fill_null(at)).group_by(
        "nth", "at", maintain_order=True
    ):
        yield part, int(str(moment))


def _one_set(rows: pl.DataFrame, gate: Gate, tables: Tables, at: int) -> pl.DataFrame:
    wanted = rows.select("borrower_id", "subject", "topic", "channel", days=pl.lit(0, pl.Int64()))
    answers = gate.judge(asking(wanted.rows()), _fresh_as_before(tables, at), at)
    beside = rows.select("row", "borrower_id", "moment", theirs="channel").join(
        answers, left_on="borrower_id", right_on="person_id", how="left"
    )
    later = (
        pl.col("send_at").is_not_null() & (pl.col("send_at") >= at + QUARTER) & pl.col("moment").is_not_null()
    )
    forbidden = [_of_channel(*it) for it in beside.select("forbidden_by", "theirs").iter_rows()]
    beside = beside.with_columns(pl.Series("forbidden_by", forbidden, pl.String))
    return beside.select(
        "row",
        forbidden_by=pl.when(later).then(pl.lit(AT_ANOTHER_HOUR)).otherwise(pl.col("forbidden_by")),
        allowed_at=pl.when(later).then(pl.col("send_at")),
    )


def _fresh_as_before(tables: Tables, at: int) -> dict[str, pl.DataFrame]:
    """What is known now is what will be known later today: no feed grows old between this list and its moments."""
    feeds, clock = tables["feeds"], pl.lit(at, pl.Int64())
    known_at = pl.col("fresh_until") >= clock - 86_400
    fresh = pl.when(known_at).then(pl.max_horizontal("fresh_until", clock)).otherwise(pl.col("fresh_until"))
    return {**tables, "feeds": feeds.with_columns(fresh_until=fresh)}


def _of_channel(text: str | None, channel: str | None) -> str | None:
    """What stands in the way of the channel they named; what closes others is no matter."""
    if text is None or channel is None:
        return text
    parts = [it for it in text.split(",") if "@" not in it or it.endswith(f"@{channel}")]
    return ",".join(parts) or text
