"""Card accounts month by month: how classes of days late follow each other, and what was said in between.

One row an account and month. A class is C (paid off), 0 (less than 30 days late), 1 (30-59) ... 5 (150 and more), or X
(no loan in that month). Between two month-ends the strategy looks twice.
"""

from datetime import UTC, date, datetime, time

import polars as pl

from tests.real import sources
from tideover.engine.facts import Book

LOOK_DAYS = (5, 20)
LOOK = time(8, tzinfo=UTC)
LEVELS = {"C": -1, "0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "X": None}
WELL = ("C", "0")
TALK = "human"


def moments(book: Book) -> list[int]:
    """Two mornings between each two month-ends that are known."""
    ends = _known(book).select(pl.col("on").min().alias("first"), pl.col("on").max().alias("last")).row(0)
    days, (year, month) = [], (ends[0].year, ends[0].month)
    while (year, month) < (ends[1].year, ends[1].month):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        days += [datetime.combine(date(year, month, day), LOOK) for day in LOOK_DAYS]
    return [int(day.timestamp()) for day in days]


def _known(book: Book) -> pl.DataFrame:
    return pl.read_parquet(book.shelf.folder / "current" / "standings.parquet", columns=["loan_id", "on"])


def classes(book: Book) -> pl.DataFrame:
    """borrower_id, on (month-end), class, next (a month later; unknown at the end), from the file as it came."""
    rows = pl.read_csv(
        sources.files(sources.MONTHS) / "credit_record.csv.gz",
        schema_overrides={"ID": pl.String, "STATUS": pl.String},
    )
    extracted = _known(book)["on"].max()
    month = pl.format("{}mo", pl.col("MONTHS_BALANCE"))
    on = pl.lit(extracted).dt.offset_by("1d").dt.offset_by(month).dt.offset_by("-1d")
    rows = rows.select(
        pl.col("ID").alias("borrower_id"), "MONTHS_BALANCE", pl.col("STATUS").alias("class"), on.alias("on")
    )
    after = rows.select("borrower_id", pl.col("MONTHS_BALANCE") - 1, pl.col("class").alias("next"))
    return rows.join(after, on=["borrower_id", "MONTHS_BALANCE"], how="left").drop("MONTHS_BALANCE")


def roll(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose next month is known, with `well`, `late` (30 days or more) and `worse`; without a loan it is none of them."""
    known = rows.filter(pl.col("next").is_not_null())
    level, after = (pl.col(name).replace_strict(LEVELS, return_dtype=pl.Int64) for name in ("class", "next"))
    return known.with_columns(
        pl.col("next").is_in(WELL).alias("well"),
        (after > 0).fill_null(value=False).alias("late"),
        (after > level).fill_null(value=False).alias("worse"),
    )


def said_in_the_month(decisions: pl.DataFrame) -> pl.DataFrame:
    """borrower_id, on (the month-end before), `said` (first word until the next month-end, else why not), `leaf`, `words`."""
    before = pl.col("on").dt.truncate("1mo").dt.offset_by("-1d")
    rows = decisions.sort("at").with_columns(before.alias("on"))
    word = pl.concat_str("purpose", pl.lit(": "), "because")
    silent = pl.concat_str(pl.lit("left in peace: "), "because")
    return (
        rows.group_by("borrower_id", "on", maintain_order=True)
        .agg(
            pl.col("leaf").first(),
            pl.col("made").sum().alias("words"),
            word.filter(pl.col("made")).first().alias("word"),
            pl.when(pl.col("arm") == "held_out")
            .then(pl.lit("held out"))
            .otherwise(silent)
            .first()
            .alias("silence"),
        )
        .with_columns(pl.col("word").fill_null(pl.col("silence")).alias("said"))
        .drop("word", "silence")
    )


def together(rows: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Account-months with a loan beside what was said in the month that followed."""
    return rows.join(said, on=["borrower_id", "on"], how="inner")


def stale(rows: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Account-months in which something was said although the last month-end had no class: none, or no loan."""
    beside = said.filter(pl.col("words") > 0).join(rows, on=["borrower_id", "on"], how="left")
    return beside.with_columns(
        (pl.col("class").is_null() | (pl.col("class") == "X")).alias("on_an_old_class")
    )


def first_time(rows: pl.DataFrame, said: pl.DataFrame, level: int) -> pl.DataFrame:
    """Accounts whose class first reached `level`: the month-end, the class before, and the words of the months before.

    Adds `months` (whole months from the month of the first word to that month-end, the month itself as 0; unknown where
    nothing had been said) and `class_before`.
    """
    ordered = rows.sort("on").with_columns(pl.col("class").shift(1).over("borrower_id").alias("class_before"))
    high = pl.col("class").replace_strict(LEVELS, return_dtype=pl.Int64) >= level
    reached = ordered.filter(high).group_by("borrower_id", maintain_order=True).first()
    reached = reached.filter(pl.col("class_before").is_not_null())
    words = said.filter(pl.col("words") > 0).select("borrower_id", pl.col("on").alias("word_on"))
    lasting = pl.col("word_on") >= pl.col("on").dt.offset_by("-6mo")
    spell = reached.join(words, on="borrower_id", how="left").filter(
        (pl.col("word_on") < pl.col("on")) & lasting
    )
    first = spell.group_by("borrower_id").agg(pl.col("word_on").min())
    apart = (pl.col("on").dt.year() - pl.col("word_on").dt.year()) * 12 + (
        pl.col("on").dt.month().cast(pl.Int32) - pl.col("word_on").dt.month().cast(pl.Int32)
    )
    return reached.join(first, on="borrower_id", how="left").with_columns((apart - 1).alias("months"))
