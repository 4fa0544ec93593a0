"""Mobile loans of 15 to 90 days: what was said before and after the due day, and how the loans ended.

Every frame has one row a loan, or one a person where it says so. Days are days of the data; `ended_badly` is known of
the last loan of each person only, and no decision could see it.
"""

from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from tests.real import sources
from tideover.engine.facts import Book
from tideover.engine.policy.lists import Lists

LOOK = time(7, tzinfo=UTC)
"""Eight in the morning in Lagos."""

BEFORE_DUE = ("help", "reminder")
AFTER_DUE = ("collection",)
START_ON = date(2017, 5, 10)
"""A day on which the book is full and its last loans, whose end is known, are still to come."""


def moments(book: Book) -> list[int]:
    """Each morning from the first loan to the last first due day."""
    first = _table(book, "loans")["disbursed_on"].min()
    last = loans(book)["due_on"].max()
    days = (last - first).days
    return [int(datetime.combine(first + timedelta(days=n), LOOK).timestamp()) for n in range(1, days + 1)]


def start() -> int:
    """The morning on which a lender could have started."""
    return int(datetime.combine(START_ON, LOOK).timestamp())


def first_payments() -> pl.DataFrame:
    """Every earlier loan, from the files as they came: was its first payment later than its day?"""
    rows = pl.read_csv(sources.files(sources.MOBILE) / "trainprevloans.csv.gz")
    return rows.select(pl.col("customerid").alias("borrower_id"), _late().alias("late"))


def _late() -> pl.Expr:
    return pl.col("firstrepaiddate").str.slice(0, 10) > pl.col("firstduedate").str.slice(0, 10)


def loans(book: Book) -> pl.DataFrame:
    """Each loan with its first due day, when that was paid, and how it ended where that is the question."""
    first = (
        _table(book, "instalments").filter(pl.col("number") == 1).select("loan_id", "due_on", "settled_on")
    )
    rows = _table(book, "loans").select("loan_id", "borrower_id", "disbursed_on", "closed_on")
    labels = pl.read_parquet(book.shelf.folder / "labels.parquet", columns=["loan_id", "ended_badly"])
    return rows.join(first, on="loan_id").join(labels, on="loan_id", how="left")


def _table(book: Book, name: str) -> pl.DataFrame:
    return pl.read_parquet(book.shelf.folder / "current" / f"{name}.parquet")


def earlier_loans() -> pl.DataFrame:
    """Per person, from the files as they came: earlier loans, and those whose first payment came after its day."""
    return first_payments().group_by("borrower_id").agg(pl.len().alias("earlier"), pl.col("late").sum())


def judged(all_loans: pl.DataFrame) -> pl.DataFrame:
    """The loans whose end is known, beside the earlier loans of their person."""
    beside = all_loans.filter(pl.col("ended_badly").is_not_null()).join(
        earlier_loans(), on="borrower_id", how="left"
    )
    return beside.with_columns(pl.col("earlier", "late").fill_null(0))


def share_of_late() -> pl.Expr:
    """The groups in which the known figures are given: the share of earlier loans whose first payment was late."""
    share = pl.col("late") / pl.col("earlier")
    return (
        pl.when(pl.col("earlier") == 0)
        .then(pl.lit("no earlier loan"))
        .when(share == 0)
        .then(pl.lit("none"))
        .when(share <= 0.25)
        .then(pl.lit("up to 25 %"))
        .when(share <= 0.5)
        .then(pl.lit("up to 50 %"))
        .otherwise(pl.lit("over 50 %"))
    )


def seen() -> pl.Expr:
    """What the earlier loans show: how many there were, and how often the first payment was late."""
    few = pl.col("earlier") < 3
    never, often = pl.col("late") == 0, pl.col("late") * 3 >= pl.col("earlier")
    return (
        pl.when(pl.col("earlier") == 0)
        .then(pl.lit("no earlier loan"))
        .when(few & never)
        .then(pl.lit("1 or 2 earlier loans, never late"))
        .when(few)
        .then(pl.lit("1 or 2 earlier loans, late at least once"))
        .when(never)
        .then(pl.lit("3 or more, never late"))
        .when(often)
        .then(pl.lit("3 or more, late in a third or more"))
        .otherwise(pl.lit("3 or more, late in less than a third"))
    )


def words_about(decisions: pl.DataFrame, lists: Lists, classes: tuple[str, ...]) -> pl.DataFrame:
    """The contacts of these classes that were made or held out: one row each, with the loan they were about."""
    known = pl.DataFrame(
        [(name, it.purpose_class) for name, it in lists.purposes.items()],
        schema={"purpose": pl.String, "purpose_class": pl.String},
        orient="row",
    )
    held = pl.col("arm") == "held_out"
    said = decisions.filter(pl.col("made") | held).join(known, on="purpose", how="left")
    said = said.filter(pl.col("purpose_class").is_in(classes)).rename({"subject": "loan_id"})
    return said.select("loan_id", "on", "purpose", "purpose_class", "step", "because", "treatment", "made")


