"""The page's part on how many people with mobile loans hear from the lender, on one morning and over the whole time."""

import polars as pl

from tests.real import mobile, shares
from tests.real.replay import one_look
from tests.real.words import between, day, percent, sure, table, under
from tideover.engine.decision.setup import Setup
from tideover.engine.facts import Book
from tideover.engine.policy.lists import Lists

ABOUT_PAYMENT = (*mobile.BEFORE_DUE, *mobile.AFTER_DUE)


def section(book: Book, setup: Setup, decisions: pl.DataFrame, period: str) -> tuple[str, str]:
    """The section, and what the page says of it at its head."""
    lists = setup.strategy.lists
    start = one_look(book, setup, mobile.start())
    begun, on = shares.of_rows(start, "made"), day(mobile.START_ON)
    finding = f"""A lender of mobile loans who starts on {on} contacts {sure(begun)} of the people known by then, under the
  stated assumptions; {_about_payment(start, lists):,} of these contacts are about a payment."""
    text = "\n\n".join((
        "### How many hear from the lender",
        _start(start, decisions, lists, on),
        _all_along(decisions, lists),
        _by_purpose(start, decisions, lists, (on, period)),
    ))  # fmt: skip
    return text, finding


def _start(start: pl.DataFrame, decisions: pl.DataFrame, lists: Lists, on: str) -> str:
    begun = shares.of_rows(start, "made")
    running = shares.of_rows(decisions.filter(pl.col("on") == mobile.START_ON), "made")
    payment = _about_payment(start, lists)
    return f"""A lender who starts on the morning of {on}, when nobody has been written to, contacts {begun.hits:,} of the {begun.n:,}
people known by then: {percent(begun.value)} ({between(begun)}). Of these contacts {payment:,} are about a payment, before or after its
day; the others tell that a loan is paid in full, how a new one works, or a short lesson. Where the strategy has run all along it
is {running.hits:,} on that morning, or {percent(running.value)} ({between(running)}): the rest have heard already."""


def _about_payment(start: pl.DataFrame, lists: Lists) -> int:
    return sum(
        n for purpose, n in _counted(start).items() if lists.purposes[purpose].purpose_class in ABOUT_PAYMENT
    )


def _all_along(decisions: pl.DataFrame, lists: Lists) -> str:
    people = mobile.reached(decisions, lists)
    anything, payment, help_ = (shares.of_rows(people, it) for it in ("anything", "a_payment", "help"))
    quiet = shares.of_rows(decisions.with_columns((~pl.col("made")).alias("quiet")), "quiet", "borrower_id")
    return f"""Over the whole time {anything.hits:,} of {anything.n:,} people get at least one contact, {payment.hits:,}
({percent(payment.value)}) at least one about a payment, and {help_.hits:,} ({percent(help_.value)}) at least one offer of help.
Nothing is said on {percent(quiet.value)} of the {quiet.n:,} days of a person."""


def _by_purpose(start: pl.DataFrame, decisions: pl.DataFrame, lists: Lists, when: tuple[str, str]) -> str:
    first, every = _counted(start), _counted(decisions)
    rows = [
        (f"`{purpose}`: {_says(lists, purpose)}", first.get(purpose, 0), n)
        for purpose, n in sorted(every.items(), key=lambda it: -it[1])
    ]
    headings = ("contacts", f"started on {when[0]}", "all along")
    period = f"{when[0]}, n = {sum(first.values()):,}, and {when[1]}, n = {sum(every.values()):,}"
    return "\n\n".join((
        table(headings, rows),
        under("contact made", sum(every.values()), period, "each morning"),
    ))  # fmt: skip


def _counted(decisions: pl.DataFrame) -> dict[str, int]:
    return dict(decisions.filter("made")["purpose"].value_counts().rows())


def _says(lists: Lists, purpose: str) -> str:
    says = lists.purposes[purpose].says
    return f"{says[0].lower()}{says[1:].rstrip('.')}"
