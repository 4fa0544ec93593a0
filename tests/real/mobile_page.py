"""The page's part on mobile loans."""

from datetime import date
from pathlib import Path

import polars as pl

from tests.real import mobile, shares
from tests.real.pictures import bars
from tests.real.replay import Tell, replay
from tests.real.words import between, compared, percent, shares_table, sure, table, told, under, with_others
from tideover.engine.decision.setup import Setup
from tideover.engine.facts import Book
from tideover.engine.policy.lists import Lists

KNOWN = {"none": 14.8, "up to 25 %": 17.3, "up to 50 %": 30.8, "over 50 %": 50.2}
"""Loans that ended badly, in per cent, by the share of earlier loans first paid late, as the data's own notes say."""

PICTURE = "real-mobile-loans.svg"
BADLY = "ended badly"
MORNINGS = "each morning of the loan up to its first due day; what was paid on this loan is not in the data"


def section(book: Book, setup: Setup, pictures: Path, tell: Tell) -> str:
    """Replay the book and tell it."""
    looks = mobile.moments(book)
    decisions = replay(book, setup, looks, tell)
    lists = setup.strategy.lists
    loans = mobile.loans(book)
    judged = mobile.judged(loans)
    before = mobile.before_due(loans, decisions, lists)
    period = f"{_day(loans['disbursed_on'].min())} to {_day(loans['due_on'].max())}"
    july = "1 July to 29 August 2017"
    parts = [
        _opening(book, loans, judged, decisions, period, len(looks)),
        _known(judged, july),
        _judged(before, lists, pictures, july),
        _earlier(before, lists, period),
        _unseen(before, judged, july),
        _late(loans, decisions, setup, period),
        _ended_badly(before, lists, july),
        _reached(decisions, lists, period),
    ]
    return "\n\n".join(parts)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _opening(
    book: Book, loans: pl.DataFrame, judged: pl.DataFrame, decisions: pl.DataFrame, period: str, looks: int
) -> str:
    return f"""## Mobile loans

`superlender_ng`: {judged.height:,} people in Nigeria and their {loans.height:,} loans of 15 to 90 days, {period}. Of the
{loans.height - judged.height:,} earlier loans the days on which they were first due, first paid and closed are known; of each
person's last loan, taken in July 2017, only whether it ended well or badly. All {looks} mornings at eight (Lagos) were decided,
{decisions.height:,} decisions about a person on a day. Assumed by the mapping: {", ".join(book.assumes)}; no rules are known for
the country, so the careful defaults of `_default` stand in."""


def _known(judged: pl.DataFrame, period: str) -> str:
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
        table(headings, rows),
        under("person, by her last loan", period, "the files as they came; the strategy has no part in this"),
    ))  # fmt: skip


def _judged(before: pl.DataFrame, lists: Lists, pictures: Path, period: str) -> str:
    rows = with_others(before.filter(pl.col("ended_badly").is_not_null()), "said")
    found = shares.by(rows, "said", "ended_badly")
    peace, helped = _peace(rows, "ended_badly"), _helped(rows, lists, "ended_badly")
    habit = shares.of_rows(rows.filter(pl.col("said").str.ends_with(": late_habit")), "ended_badly")
    says = f"Ended badly: {percent(habit.value)} of those helped early for a habit, {percent(peace.value)} of those left in peace"
    bars(found, says, "Share of last loans that ended badly, and its 95 % interval", pictures / PICTURE)
    return "\n\n".join((
        "### Before the due day: the loan whose end is the question",
        f"""The strongest word between the day of the loan and its first due day: help, else a reminder, else none. Those helped early
because payments were often late ended badly in {sure(habit)}; those left in peace in {sure(peace)}: {compared(habit, peace)}. All who
were offered help before the day, whatever the reason: {sure(helped)}.""",
        f"![{says}. The numbers are in the table below.](pictures/{PICTURE})",
        shares_table("before the due day", "people", BADLY, found, lists),
        under("person, by her last loan", period, MORNINGS),
    ))  # fmt: skip


def _peace(rows: pl.DataFrame, hit: str, person: str | None = None) -> shares.Share:
    return shares.of_rows(rows.filter(pl.col("said") == "left in peace: pays_by_yourself"), hit, person)


def _helped(rows: pl.DataFrame, lists: Lists, hit: str) -> shares.Share:
    help_ = [name for name, it in lists.purposes.items() if it.purpose_class == "help"]
    return shares.of_rows(rows.filter(pl.col("purpose").is_in(help_)), hit)