def before_due(all_loans: pl.DataFrame, decisions: pl.DataFrame, lists: Lists) -> pl.DataFrame:
    """Loans with the strongest word before the first due day: help, else a reminder, else peace and its reason.

    Adds `said` (`purpose: because`, `held out`, or `left in peace: because`) and `first_on` of the word.
    """
    said = words_about(decisions, lists, BEFORE_DUE).join(
        all_loans.select("loan_id", "due_on", "disbursed_on"), on="loan_id"
    )
    said = said.filter(pl.col("on").is_between("disbursed_on", "due_on"))
    said = said.with_columns(
        pl.col("purpose_class").replace_strict({k: n for n, k in enumerate(BEFORE_DUE)}).alias("rank")
    )
    strongest = said.filter("made").sort("rank", "on").group_by("loan_id", maintain_order=True).first()
    first = said.filter("made").group_by("loan_id").agg(pl.col("on").min().alias("first_on"))
    held = said.filter(~pl.col("made")).select("loan_id").unique().with_columns(pl.lit(True).alias("held"))
    rows = all_loans.join(strongest.select("loan_id", "purpose", "because"), on="loan_id", how="left")
    rows = rows.join(first, on="loan_id", how="left").join(held, on="loan_id", how="left")
    eve = decisions.select(
        "borrower_id",
        pl.col("on").dt.offset_by("1d").alias("due_on"),
        pl.col("because").alias("eve"),
        # A word that waits for its hour on the due day does not go if the payment comes first. It counts as said:
        # a group named after what was not paid by then would be late by its very name.
        pl.when((pl.col("treatment") == "wait") & pl.col("purpose").is_in(_of(lists, BEFORE_DUE)))
        .then("purpose")
        .alias("waiting"),
    )
    rows = rows.join(eve, on=["borrower_id", "due_on"], how="left")
    unsaid = pl.col("purpose").is_null() & pl.col("waiting").is_not_null()
    rows = rows.with_columns(
        pl.coalesce("purpose", "waiting").alias("purpose"),
        pl.when(unsaid).then("eve").otherwise("because").alias("because"),
    )
    peace = pl.concat_str(pl.lit("left in peace: "), pl.col("eve").fill_null("repaid before"))
    return rows.with_columns(
        pl.when(pl.col("purpose").is_not_null())
        .then(pl.concat_str("purpose", pl.lit(": "), "because"))
        .when(pl.col("held"))
        .then(pl.lit("held out"))
        .otherwise(peace)
        .alias("said")
    )


def _of(lists: Lists, classes: tuple[str, ...]) -> list[str]:
    return [name for name, it in lists.purposes.items() if it.purpose_class in classes]


def unpaid_near_due(rows: pl.DataFrame) -> pl.DataFrame:
    """Earlier loans not paid before the first due day, and whether they were paid late."""
    earlier = rows.filter(pl.col("ended_badly").is_null() & (pl.col("settled_on") >= pl.col("due_on")))
    return earlier.with_columns(
        (pl.col("settled_on") > pl.col("due_on")).alias("was_late"),
        (pl.col("settled_on") > pl.col("due_on") + timedelta(days=7)).alias("was_a_week_late"),
    )


def after_due(
    all_loans: pl.DataFrame, decisions: pl.DataFrame, lists: Lists, leeway_days: int
) -> pl.DataFrame:
    """Earlier loans not paid on their first due day: who the person was that morning, the first word, the payment.

    Adds `leaf` of the first late day, `first` (purpose of the first word while it was late), `after` (its day after
    the due day) and `came_within_leeway`.
    """
    late = all_loans.filter(pl.col("ended_badly").is_null() & (pl.col("settled_on") > pl.col("due_on")))
    morning = decisions.select("borrower_id", pl.col("on").dt.offset_by("-1d").alias("due_on"), "leaf")
    late = late.join(morning, on=["borrower_id", "due_on"])
    said = (
        words_about(decisions, lists, AFTER_DUE)
        .filter("made")
        .join(late.select("loan_id", "due_on", "settled_on"), on="loan_id")
    )
    said = said.filter((pl.col("on") > pl.col("due_on")) & (pl.col("on") <= pl.col("settled_on"))).sort("on")
    first = said.group_by("loan_id", maintain_order=True).agg(
        pl.col("purpose").first().alias("first"),
        (pl.col("on").first() - pl.col("due_on").first()).dt.total_days().alias("after"),
    )
    lag = (pl.col("settled_on") - pl.col("due_on")).dt.total_days()
    return late.join(first, on="loan_id", how="left").with_columns(
        lag.alias("lag"),
        (lag <= leeway_days).alias("came_within_leeway"),
        (lag > 15).alias("came_after_15_days"),
    )


def reached(decisions: pl.DataFrame, lists: Lists) -> pl.DataFrame:
    """One row a person: was anything said, anything about a payment, any help?"""
    made = decisions.filter("made").select(
        "borrower_id",
        pl.col("purpose")
        .replace_strict({k: it.purpose_class for k, it in lists.purposes.items()})
        .alias("class"),
    )
    people = decisions.select("borrower_id").unique()
    flags = made.group_by("borrower_id").agg(
        pl.lit(True).alias("anything"),
        pl.col("class").is_in([*BEFORE_DUE, *AFTER_DUE]).any().alias("a_payment"),
        (pl.col("class") == "help").any().alias("help"),
    )
    return people.join(flags, on="borrower_id", how="left").with_columns(
        pl.col("anything", "a_payment", "help").fill_null(value=False)
    )
