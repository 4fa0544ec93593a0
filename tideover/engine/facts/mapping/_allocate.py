"""Payments spread over instalments, oldest first: how much of each was paid, and when it was settled."""

from __future__ import annotations

import polars as pl

from tideover.engine.facts.tables import Kind

from . import _model as model
from ._problems import Place
from ._values import Value
from ._work import Frame, Work

_MADE: dict[str, Kind | None] = {"paid": Kind.MONEY, "settled_on": Kind.DAY, "at": Kind.MOMENT}


def allocate(said: model.Allocate, frame: Frame, work: Work, name: str, at: Place) -> Frame:  # noqa: ARG001
    """One row per instalment and moment at which a payment reached it, with what was paid of it by then.

    Owed and paid amounts of a loan are laid end to end; where a piece of one meets a piece of the other, that much of
    the payment went to that instalment. Money beyond the last instalment reaches none.
    """
    due = work.of_kind(said.due, Kind.MONEY, frame, (*at, "due"))
    fits = work.must_have([said.by, *said.order], frame, at)
    payments = work.frames.get(said.payments)
    if payments is None or not fits:
        return frame.changed(frame.rows, **_MADE)
    if not work.must_have([said.by, said.amount, said.at], payments, (*at, "payments")):
        return frame.changed(frame.rows, **_MADE)
    owed = _laid_end_to_end(frame.rows.with_columns(__due=due), said.by, "__due", said.order)
    owed = owed.drop(_MADE, strict=False)
    came = (
        payments.rows.filter(pl.col(said.amount) > 0)
        .group_by(said.by, said.at)
        .agg(pl.col(said.amount).sum().alias("__came"))
    )
    paid = _laid_end_to_end(came, said.by, "__came", [said.at]).select(
        said.by, "__end", pl.col(said.at).alias("at")
    )
    pieces = _pieces(owed.filter(pl.col("__due") > 0), paid, said.by)
    reached = owed.join(pieces, on=[said.by, "__nth"], how="inner")
    settled = pl.when(pl.col("paid") == pl.col("__due")).then(_day(pl.col("at"), work))
    rows = reached.with_columns(settled.alias("settled_on")).drop("__due", "__end", "__nth")
    return frame.changed(rows, **_MADE)


def _laid_end_to_end(rows: pl.LazyFrame, by: str, amount: str, order: list[str]) -> pl.LazyFrame:
    """Each amount's place (`__nth`) and the running total up to its end (`__end`)."""
    return rows.sort([by, *order]).with_columns(
        pl.col(amount).cum_sum().over(by).alias("__end"), pl.int_range(pl.len()).over(by).alias("__nth")
    )


def _pieces(owed: pl.LazyFrame, paid: pl.LazyFrame, by: str) -> pl.LazyFrame:
    """Where the two rows of amounts meet: (loan, instalment, moment) and what was paid of the instalment by then."""
    ends = pl.concat(
        [
            owed.select(by, "__end", "__nth", pl.lit(None, dtype=pl.Datetime("us", "UTC")).alias("at")),
            paid.select(by, "__end", pl.lit(None, dtype=pl.Int64).alias("__nth"), "at"),
        ],
        how="vertical_relaxed",
    )
    # Instalments and payments that end at one amount share the piece before it: the first of both beyond it.
    cut = ends.group_by(by, "__end").agg(pl.col("__nth").min(), pl.col("at").min()).sort(by, "__end")
    cut = cut.with_columns(
        (pl.col("__end") - pl.col("__end").shift(1, fill_value=0).over(by)).alias("__size"),
        pl.col("__nth").backward_fill().over(by),
        pl.col("at").backward_fill().over(by),
    ).filter(pl.col("__nth").is_not_null() & pl.col("at").is_not_null())
    per_moment = cut.group_by(by, "__nth", "at").agg(pl.col("__size").sum()).sort(by, "__nth", "at")
    return per_moment.select(by, "__nth", "at", pl.col("__size").cum_sum().over(by, "__nth").alias("paid"))


def _day(moment: pl.Expr, work: Work) -> pl.Expr:
    return work.functions["day_of"](Value(moment, Kind.MOMENT)).expr
