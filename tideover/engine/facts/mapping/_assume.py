"""What a source does not say and its mapping takes as true: as rows of the contract, for every person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl

from ._model import Assume, AssumedValue
from ._values import UTC_MOMENT

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_FOR_EVER = datetime(2199, 12, 31, tzinfo=UTC)

Tables = dict[str, pl.LazyFrame]


def with_assumptions(tables: Tables, assume: Assume) -> Tables:
    """The tables with what is assumed filled in. Assumed rows count as known since the person is."""
    filled = dict(tables)
    if "borrowers" in filled:
        filled["borrowers"] = _filled(filled["borrowers"], assume)
        people = filled["borrowers"].group_by("borrower_id").agg(pl.col("recorded_at").min().alias("since"))
        _add(filled, "contact_points", _contact_points(people, assume))
        _add(filled, "consents", _consents(people, assume))
    _add(filled, "feeds", _feeds(assume))
    return filled


def said(assume: Assume) -> dict[str, Any]:
    """The assumptions by name, with what is assumed and why, for `book.yaml`."""
    return assume.model_dump(exclude_none=True)


def _filled(borrowers: pl.LazyFrame, assume: Assume) -> pl.LazyFrame:
    given = {"timezone": assume.timezone, "language": assume.language, "country": assume.country}
    columns = borrowers.collect_schema().names()
    return borrowers.with_columns(
        **{
            name: _or_assumed(name, name in columns, value)
            for name, value in given.items()
            if value is not None
        }
    )


def _or_assumed(name: str, known: bool, value: AssumedValue) -> pl.Expr:
    stand_in = pl.lit(value.value, dtype=pl.String)
    return pl.col(name).fill_null(stand_in) if known else stand_in


def _contact_points(people: pl.LazyFrame, assume: Assume) -> pl.LazyFrame | None:
    if not assume.channel:
        return None
    return pl.concat(
        people.select(
            pl.concat_str(pl.col("borrower_id"), pl.lit(f"/{channel}")).alias("contact_point_id"),
            pl.col("borrower_id").alias("person_id"),
            pl.lit(channel).alias("channel"),
            pl.concat_str(pl.col("borrower_id"), pl.lit(f"/{one.address}")).alias("address_id"),
            pl.col("since").alias("verified_at"),
            pl.lit(True).alias("in_contract"),
            pl.lit("ok").alias("state"),
            pl.col("since"),
            pl.col("since").alias("recorded_at"),
        )
        for channel, one in assume.channel.items()
    )


def _consents(people: pl.LazyFrame, assume: Assume) -> pl.LazyFrame | None:
    if not assume.consent:
        return None
    allowed = pl.LazyFrame(
        [(channel, one) for channel in assume.consent.channels for one in assume.consent.classes],
        schema=["channel", "purpose_class"],
        orient="row",
    )
    return people.join(allowed, how="cross").select(
        pl.col("borrower_id").alias("person_id"),
        "channel",
        "purpose_class",
        pl.col("since").alias("granted_at"),
        pl.col("since").alias("recorded_at"),
    )


def _feeds(assume: Assume) -> pl.LazyFrame | None:
    if not assume.fresh_feed:
        return None
    rows = [(name, _FOR_EVER, _ALWAYS) for name in assume.fresh_feed.feeds]
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "name": pl.String,
        "fresh_until": UTC_MOMENT,
        "recorded_at": UTC_MOMENT,
    }
    return pl.LazyFrame(rows, schema=schema, orient="row")


def _add(tables: Tables, name: str, rows: pl.LazyFrame | None) -> None:
    """Assumed rows below those the source has."""
    if rows is not None:
        tables[name] = pl.concat([tables[name], rows], how="diagonal_relaxed") if name in tables else rows
