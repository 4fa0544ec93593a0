"""Card holders of 2005: six month-ends known, twice a month a look, and whether the October payment was missed.

One row a person.
"""

from datetime import UTC, date, datetime, time

import polars as pl

from tideover.engine.facts import Book

LOOKS = [date(2005, month, day) for month in range(5, 10) for day in (5, 20)] + [date(2005, 10, 5)]
LOOK = time(3, tzinfo=UTC)
"""Eleven in the morning in Taipei."""


def moments() -> list[int]:
    """Twice after each month-end; the last look is early in October."""
    return [int(datetime.combine(day, LOOK).timestamp()) for day in LOOKS]


def people(book: Book) -> pl.DataFrame:
    """Months late of the six, late at the last month-end, and whether the next payment was missed."""
    folder = book.shelf.folder
    late = pl.col("days_late_from") > 0
    months = pl.read_parquet(folder / "current" / "standings.parquet").sort("on")
    counted = months.group_by("loan_id", maintain_order=True).agg(
        late.sum().cast(pl.Int64).alias("late_months"), late.last().alias("late_now")
    )
    labels = pl.read_parquet(folder / "labels.parquet")
    rows = labels.join(counted, on="loan_id")
    return rows.with_columns((pl.col("late_months") - pl.col("late_now")).alias("late_before"))


def groups() -> pl.Expr:
    """Who was late before and is late now; three months and more are often."""
    before, now = pl.col("late_before"), pl.col("late_now")
    history = (
        pl.when(before == 0)
        .then(pl.lit("never late before"))
        .when(before < 3)
        .then(pl.lit("late once or twice before"))
        .otherwise(pl.lit("late three times or more before"))
    )
    return pl.concat_str(history, pl.when(now).then(pl.lit(", late now")).otherwise(pl.lit(", on time now")))


def said_last(decisions: pl.DataFrame) -> pl.DataFrame:
    """borrower_id, `said`: what the last look came to."""
    last = decisions.filter(pl.col("at") == pl.col("at").max())
    word = pl.concat_str("purpose", pl.lit(": "), "because")
    silent = pl.concat_str(pl.lit("left in peace: "), "because")
    held = pl.when(pl.col("arm") == "held_out").then(pl.lit("held out")).otherwise(silent)
    return last.select("borrower_id", "leaf", pl.when("made").then(word).otherwise(held).alias("said"))


def first_word(decisions: pl.DataFrame) -> pl.DataFrame:
    """borrower_id, `months`: whole months from the first word to October 2005; those who heard nothing are not in it."""
    first = decisions.filter("made").group_by("borrower_id").agg(pl.col("on").min())
    return first.select("borrower_id", (10 - pl.col("on").dt.month()).alias("months"))
