"""The page's part on card accounts month by month."""

from pathlib import Path

import polars as pl

from tests.real import months, shares
from tests.real.pictures import bars
from tests.real.replay import Tell, replay
from tests.real.words import between, compared, percent, sure, table, told, under, with_others
from tideover.engine.decision.setup import Setup
from tideover.engine.facts import Book
from tideover.engine.policy.lists import Lists

KNOWN = {
    ("0", "1"): 1.84,
    ("1", "0"): 51.3,
    ("1", "2"): 5.2,
    ("2", "3"): 29.0,
    ("3", "4"): 57.9,
    ("5", "5"): 91.1,
}
"""Steps from one month-end class to the next, in per cent, as the data's own notes say."""

CLASSES = {"0": "under 30 days", "1": "30 to 59 days", "2": "60 to 89 days", "3": "90 to 119 days"}
PICTURE = "real-cards.svg"


def section(book: Book, setup: Setup, pictures: Path, tell: Tell) -> str:
    """Replay the book and tell it."""
    looks = months.moments(book)
    decisions = replay(book, setup, looks, tell)
    rows, said = months.classes(book), months.said_in_the_month(decisions)
    rolled = months.together(months.roll(rows), said)
    period = f"{rows['on'].min():%B %Y} to {rows['on'].max():%B %Y} (the mapping sets the last month; it is not in the data)"
    lists = setup.strategy.lists
    return "\n\n".join((
        _opening(rows, said, len(looks)),
        _known(months.roll(rows), period),
        _steps(rolled, lists, period),
        _habits(rolled, pictures, period),
        _before_the_worst(rows, said, period),
        _stale(rows, said, period),
    ))  # fmt: skip


def _opening(rows: pl.DataFrame, said: pl.DataFrame, looks: int) -> str:
    people = rows["borrower_id"].n_unique()
    return f"""## Card accounts, month by month

`card_monthly_status`: {people:,} people of a bank that is not named, {rows.height:,} months, of each only a class of days late:
no amounts and no payments. The strategy looks on the 5th and the 20th of each month, {looks} times, {said.height:,} months of a
person. What it says on these two days counts for the month; a contact that waits for its hour is made."""


def _known(rolled: pl.DataFrame, period: str) -> str:
    table_ = []
    for (before, after), known in KNOWN.items():
        found = shares.of_rows(
            rolled.filter(pl.col("class") == before).with_columns((pl.col("next") == after).alias("step")),
            "step",
            "borrower_id",
        )
        table_.append(
            (f"{before} to {after}", found.n, found.hits, percent(found.value), between(found), f"{known} %")
        )
    one = rolled.filter(pl.col("class") == "1")
    well = shares.of_rows(one, "well", "borrower_id")
    return "\n\n".join((
        "### The known figures, found again",
        table(("from class to class", "months", "steps", "share", "95 % interval", "known figure"), table_),
        f"""The known figures count a following month without a loan (X) among all. "1 to 0" leaves out accounts that were paid off at
once: counted with them, {sure(well)} of the months 30 to 59 days late are followed by one that is not.""",
        under("account and month that is followed by another", period, "the file as it came; the strategy has no part in this"),
    ))  # fmt: skip


def _steps(rolled: pl.DataFrame, lists: Lists, period: str) -> str:
    table_ = []
    for level, name in CLASSES.items():
        rows = with_others(rolled.filter(pl.col("class") == level), "said")
        well, worse = (shares.by(rows, "said", hit, "borrower_id") for hit in ("well", "worse"))
        table_ += [
            (
                name,
                told(said, lists),
                it.n,
                percent(it.value),
                between(it),
                percent(worse[said].value),
                between(worse[said]),
            )
            for said, it in sorted(well.items(), key=lambda it: -it[1].n)
        ]
    headings = (
        "days late at the month-end", "first word of the next month", "months", "well a month later", "95 % interval",
        "worse", "95 % interval",
    )  # fmt: skip
    one, two = (
        shares.of_rows(rolled.filter(pl.col("class") == level), "worse", "borrower_id")
        for level in ("1", "2")
    )
    return "\n\n".join((
        "### What was said, and how the next month-end was",
        f"""Of the months 30 to 59 days late {sure(one)} were followed by a worse one, of those 60 to 89 days late {sure(two)}:
{compared(two, one)}. That is why the ladder offers a plan and a call before the sixtieth day.""",
        table(headings, table_),
        under("account and month that is followed by another", period, "the 5th and the 20th of the next month"),
    ))  # fmt: skip


