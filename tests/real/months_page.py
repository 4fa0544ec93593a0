"""The page's part on card accounts month by month."""

from pathlib import Path

import polars as pl

from tests.real import months, shares
from tests.real.pictures import bars
from tests.real.replay import Tell, replay
from tests.real.words import (
    Part,
    agreement,
    between,
    compared,
    count,
    percent,
    shares_table,
    sure,
    table,
    told,
    under,
    with_others,
)
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

AS_IT_CAME = "the file as it came; the strategy has no part in this"
LOOKS = "the 5th and the 20th of the next month"
CLASSES = {"0": "under 30 days", "1": "30 to 59 days", "2": "60 to 89 days", "3": "90 to 119 days"}
PICTURE = "real-cards.svg"
PEACE = "left in peace: nothing_useful_to_say"
PLAN, FIRM = "plan_offer: late_for_weeks", "firm_notice: late_and_no_answer"


def section(book: Book, setup: Setup, pictures: Path, tell: Tell) -> Part:
    """Replay the book and tell it."""
    looks = months.moments(book)
    decisions = replay(book, setup, looks, tell)
    rows, said = months.classes(book), months.said_in_the_month(decisions)
    rolled = months.together(months.roll(rows), said)
    period = f"{rows['on'].min():%B %Y} to {rows['on'].max():%B %Y} (the mapping sets the last month; it is not in the data)"
    lists = setup.strategy.lists
    text = "\n\n".join((
        _opening(book, rows, said, len(looks)),
        _known(months.roll(rows), period),
        _treated(rolled, lists, pictures, period),
        _steps(rolled, lists, period),
        _habits(rolled, period),
        _before_the_worst(rows, said, period),
        _stale(rows, said, period),
    ))  # fmt: skip
    return Part(text, _findings(rows, rolled, said), _gaps(rolled))


def _findings(rows: pl.DataFrame, rolled: pl.DataFrame, said: pl.DataFrame) -> tuple[str, ...]:
    peace, plan, firm = (_late(_with_a_loan(rolled), it) for it in (PEACE, PLAN, FIRM))
    sixty = months.first_time(rows, said, 2)
    spoken = sixty.filter(pl.col("months").is_not_null()).height
    return (
        f"""Card accounts that are offered a plan are 30 days late or more a month later in {sure(plan)} of months, those left in peace
  in {sure(peace)}: {compared(plan, peace)}. Those that get a firm word are in {sure(firm)}.""",
        f"""Of {sixty.height:,} card accounts that became 60 days late for the first time, {spoken:,} would have had a word before.""",
    )


def _gaps(rolled: pl.DataFrame) -> tuple[str, ...]:
    often = rolled.filter((pl.col("class") == "0") & pl.col("leaf").str.starts_with("often/"))
    worse = shares.of_rows(often, "worse", "borrower_id")
    return (
        f"""Card accounts less than 30 days late now that were often late: {sure(worse)} of months are followed by one later than that, and
  something was said in {count(often.filter(pl.col("words") > 0).height)} of them. Early
  help hangs on a due day, and this book has none.""",
    )


def _with_a_loan(rolled: pl.DataFrame) -> pl.DataFrame:
    return rolled.filter(pl.col("class") != "X")


def _late(rolled: pl.DataFrame, name: str) -> shares.Share:
    return shares.of_rows(rolled.filter(pl.col("said") == name), "late", "borrower_id")


def _opening(book: Book, rows: pl.DataFrame, said: pl.DataFrame, looks: int) -> str:
    people = rows["borrower_id"].n_unique()
    assumed = ", ".join(f"`{it}`" for it in book.assumes)
    return f"""## Card accounts, month by month

`card_monthly_status`: {people:,} people of a bank that is not named, {rows.height:,} months. Of each month only a class of days late
is known: no amounts and no payments. The strategy looks on the 5th and the 20th of each month, {looks} times, at {said.height:,} months
of a person. What it says on these two days counts for the month; a contact that waits for its hour is made. Assumed by the
mapping: {assumed}."""


def _known(rolled: pl.DataFrame, period: str) -> str:
    table_, all_found = [], {}
    for (before, after), known in KNOWN.items():
        found = all_found[f"{before} to {after}"] = shares.of_rows(
            rolled.filter(pl.col("class") == before).with_columns((pl.col("next") == after).alias("step")),
            "step",
            "borrower_id",
        )
        table_.append(
            (f"{before} to {after}", found.n, found.hits, percent(found.value), between(found), f"{known} %")
        )
    known = {f"{before} to {after}": it for (before, after), it in KNOWN.items()}
    one = rolled.filter(pl.col("class") == "1")
    well = shares.of_rows(one, "well", "borrower_id")
    return "\n\n".join((
        "### The known figures, found again",
        table(("from class to class", "months", "steps", "share", "95 % interval", "known figure"), table_),
        f"""The known figures count a following month without a loan (X) among all. "1 to 0" leaves out accounts that were paid off at
once: counted with them, {sure(well)} of the months 30 to 59 days late are followed by one that is not. {agreement(known, all_found)}""",
        under("account and month that is followed by another", rolled.height, period, AS_IT_CAME),
    ))  # fmt: skip


