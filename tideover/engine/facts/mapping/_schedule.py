"""A schedule of instalments made from the terms of a loan, to the minor unit."""

from __future__ import annotations

import polars as pl

from tideover.engine.facts.tables import Kind

from . import _model as model
from ._functions import even_part
from ._problems import Place, Problem
from ._work import Frame, Work

_MADE: dict[str, Kind | None] = {
    "number": Kind.COUNT,
    "due_on": Kind.DAY,
    "principal_due": Kind.MONEY,
    "interest_due": Kind.MONEY,
    "fees_due": Kind.MONEY,
}
_MOST = 1_200
"""More instalments than this (100 years of months) are a wrong column, not a loan."""

_YEAR = {"days": 365, "weeks": 52, "months": 12}


def schedule(said: model.Schedule, frame: Frame, work: Work, name: str, at: Place) -> Frame:
    """One row per instalment of each loan. Loans whose terms do not make a schedule are set aside."""
    unit = _unit(said.every, work, (*at, "every"))
    anchor, passed = _anchor(said, work, at)
    terms = {
        "__n": work.of_kind(said.count, Kind.COUNT, frame, (*at, "count")),
        "__first": work.of_kind(getattr(said, anchor), Kind.DAY, frame, (*at, anchor)),
        "__step": work.of_kind(getattr(said.every, unit), Kind.COUNT, frame, (*at, "every", unit)),
        "__owed": work.of_kind(said.principal, Kind.MONEY, frame, (*at, "principal")),
        "__fees": work.of_kind(said.fees, Kind.MONEY, frame, (*at, "fees")),
        "__rate": work.of_kind(said.rate, Kind.RATE, frame, (*at, "rate")).cast(pl.Int64),
        "__each": work.of_kind(said.instalment, Kind.MONEY, frame, (*at, "instalment")).cast(pl.Int64),
        "__interest": work.of_kind(said.interest, Kind.MONEY, frame, (*at, "interest")),
    }
    with_terms = frame.changed(frame.rows.with_columns(**terms))
    usable = (
        pl.col("__n").is_between(1, _MOST) & pl.col("__first").is_not_null() & pl.col("__owed").is_not_null()
    )
    usable &= pl.col("__step").is_between(1, 3_660)
    kept = work.set_aside(
        name, with_terms, ~usable.fill_null(value=False), pl.lit("its terms make no schedule")
    )
    rows = kept.rows.with_columns(
        pl.int_ranges(1, pl.col("__n") + 1, dtype=pl.Int64).alias("number")
    ).explode("number")
    rows = rows.with_columns(_due_on(unit, pl.col("number") - passed).alias("due_on"))
    rows = _on_what_is_owed(rows, unit) if said.rate is not None else _spread(rows)
    return frame.changed(rows.drop([*terms, "__before", "__after"], strict=False), **_MADE)


def _unit(every: model.Every, work: Work, at: Place) -> str:
    given = [unit for unit in _YEAR if getattr(every, unit) is not None]
    if len(given) != 1:
        work.problems.append(Problem("`every` takes exactly one of days, weeks or months.", at))
        return "months"
    return given[0]


def _anchor(said: model.Schedule, work: Work, at: Place) -> tuple[str, int]:
    """The field that anchors the due days, and the number of the instalment that is due on that very day."""
    if (said.first_due_on is None) == (said.starts_on is None):
        work.problems.append(Problem("A schedule takes either `first_due_on` or `starts_on`.", at))
    return ("first_due_on", 1) if said.first_due_on is not None else ("starts_on", 0)


def _due_on(unit: str, steps: pl.Expr) -> pl.Expr:
    passed = pl.col("__step") * steps
    if unit == "months":
        return pl.col("__first").dt.offset_by(pl.concat_str(passed, pl.lit("mo")))
    return pl.col("__first") + pl.duration(days=passed * (7 if unit == "weeks" else 1))


def _spread(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Even parts. Principal and interest together are even too, so that no instalment differs by a rounded cent."""
    number, count = pl.col("number"), pl.col("__n")
    principal = even_part(pl.col("__owed"), number, count)
    together = even_part(pl.col("__owed") + pl.col("__interest"), number, count)
    # Less interest than one unit a part can fall below zero in such a difference.
    interest = pl.when(pl.col("__interest") >= count).then(together - principal)
    return rows.with_columns(
        principal_due=principal,
        interest_due=interest.otherwise(even_part(pl.col("__interest"), number, count)),
        fees_due=even_part(pl.col("__fees"), number, count),
    )


def _on_what_is_owed(rows: pl.LazyFrame, unit: str) -> pl.LazyFrame:
    """Interest on the declining balance. The balance is rounded, so that principal adds up to the minor unit."""
    rate = pl.col("__rate") * pl.col("__step") / (1_000_000 * _YEAR[unit])
    growth = (1 + rate).pow(pl.col("__n"))
    even = pl.col("__owed") / pl.col("__n")
    annuity = pl.when(rate > 0).then(pl.col("__owed") * rate * growth / (growth - 1)).otherwise(even)
    # Only what is asked for is rounded; the balance follows the exact annuity, or it would not fall steadily.
    exact = pl.coalesce(pl.col("__each").cast(pl.Float64), annuity)
    each = exact.round(0)
    rows = rows.with_columns(
        _balance(pl.col("number") - 1, rate, exact).alias("__before"),
        _balance(pl.col("number"), rate, exact).alias("__after"),
    )
    last = pl.col("number") == pl.col("__n")
    principal = pl.col("__before") - pl.when(last).then(0).otherwise(pl.col("__after"))
    interest = (
        pl.when(last)
        .then((pl.col("__before") * rate).round(0))
        .otherwise(each - principal)
        .clip(lower_bound=0)
    )
    fees = even_part(pl.col("__fees"), pl.col("number"), pl.col("__n"))
    return rows.with_columns(
        principal_due=principal.cast(pl.Int64), interest_due=interest.cast(pl.Int64), fees_due=fees
    )


def _balance(after: pl.Expr, rate: pl.Expr, each: pl.Expr) -> pl.Expr:
    """What is owed after so many instalments: never below zero, and never above what was lent."""
    growth = (1 + rate).pow(after)
    paid_down = pl.when(rate > 0).then(each * (growth - 1) / rate).otherwise(each * after)
    left = (pl.col("__owed") * growth - paid_down).round(0)
    return pl.min_horizontal(pl.max_horizontal(left, pl.lit(0.0)), pl.col("__owed").cast(pl.Float64))
