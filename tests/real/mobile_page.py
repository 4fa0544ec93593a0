"""The page's part on mobile loans."""

from pathlib import Path

import polars as pl

from tests.real import mobile, reached_page, shares
from tests.real.pictures import bars
from tests.real.replay import Tell, replay
from tests.real.words import (
    OTHERS,
    Part,
    agreement,
    between,
    compared,
    count,
    day,
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

KNOWN = {"none": 14.8, "up to 25 %": 17.3, "up to 50 %": 30.8, "over 50 %": 50.2}
"""Loans that ended badly, in per cent, by the share of earlier loans first paid late, as the data's own notes say."""

LATE = "first payments later than their day"
KNOWN_LATE = {LATE: 17.4}
"""Of all earlier loans, in per cent, as the same notes say."""

PICTURE = "real-mobile-loans.svg"
BADLY = "ended badly"
MORNINGS = "each morning of the loan up to its first due day; what was paid on this loan is not in the data"
HABIT, HARDER = "early_help: late_habit", "early_help: getting_harder"
REMINDED, PEACE = "due_soon: payment_near", "left in peace: pays_by_yourself"


def section(book: Book, setup: Setup, pictures: Path, tell: Tell) -> Part:
    """Replay the book and tell it."""
    looks = mobile.moments(book)
    decisions = replay(book, setup, looks, tell)
    lists = setup.strategy.lists
    loans = mobile.loans(book)
    judged = mobile.judged(loans)
    before = mobile.before_due(loans, decisions, lists)
    last = before.filter(pl.col("ended_badly").is_not_null())
    late = _late_rows(loans, decisions, setup)
    period = f"{day(loans['disbursed_on'].min())} to {day(loans['due_on'].max())}"
    end = f"{day(last['disbursed_on'].min())} to {day(last['due_on'].max())}"
    reached, found = reached_page.section(book, setup, decisions, period)
    parts = [
        _opening(book, loans, judged, decisions, period, len(looks)),
        _known(judged, period, end),
        reached,
        _judged(last, lists, pictures, end),
        _earlier(before, lists, period),
        _unseen(before, judged, end),
        _late(late, _leeway(setup), period),
        _ended_badly(last, lists, end),
    ]
    return Part("\n\n".join(parts), (found, *_findings(last)), _gaps(last, judged, late))


def _findings(last: pl.DataFrame) -> tuple[str, ...]:
    habit, peace = _said(last, HABIT), _said(last, PEACE)
    bad = last.filter("ended_badly")
    spoken = bad.filter(pl.col("first_on").is_not_null()).height
    return (
        f"""Mobile loans of those helped early for a habit ended badly in {sure(habit)}, of those left in peace in
  {sure(peace)}: {compared(habit, peace)}.""",
        f"""Of {bad.height:,} people whose mobile loan ended badly, {spoken:,} would have had a word before its first due day.""",
    )


def _gaps(last: pl.DataFrame, judged: pl.DataFrame, late: pl.DataFrame) -> tuple[str, ...]:
    slip, often = (
        shares.of_rows(late.filter(pl.col("leaf") == it), "came_within_leeway", "borrower_id")
        for it in ("spotless", "often")
    )
    harder, reminded = _said(last, HARDER), _said(last, REMINDED)
    name, worst, helped = _worst(last, judged)
    return (
        f"""Mobile loans: the group whose loans most often ended badly, "{name}", {sure(worst)}, gets a reminder before
  the day like most others; {count(helped)} of its people are offered help early. Only three payments or more can be a habit.""",
        f"""Mobile loans: "payments come later than they used to" is not borne out as a sign. Those helped early for it ended badly in
  {sure(harder)}, those who were only reminded in {sure(reminded)}: {compared(harder, reminded)}.""",
        f"""Mobile loans: within the days of leeway {sure(slip)} of first slips were paid, and {sure(often)} of what was late from
  people who are often late: {compared(slip, often)}.""",
    )


def _opening(
    book: Book, loans: pl.DataFrame, judged: pl.DataFrame, decisions: pl.DataFrame, period: str, looks: int
) -> str:
    assumed = ", ".join(f"`{it}`" for it in book.assumes)
    return f"""## Mobile loans

`superlender_ng`: {judged.height:,} people in Nigeria and their {loans.height:,} loans of 15 to 90 days, {period}. Of the
{loans.height - judged.height:,} earlier loans we know when they were first due, first paid and closed; of each person's last loan, taken
in the last month, only whether it ended well or badly, as the publisher calls it. All {looks} mornings at eight (Lagos) were decided:
{decisions.height:,} decisions, each about one person on one day. Assumed by the mapping: {assumed}. No rules are known for the country, so
the careful defaults of `_default` stand in."""


def _known(judged: pl.DataFrame, period: str, end: str) -> str:
    first = mobile.first_payments()
    late = shares.of_rows(first, "late", "borrower_id")
    found = shares.by(judged.with_columns(mobile.share_of_late().alias("group")), "group", "ended_badly")
    rows = [
        (
            name,
            found[name].n,
            found[name].hits,
            percent(found[name].value),
            between(found[name]),
            f"{known} %",
        )
        for name, known in KNOWN.items()
    ]
    headings = ("earlier loans first paid late", "people", BADLY, "share", "95 % interval", "known figure")
    return "\n\n".join((
        "### The known figures, found again",
        f"""Of {first.height:,} first payments on earlier loans ({period}) {late.hits:,} came later than their day: {percent(late.value)}
({between(late)}). The known figure is {KNOWN_LATE[LATE]} %. {agreement({**KNOWN, **KNOWN_LATE}, {**found, LATE: late})}""",
        table(headings, rows),
        under(
            "person who had an earlier loan, by the last loan", sum(found[name].n for name in KNOWN), end,
            "the files as they came; the strategy has no part in this",
        ),
    ))  # fmt: skip


def _judged(last: pl.DataFrame, lists: Lists, pictures: Path, period: str) -> str:
    found = shares.by(with_others(last, "said"), "said", "ended_badly")
    habit, harder, peace, reminded = (_said(last, it) for it in (HABIT, HARDER, PEACE, REMINDED))
    says = f"Ended badly: {percent(habit.value)} of those helped early for a habit, {percent(peace.value)} of those left in peace"
    bars(
        found, lists, says, "Share of last loans that ended badly, and its 95 % interval", pictures / PICTURE
    )
    return "\n\n".join((
        "### Before the due day: the last loans",
        f"""A group is the strongest word between the day of the loan and its first due day: help, else a reminder, else none. Loans of
people helped early because payments were often late ended badly in {sure(habit)}, of people left in peace in {sure(peace)}:
{compared(habit, peace)}. Between them are those who were only reminded, {sure(reminded)}.""",
        f"""Not everything is borne out. Those helped early because payments come later than they used to ended badly in {sure(harder)}:
beside those only reminded {compared(harder, reminded)}; beside those left in peace {compared(harder, peace)}.""",
        f"![{says}. The numbers are in the table below.](pictures/{PICTURE})",
        shares_table("before the due day", "people", BADLY, found, lists),
        under("person, by the last loan", last.height, period, MORNINGS),
        "*Held out* are people drawn by lot among those who would have been spoken to; they are few, so their interval is wide.",
    ))  # fmt: skip


def _said(last: pl.DataFrame, name: str) -> shares.Share:
    return shares.of_rows(last.filter(pl.col("said") == name), "ended_badly")


def _earlier(before: pl.DataFrame, lists: Lists, period: str) -> str:
    rows = with_others(mobile.unpaid_near_due(before), "said")
    late = shares.by(rows, "said", "was_late", "borrower_id")
    week = shares.by(rows, "said", "was_a_week_late", "borrower_id")
    ordered = sorted(late.items(), key=lambda it: (it[0] == OTHERS, -it[1].value))
    table_ = [
        (
            told(name, lists),
            it.n,
            percent(it.value),
            between(it),
            percent(week[name].value),
            between(week[name]),
        )
        for name, it in ordered
    ]
    headings = (
        "before the due day",
        "loans",
        "late",
        "95 % interval",
        "late by more than a week",
        "95 % interval",
    )
    return "\n\n".join((
        "### Before the due day: the loans before the last",
        """The same for the loans before the last, of which the day of payment is known. Loans paid before the due day are left out:
most of them needed no word, and who gets one late would look late by that alone. A word that still waited for its hour on the due day
when the payment came counts as said.""",
        table(headings, table_),
        under(
            "earlier loan not paid before its first due day; a person may stand here several times, which widens the intervals",
            rows.height, period, "each morning of the loan up to its first due day",
        ),
    ))  # fmt: skip


def _seen(last: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    return last.join(judged.select("loan_id", mobile.seen().alias("seen")), on="loan_id")


def _worst(last: pl.DataFrame, judged: pl.DataFrame) -> tuple[str, shares.Share, int]:
    """Of the groups of at least 50 the one whose loans most often ended badly, and how many of it early help reaches."""
    rows = _seen(last, judged)
    found = shares.by(rows, "seen", "ended_badly")
    name, worst = max(((k, it) for k, it in found.items() if it.n >= 50), key=lambda it: it[1].value)
    helped = rows.filter((pl.col("seen") == name) & (pl.col("purpose") == "early_help")).height
    return name, worst, helped


def _unseen(before: pl.DataFrame, judged: pl.DataFrame, period: str) -> str:
    rows = _seen(before, judged)
    found = shares.by(rows, "seen", "ended_badly")
    reminded, peace = pl.col("purpose").is_not_null(), pl.col("said").str.starts_with("left in peace")
    early = (pl.col("purpose") == "early_help").fill_null(value=False)
    counted = rows.group_by("seen").agg(
        early.sum().alias("early"), (reminded & ~early).sum().alias("reminded"),
        (pl.col("said") == "held out").sum().alias("held"), peace.sum().alias("peace"),
    )  # fmt: skip
    counts = {name: rest for name, *rest in counted.rows()}
    table_ = [
        (name, it.n, percent(it.value), between(it), *counts[name])
        for name, it in sorted(found.items(), key=lambda it: -it[1].value)
    ]
    name, worst, helped = _worst(before.filter(pl.col("ended_badly").is_not_null()), judged)
    headings = (
        "what earlier loans show", "people", BADLY, "95 % interval", "early help", "another word", "held out", "left in peace",
    )  # fmt: skip
    return "\n\n".join((
        "### Whom early help reaches, and whom not",
        f"""Of the groups of at least 50 people the loans of "{name}" ended badly most often: {sure(worst)}. Of these
{worst.n:,} people {count(helped)} were offered help early, because only three payments or more can be a habit; they get a reminder.""",
        table(headings, table_),
        under("person, by the last loan", rows.height, period, "all earlier loans, from the files as they came"),
    ))  # fmt: skip


def _late_rows(loans: pl.DataFrame, decisions: pl.DataFrame, setup: Setup) -> pl.DataFrame:
    rows = mobile.after_due(loans, decisions, setup.strategy.lists, _leeway(setup))
    habit = pl.col("leaf").str.split("/").list.first()
    return rows.filter(~pl.col("leaf").str.ends_with("/current")).with_columns(habit.alias("leaf"))


def _leeway(setup: Setup) -> int:
    return int(setup.strategy.names.constants["leeway_days"])


def _late(rows: pl.DataFrame, leeway: int, period: str) -> str:
    soon = shares.by(rows, "leaf", "came_within_leeway", "borrower_id")
    long = shares.by(rows, "leaf", "came_after_15_days", "borrower_id")
    first = rows.group_by("leaf").agg(
        pl.col("first").drop_nulls().mode().first(),
        pl.col("after").median(),
        pl.col("first").is_null().sum().alias("none"),
    )
    words = {leaf: (word, after, none) for leaf, word, after, none in first.rows()}
    table_ = [
        (
            leaf, it.n, f"`{words[leaf][0]}`, day {words[leaf][1]:.0f}", words[leaf][2],
            percent(it.value), between(it), percent(long[leaf].value), between(long[leaf]),
        )
        for leaf, it in soon.items()
    ]  # fmt: skip
    headings = (
        "habit on the first late day", "loans", "usual first word", "paid before any word",
        f"paid within {leeway} days", "95 % interval", "paid after more than 15", "95 % interval",
    )  # fmt: skip
    slip, often = soon["spotless"], soon["often"]
    return "\n\n".join((
        "### After the due day",
        f"""This is how payments came by themselves. Within the {leeway} days of leeway {sure(slip)} of the first slips after a spotless
history were paid, and {sure(often)} of what was late from people who are often late: {compared(slip, often)}. More than 15
days late were {sure(long["spotless"])} and {sure(long["often"])}: {compared(long["spotless"], long["often"])}. All these loans were
repaid in the end. Who did not repay got no further loan, so that loan is not among the earlier ones.""",
        table(headings, table_),
        under(
            "earlier loan still open on the morning after its first due day; a person may stand here several times",
            rows.height, period, "the morning after the due day, then each morning",
        ),
    ))  # fmt: skip


def _ended_badly(last: pl.DataFrame, lists: Lists, period: str) -> str:
    bad = last.filter("ended_badly")
    spoken = bad.filter(pl.col("first_on").is_not_null()).with_columns(
        (pl.col("due_on") - pl.col("first_on")).dt.total_days().alias("ahead")
    )
    groups = with_others(bad, "said").join(spoken.select("loan_id", "ahead"), on="loan_id", how="left")
    counted = groups.group_by("said").agg(
        pl.len(), pl.col("ahead").median().alias("middle"), pl.col("ahead").min().alias("least"), pl.col("ahead").max().alias("most")
    ).sort("len", descending=True)  # fmt: skip
    rows = [
        (
            told(said, lists),
            n,
            percent(n / bad.height),
            "none" if middle is None else f"{middle:.0f} ({least} to {most})",
        )
        for said, n, middle, least, most in counted.rows()
    ]
    first = spoken["ahead"]
    helped = sum(lists.purposes[it].purpose_class == "help" for it in bad["purpose"].drop_nulls())
    return "\n\n".join((
        "### Those whose loan ended badly",
        f"""Of these {bad.height:,} people {spoken.height:,} would have had a reminder or an offer of help before the first due day, the
first word {first.median():.0f} days ahead (median; {first.min()} to {first.max()} days); {helped:,} would have been offered help. What
would have followed after the day cannot be told, since the data does not say what was paid on these loans.""",
        table(("strongest word", "people", "share", "days from the first word to the due day: median (range)"), rows),
        under("person whose last loan ended badly", bad.height, period, "each morning up to the first due day"),
    ))  # fmt: skip