def _treated(rolled: pl.DataFrame, lists: Lists, pictures: Path, period: str) -> str:
    rows = with_others(_with_a_loan(rolled), "said")
    found = shares.by(rows, "said", "late", "borrower_id")
    peace, plan, firm = (_late(rows, it) for it in (PEACE, PLAN, FIRM))
    says = f"Late a month later: {percent(plan.value)} of those offered a plan, {percent(peace.value)} of those left in peace"
    axis = "Months of accounts followed by one 30 days late or more, and the 95 % interval"
    bars(found, lists, says, axis, pictures / PICTURE)
    return "\n\n".join((
        "### What was said first, and who was late a month later",
        f"""Accounts that were offered a plan were 30 days late or more a month later in {sure(plan)} of months, accounts left in peace in
{sure(peace)}: {compared(plan, peace)}. Of those that got a firm word
{sure(firm)} were; beside a plan {compared(firm, plan)}.""",
        f"![{says}. The numbers are in the table below.](pictures/{PICTURE})",
        shares_table("first word of the month", "months", "late a month later", found, lists),
        under("account and month with a loan that is followed by another", rows.height, period, LOOKS),
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
    counted = rolled.filter(pl.col("class").is_in(list(CLASSES))).height
    one, two = (
        shares.of_rows(rolled.filter(pl.col("class") == level), "worse", "borrower_id")
        for level in ("1", "2")
    )
    return "\n\n".join((
        "### The same by days late",
        f"""Of the months 30 to 59 days late {sure(one)} were followed by a worse one, of those 60 to 89 days late {sure(two)}:
{compared(two, one)}. That is why the ladder offers a plan or a call before the sixtieth day. Among accounts equally late the first word
tells little: nobody was in truth spoken to.""",
        table(headings, table_),
        under("account and month in one of these classes that is followed by another", counted, period, LOOKS),
    ))  # fmt: skip


def _habits(rolled: pl.DataFrame, period: str) -> str:
    current = rolled.filter(pl.col("class") == "0").with_columns(
        pl.col("leaf").str.split("/").list.first().alias("habit"), (pl.col("words") > 0).alias("spoken")
    )
    found = shares.by(current, "habit", "worse", "borrower_id")
    spoken = shares.by(current, "habit", "spoken", "borrower_id")
    often, spotless = found["often"], found["spotless"]
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
        "### Less than 30 days late now: what the habit tells",
        f"""Accounts of people who were often late are 30 days late or more a month later in {sure(often)} of months, those of spotless
people in {sure(spotless)}: {compared(often, spotless)}. Something was said to the often late in {count(spoken["often"].hits)} of
{spoken["often"].n:,} such months: a card of which only month-end classes are known has no due day, so nothing that hangs on one
can be said.""",
        table(headings, table_),
        under("account and month in class 0 that is followed by another", current.height, period, LOOKS),
    ))  # fmt: skip


def _before_the_worst(rows: pl.DataFrame, said: pl.DataFrame, period: str) -> str:
    parts, table_, counted = [], [], 0
    for level, name in ((2, "60 days"), (3, "90 days")):
        reached = months.first_time(rows, said, level)
        word = reached.filter(pl.col("months").is_not_null())
        table_ += _ahead(reached, name)
        counted += reached.height
        sudden = reached.filter(
            pl.col("months").is_null() & pl.col("class_before").is_in(["C", "0", "X"])
        ).height
        parts.append(
            f"Of {reached.height:,} accounts that first became {name} late, {word.height:,} would have had a word in the six "
            f"months before; of the {reached.height - word.height:,} without one, {sudden:,} were not 30 days late at the month-end before."
        )
    return "\n\n".join((
        "### Before the sixtieth and the ninetieth day",
        "\n".join(parts),
        table(("first time late by", "first word", "accounts", "share"), table_),
        under(
            "account, at its first month-end so late; an account may stand in both parts, and one that begins there in none",
            counted,
            period,
            "the looks of the six months before",
        ),
    ))  # fmt: skip


def _ahead(reached: pl.DataFrame, name: str) -> list[tuple[object, ...]]:
    counted = reached["months"].value_counts().sort("months").rows()
    words = {None: "none", 0: "in the same month", 1: "1 month before"}
    return [
        (name, words.get(ahead, f"{ahead} months before"), n, percent(n / reached.height))
        for ahead, n in counted
    ]


def _stale(rows: pl.DataFrame, said: pl.DataFrame, period: str) -> str:
    found = shares.of_rows(months.stale(rows, said), "on_an_old_class", "borrower_id")
    return "\n\n".join((
        "### Words that rest on an old month-end",
        f"""Of the months with a word {sure(found)} are months in which the last month-end had no class, or said that there was no loan: the
book still holds the class before it. A lender who sends such lists should send the closing of an account as well.""",
        under("account and month with a word", found.n, period, "the last class known"),
    ))  # fmt: skip
