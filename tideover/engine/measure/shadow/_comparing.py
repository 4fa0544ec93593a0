"""Every difference between another system's list and our decisions, person by person, with our reasons."""

from __future__ import annotations

import polars as pl

from tideover.engine.measure.shadow._judging import AT_ANOTHER_HOUR, LATER_HOUR
from tideover.engine.measure.words import Words

SLOT = 7_200
"""Seconds within which two moments are the same: our slots are two hours long."""

SAME, OTHERWISE, THEIRS, OURS = "both_same", "both_otherwise", "only_theirs", "only_ours"
SPOKEN = ("contact", "human")
COLUMNS = (
    "kind", "differs", "borrower_id", "row", "nth", "their_loan", "their_channel", "their_topic", "their_words", "their_moment",
    "our_treatment", "our_channel", "our_purpose", "our_subject", "our_send_at", "our_reasons", "our_blocked_by", "why",
    "forbidden_by", "forbidden", "allowed_at",
)  # fmt: skip


def compared(theirs: pl.DataFrame, decisions: pl.DataFrame, words: Words) -> pl.DataFrame:
    """One row for each of their contacts, and one for each of ours with somebody who is not on their list."""
    ours = decisions.select(
        "borrower_id", our_treatment="treatment", our_channel="channel", our_purpose="purpose", our_subject="subject",
        our_send_at="send_at", our_reasons="reasons", our_blocked_by="blocked_by",
    )  # fmt: skip
    their = theirs.select(
        "borrower_id", "row", "nth", "is_topic_given", their_loan="loan", their_channel="channel", their_topic="topic",
        their_words="said", their_moment="moment", forbidden_by="forbidden_by", allowed_at="allowed_at",
    )  # fmt: skip
    both = their.join(ours, on="borrower_id", how="left").with_columns(_kind(), differs=_differs())
    both = both.with_columns(differs=pl.when(pl.col("kind") == OTHERWISE).then("differs").fill_null(""))
    alone = ours.filter(pl.col("our_treatment").is_in(SPOKEN)).join(their, on="borrower_id", how="anti")
    alone = alone.with_columns(kind=pl.lit(OURS), differs=pl.lit(""))
    rows = pl.concat([both, alone], how="diagonal").with_columns(our_send_at=_when_spoken())
    return _in_words(rows, words).select(COLUMNS).sort("kind", "borrower_id", "row", nulls_last=True)


def _kind() -> pl.Expr:
    """A second contact of theirs on the day stands alone: of ours there is one."""
    spoken = pl.col("our_treatment").is_in(SPOKEN).fill_null(value=False) & (pl.col("nth") == 1)
    return (
        pl.when(~spoken)
        .then(pl.lit(THEIRS))
        .when(_differs() == "")
        .then(pl.lit(SAME))
        .otherwise(pl.lit(OTHERWISE))
        .alias("kind")
    )


def _differs() -> pl.Expr:
    """What is otherwise, of what both say: the channel, the moment, the topic."""
    channel = pl.col("their_channel") != pl.col("our_channel")
    moment = (pl.col("their_moment") - pl.col("our_send_at")).abs() > SLOT
    topic = (pl.col("their_topic") != pl.col("our_purpose")) & pl.col("is_topic_given")
    named = {"channel": channel, "moment": moment, "topic": topic}
    said = (pl.when(it.fill_null(value=False)).then(pl.lit(name)) for name, it in named.items())
    return pl.concat_str(*said, separator=",", ignore_nulls=True)


def _when_spoken() -> pl.Expr:
    return pl.when(pl.col("our_treatment").is_in(SPOKEN)).then("our_send_at")


def _in_words(rows: pl.DataFrame, words: Words) -> pl.DataFrame:
    """Codes that may be told beside a name, and the sentences for them. There are few different ones, however many rows."""
    reasons = {it: words.open_codes(it) for it in _texts(rows, "our_reasons")}
    blocked = {it: words.open_codes(it) for it in _texts(rows, "our_blocked_by")}
    forbidden = {it: words.open_codes(it) for it in _texts(rows, "forbidden_by")}
    said = {it: _sentences(it, words) for it in {*reasons.values(), *blocked.values(), *forbidden.values()}}
    rows = rows.with_columns(
        our_reasons=_told("our_reasons", reasons), our_blocked_by=_told("our_blocked_by", blocked),
        forbidden_by=_told("forbidden_by", forbidden),
    )  # fmt: skip
    why = pl.concat_str(
        _told("our_reasons", said), _told("our_blocked_by", said), separator=" ", ignore_nulls=True
    )
    again = pl.when(pl.col("nth") > 1).then(pl.lit("One contact a day is enough; this would be one more. "))
    return rows.with_columns(
        why=pl.concat_str(again, why, separator="", ignore_nulls=True).str.strip_chars(),
        forbidden=_told("forbidden_by", said),
    )


def _texts(rows: pl.DataFrame, column: str) -> list[str]:
    return [str(it) for it in rows[column].drop_nulls().unique() if it]


def _told(column: str, by: dict[str, str]) -> pl.Expr:
    if not by:
        return pl.lit(None, pl.String).alias(column)
    return pl.col(column).replace_strict(by, default=None, return_dtype=pl.String)


def _sentences(text: str, words: Words) -> str:

    if text == AT_ANOTHER_HOUR:
        return LATER_HOUR
    return words.because(text)