def _earlier(before: pl.DataFrame, lists: Lists, period: str) -> str:
    rows = with_others(mobile.unpaid_near_due(before), "said")
    late = shares.by(rows, "said", "was_late", "borrower_id")
    week = shares.by(rows, "said", "was_a_week_late", "borrower_id")
    ordered = sorted(late.items(), key=lambda it: -it[1].value)
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
        "### Before the due day: all earlier loans",
        """The same on the loans before, where the day of the first payment is known. Loans paid before the due day are left out,
for they would make every group look good by itself.""",
        table(headings, table_),
        under(
            "earlier loan not paid before its first due day; a person may stand here several times, which widens the intervals",
            period, "each morning of the loan up to its first due day",
        ),
    ))  # fmt: skip


def _unseen(before: pl.DataFrame, judged: pl.DataFrame, period: str) -> str:
    known = judged.select("loan_id", mobile.seen().alias("seen"))
    rows = before.join(known, on="loan_id")
    found = shares.by(rows, "seen", "ended_badly")
    early = rows.group_by("seen").agg(
        (pl.col("purpose") == "early_help").fill_null(value=False).sum().alias("helped"),
        pl.col("said").str.starts_with("left in peace").sum().alias("peace"),
        pl.len().alias("n"),
    )
    counts = {name: (helped, n - helped - peace, peace) for name, helped, peace, n in early.rows()}
    table_ = [
        (name, it.n, percent(it.value), between(it), *counts[name])
        for name, it in sorted(found.items(), key=lambda it: -it[1].value)
    ]
    name, worst = max(((k, it) for k, it in found.items() if it.n >= 50), key=lambda it: it[1].value)
    headings = (
        "what earlier loans show",
        "people",
        BADLY,
        "95 % interval",
        "early help",
        "other or held out",
        "left in peace",
    )
    return "\n\n".join((
        "### Whom early help reaches, and whom not",
        f"""The group that fares worst of those with at least 50 people is "{name}": {sure(worst)} ended badly, and
{counts[name][0]:,} of its {worst.n:,} people were offered help early.""",
        table(headings, table_),
        under("person, by her last loan", period, "all earlier loans, from the files as they came"),
    ))  # fmt: skip


def _late(loans: pl.DataFrame, decisions: pl.DataFrame, setup: Setup, period: str) -> str:
    leeway = setup.strategy.values["leeway_days"]
    rows = mobile.after_due(loans, decisions, setup.strategy.lists, leeway)
    rows = rows.filter(~pl.col("leaf").str.ends_with("/current")).with_columns(
        pl.col("leaf").str.split("/").list.first()
    )
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
        f"""Nobody was in truth written to, so this is how payments come by themselves. Within the {leeway} days of leeway a first slip
after a spotless history was paid in {sure(slip)}, what came late from people who often pay late in {sure(often)}: {compared(slip, often)}.
Later than 15 days came {sure(long["spotless"])} and {sure(long["often"])}: {compared(long["spotless"], long["often"])}. All these loans
were repaid in the end: a person whose loan was not never got the next one, and is not in the data.""",
        table(headings, table_),
        under("earlier loan not paid by its first due day", period, "the morning after the due day, then each morning"),
    ))  # fmt: skip


def _ended_badly(before: pl.DataFrame, lists: Lists, period: str) -> str:
    bad = before.filter(pl.col("ended_badly"))
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
    helped = _helped(bad, lists, "ended_badly")
    return "\n\n".join((
        "### Those whose loan ended badly",
        f"""Of {bad.height:,} people {spoken.height:,} would have had a reminder or an offer of help before the first due day, the first
of them {first.median():.0f} days ahead (median; {first.min()} to {first.max()}), and {helped.n:,} of them help.""",
        table(("strongest word", "people", "share", "days from the first word to the due day: median (range)"), rows),
        under("person whose last loan ended badly", period, "each morning up to the first due day"),
    ))  # fmt: skip


def _reached(decisions: pl.DataFrame, lists: Lists, period: str) -> str:
    people = mobile.reached(decisions, lists)
    found = {name: shares.of_rows(people, name) for name in ("anything", "a_payment", "help")}
    made = decisions.filter("made")
    counted = made["purpose"].value_counts(sort=True)
    per = "; ".join(f"`{purpose}` {n:,}" for purpose, n in counted.rows())
    quiet = shares.of_rows(decisions.with_columns((~pl.col("made")).alias("quiet")), "quiet", "borrower_id")
    return "\n\n".join((
        "### How many hear from the lender",
        f"""Under these assumptions {sure(found["anything"])} of the people get at least one contact, {sure(found["a_payment"])} at least
one about a payment, and {sure(found["help"])} at least one offer of help. Nothing is said on {sure(quiet)} of all days of all people.
Contacts by purpose: {per}.""",
        under("person; day of a person", period, "each morning"),
    ))  # fmt: skip
