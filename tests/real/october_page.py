"""The page's part on the card holders of 2005."""

from pathlib import Path

import polars as pl

from tests.real import october, shares
from tests.real.pictures import bars
from tests.real.replay import Tell, replay
from tests.real.words import (
    Part,
    agreement,
    between,
    compared,
    percent,
    shares_table,
    sure,
    table,
    under,
    with_others,
)
from tideover.engine.decision.setup import Setup
from tideover.engine.facts import Book
from tideover.engine.policy.lists import Lists

KNOWN = {
    "no late month": (pl.col("late_months") == 0, 12.0),
    "one late month": (pl.col("late_months") == 1, 29.8),
    "six late months": (pl.col("late_months") == 6, 69.9),
    "never late before, late now": ((pl.col("late_before") == 0) & pl.col("late_now"), 36.0),
    "late three times or more before, late now": ((pl.col("late_before") >= 3) & pl.col("late_now"), 65.6),
    "late three times or more before, on time now": (
        (pl.col("late_before") >= 3) & ~pl.col("late_now"),
        38.8,
    ),
}
"""Groups and their known defaults in per cent, as the data's own notes say."""

PICTURE = "real-october.svg"
MISSED = "missed October"
PERIOD = "April to September 2005, and the payment of October"
UNIT = "person"
LEEWAY, HABIT = "leeway_note: spotless_history", "options_offer: late_habit"


def section(book: Book, setup: Setup, pictures: Path, tell: Tell) -> Part:
    """Replay the book and tell it."""
    decisions = replay(book, setup, october.moments(), tell)
    people = october.people(book).with_columns(october.groups().alias("group"))
    people = people.join(october.said_last(decisions), on="borrower_id")
    lists = setup.strategy.lists
    assumed = ", ".join(f"`{it}`" for it in book.assumes)
    text = "\n\n".join((
        f"""## Card holders before one October

`uci_credit_default`: {people.height:,} card holders in Taiwan, six month-ends with balance, payment and months late, and whether the
payment of October 2005 was missed. The strategy looks on the 5th and the 20th of each month, and last on 5 October. Age, sex,
marriage and schooling are in a table that no policy can name. Assumed by the mapping: {assumed}.""",
        _known(people),
        _treated(people, lists, pictures),
        _unseen(people),
        _ahead(people, decisions, lists),
    ))  # fmt: skip
    return Part(text, _findings(people, decisions), _gaps(people))


def _findings(people: pl.DataFrame, decisions: pl.DataFrame) -> tuple[str, ...]:
    slip, habit = _said(people, LEEWAY), _said(people, HABIT)
    bad = people.filter("ended_badly")
    spoken = bad.join(october.first_word(decisions), on="borrower_id", how="semi").height
    return (
        f"""Card holders who were offered options for a habit missed the next payment in {sure(habit)}, those met with leeway after a first
  slip in {sure(slip)}: {compared(habit, slip)}.""",
        f"""Of {bad.height:,} card holders who missed it, {spoken:,} would have had a word before.""",
    )


def _gaps(people: pl.DataFrame) -> tuple[str, ...]:
    name, worst = _worst_in_peace(people)
    return (
        f"""Card holders "{name}" are left in peace, and {sure(worst)} of them missed the next payment: without a due day in the
  data there is nothing to help with in time.""",
    )


def _said(people: pl.DataFrame, name: str) -> shares.Share:
    return shares.of_rows(people.filter(pl.col("said") == name), "ended_badly")


def _known(people: pl.DataFrame) -> str:
    rows, all_found = [], {}
    for name, (who, known) in KNOWN.items():
        found = all_found[name] = shares.of_rows(people.filter(who), "ended_badly")
        rows.append((name, found.n, found.hits, percent(found.value), between(found), f"{known} %"))
    return "\n\n".join((
        "### The known figures, found again",
        table(("who", "people", MISSED, "share", "95 % interval", "known figure"), rows),
        agreement({name: known for name, (_, known) in KNOWN.items()}, all_found),
        under(
            f"{UNIT}; some stand in two groups, others in none", people.height, PERIOD,
            "the file as it came; the strategy has no part in this",
        ),
    ))  # fmt: skip