def _habits(rolled: pl.DataFrame, pictures: Path, period: str) -> str:
    current = rolled.filter(pl.col("class") == "0").with_columns(
        pl.col("leaf").str.split("/").list.first().alias("habit"), (pl.col("words") > 0).alias("spoken")
    )
    found = shares.by(current, "habit", "worse", "borrower_id")
    spoken = shares.by(current, "habit", "spoken", "borrower_id")
    often, spotless = found["often"], found["spotless"]
    says = f"Late again a month later: {percent(often.value)} of the often late, {percent(spotless.value)} of the spotless"
    bars(
        found,
        says,
        "Accounts not 30 days late now that are a month later, and the 95 % interval",
        pictures / PICTURE,
    )
    table_ = [
        (name, it.n, it.hits, percent(it.value), between(it), spoken[name].hits)
        for name, it in sorted(found.items(), key=lambda it: -it[1].value)
    ]
    headings = (
        "habit so far",
        "months",
        "late a month later",
        "share",
        "95 % interval",
        "months with a word",
    )
    return "\n\n".join((
        "### On time now: the habit tells what comes",
        f"""Accounts of people who were often late are late again a month later in {sure(often)}, of spotless people in
{sure(spotless)}: {compared(often, spotless)}. To those often late something was said in {spoken["often"].hits:,} of {spoken["often"].n:,}
such months. A card of which only month-end classes are known has no due day, so nothing that hangs on one can be said.""",
        f"![{says}. The numbers are in the table below.](pictures/{PICTURE})",
        table(headings, table_),
        under("account and month in class 0 that is followed by another", period, "the 5th and the 20th of the next month"),
    ))  # fmt: skip


def _before_the_worst(rows: pl.DataFrame, said: pl.DataFrame, period: str) -> str:
    parts, table_ = [], []
    for level, name in ((2, "60 days"), (3, "90 days")):
        reached = months.first_time(rows, said, level)
        word = reached.filter(pl.col("months").is_not_null())
        table_ += _ahead(reached, name)
        sudden = reached.filter(
            pl.col("months").is_null() & pl.col("class_before").is_in(["C", "0", "X"])
        ).height
        parts.append(
            f"Of {reached.height:,} accounts that first became {name} late, {word.height:,} had a word in the six months before; of the "
            f"{reached.height - word.height:,} that had none, {sudden:,} were not late at the month-end before."
        )
    return "\n\n".join((
        "### Before the sixtieth and the ninetieth day",
        "\n".join(parts),
        table(("first time late by", "first word", "accounts", "share"), table_),
        under(
            "account, at its first month-end in that class; accounts that begin there are left out",
            period,
            "the looks of the six months before",
        ),
    ))  # fmt: skip


def _ahead(reached: pl.DataFrame, name: str) -> list[tuple[object, ...]]:
    counted = reached["months"].value_counts().sort("months").rows()
    words = {None: "none", 0: "in that month", 1: "1 month before"}
    return [
        (name, words.get(ahead, f"{ahead} months before"), n, percent(n / reached.height))
        for ahead, n in counted
    ]


def _stale(rows: pl.DataFrame, said: pl.DataFrame, period: str) -> str:
    found = shares.of_rows(months.stale(rows, said), "on_an_old_class", "borrower_id")
    return "\n\n".join((
        "### Words that rest on an old month-end",
        f"""{sure(found)} of the months with a word are months in which the last month-end had no class, or said that there was no loan: the
book still holds the class before it. A lender who sends such lists should send the closing of an account as well.""",
        under("account and month with a word", period, "the last class known"),
    ))  # fmt: skip