def _treated(people: pl.DataFrame, lists: Lists, pictures: Path) -> str:
    found = shares.by(with_others(people, "said"), "said", "ended_badly")
    slip, habit = _said(people, LEEWAY), _said(people, HABIT)
    slips = people.filter((pl.col("late_before") == 0) & pl.col("late_now"))
    called = slips.filter(pl.col("said").str.starts_with("help_call")).height
    first = f"Missed October: {percent(habit.value)} of those offered options for a habit"
    says = f"{first}, {percent(slip.value)} after a first slip met with leeway"
    bars(
        found,
        lists,
        says,
        "Share that missed the payment of October, and its 95 % interval",
        pictures / PICTURE,
    )
    return "\n\n".join((
        "### What was said on 5 October",
        f"""Of {slips.height:,} people late now after five spotless months {slip.n:,} had a note that these days are free, and {called:,},
later by now, a call. Of those with the note {sure(slip)} missed October; of people late now and often before, who were offered options,
{sure(habit)} did: {compared(habit, slip)}.""",
        f"![{says}. The numbers are in the table below.](pictures/{PICTURE})",
        shares_table("on 5 October", "people", MISSED, found, lists),
        under(UNIT, people.height, PERIOD, "5 October 2005, eleven in the morning in Taipei"),
    ))  # fmt: skip


def _unseen(people: pl.DataFrame) -> str:
    rows = people.with_columns(pl.col("said").str.starts_with("left in peace").alias("peace"))
    found, peace = (shares.by(rows, "group", hit) for hit in ("ended_badly", "peace"))
    table_ = [
        (name, it.n, percent(it.value), between(it), percent(peace[name].value))
        for name, it in sorted(found.items(), key=lambda it: -it[1].value)
    ]
    name, worst = _worst_in_peace(people)
    return "\n\n".join((
        "### Who was left in peace",
        f"""Of the groups of which nine in ten or more are left in peace, "{name}" missed October most often: {sure(worst)}. Nothing of
theirs is late, and a card of which only month-ends are known has no due day before which help could be offered.""",
        table(("who", "people", MISSED, "95 % interval", "left in peace on 5 October"), table_),
        under(UNIT, people.height, PERIOD, "5 October 2005"),
    ))  # fmt: skip


def _worst_in_peace(people: pl.DataFrame) -> tuple[str, shares.Share]:
    rows = people.with_columns(pl.col("said").str.starts_with("left in peace").alias("peace"))
    found, peace = (shares.by(rows, "group", hit) for hit in ("ended_badly", "peace"))
    quiet = {name: it for name, it in found.items() if peace[name].value > 0.9}
    return max(quiet.items(), key=lambda it: it[1].value)


def _ahead(people: pl.DataFrame, decisions: pl.DataFrame, lists: Lists) -> str:
    bad = people.filter("ended_badly").join(october.first_word(decisions), on="borrower_id", how="left")
    spoken = bad.filter(pl.col("months").is_not_null())
    never = bad.filter(pl.col("months").is_null())
    spotless = never.filter(pl.col("late_months") == 0)
    words = {None: "none", 0: "in October", 1: "1 month before"}
    rows = [
        (words.get(ahead, f"{ahead} months before"), n, percent(n / bad.height))
        for ahead, n in bad["months"].value_counts().sort("months").rows()
    ]
    why = shares_table(
        "why nothing was said", "people", "of them late at some month-end",
        shares.by(with_others(never.with_columns((pl.col("late_months") > 0).alias("late")), "said"), "said", "late"), lists,
    )  # fmt: skip
    return "\n\n".join((
        "### Those who missed October",
        f"""{spoken.height:,} of {bad.height:,} would have had a word by 5 October, half of them
{spoken["months"].median():.0f} months before or earlier. {never.height:,} would have had none; {spotless.height:,} of these
had not been late at any of the six month-ends, so that nothing in this data told of it.""",
        table(("first word", "people", "share"), rows),
        under("person who missed October", bad.height, PERIOD, "the 5th and the 20th of each month from May on"),
        "Why nothing was said to those without a word:",
        why,
        under("person who missed October and had no word", never.height, PERIOD, "the 5th and the 20th of each month from May on"),
    ))  # fmt: skip
