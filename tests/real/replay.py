"""A book decided moment after moment, each from what was known then, with the contacts the strategy itself has made.

A contact is made when it is decided for now, or when it waits for a moment that comes before the next look.
Nobody answers: the data knows no reply to a message that was never sent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from tideover.engine.decision.decide import Decisions
from tideover.engine.decision.setup import Setup
from tideover.engine.facts import Book
from tideover.engine.facts.slots import engine_schema
from tideover.engine.measure.before import ALWAYS_READ
from tideover.engine.measure.own_contacts import MADE

DAY = 86_400
REMEMBERED_DAYS = 400
KEPT = (
    "borrower_id", "at", "subject", "treatment", "purpose", "policy", "step", "channel", "send_at", "blocked_by",
    "arm", "leaf",
)  # fmt: skip
Tell = Callable[[str], None]


def replay(book: Book, setup: Setup, moments: Sequence[int], tell: Tell = lambda _: None) -> pl.DataFrame:
    """One row a person and moment: KEPT, `because` (the first reason), and `made`: does the contact go out?"""
    own, rows = _Own(), []
    for number, at in enumerate(moments):
        following = moments[number + 1] if number + 1 < len(moments) else at + (at - moments[number - 1])
        made = _decided(book, setup, at, own)
        if made is None:
            continue
        decisions = made.decisions.collect().to_native().with_columns(goes_out(following))
        own.add(decisions, made.topics.collect().to_native(), at)
        rows.append(decisions.select(*KEPT, because(), "made"))
        if number % 50 == 0:
            tell(f"{number + 1} of {len(moments)} looks")
    return pl.concat(rows).with_columns(pl.from_epoch("at", "s").dt.date().alias("on"))


def one_look(book: Book, setup: Setup, at: int) -> pl.DataFrame:
    """The decisions of a lender who starts at this moment: the book as it is, and no contact made before."""
    made = _decided(book, setup, at, _Own())
    if made is None:
        raise ValueError("Nobody is known at this moment.")
    decisions = made.decisions.collect().to_native()
    return decisions.with_columns(goes_out(at + DAY), because())


def goes_out(following: int) -> pl.Expr:
    """Whether a decided contact is made before the next look."""
    waits = (pl.col("treatment") == "wait") & (pl.col("send_at") < following)
    return (pl.col("treatment").is_in(MADE) | waits.fill_null(False)).alias("made")


def because() -> pl.Expr:
    """The first reason of a decision."""
    return pl.col("reasons").str.split(",").list.first().alias("because")


def _decided(book: Book, setup: Setup, at: int, own: "_Own") -> Decisions | None:
    prepared = setup.prepared(at, book.assumes)
    known = book.as_of(at)
    wanted = [name for name in sorted(set(prepared.recorded) | ALWAYS_READ) if name in known.tables]
    tables = {name: known.frame(name).to_native().collect() for name in wanted}
    if tables["borrowers"].is_empty():
        return None
    return prepared.run({**tables, **own.tables(at)}, at)


@dataclass
class _Own:
    """The contacts made so far, as rows of the contract."""

    contacts: list[pl.DataFrame] = field(default_factory=list)
    topics: list[pl.DataFrame] = field(default_factory=list)

    def tables(self, at: int) -> dict[str, pl.DataFrame]:
        if not self.contacts:
            return {}
        self.contacts = [pl.concat(self.contacts).filter(pl.col("send_at") > at - REMEMBERED_DAYS * DAY)]
        self.topics = [pl.concat(self.topics)]
        return {"contacts": self.contacts[0], "contact_topics": self.topics[0]}

    def add(self, decisions: pl.DataFrame, topics: pl.DataFrame, at: int) -> None:
        made = decisions.filter("made")
        sent = made.select(
            pl.col("decision_id").alias("contact_id"),
            pl.col("borrower_id").alias("person_id"),
            pl.col("channel").fill_null("call"),
            "purpose",
            "subject",
            pl.col("send_at").fill_null(at),
            pl.lit("accepted").alias("state"),
            pl.lit(at).alias("recorded_at"),
        )
        further = topics.filter(pl.col("is_main") == 0).join(made, on="decision_id", how="semi")
        about = further.select(
            pl.col("decision_id").alias("contact_id"),
            pl.col("subject").alias("loan_id"),
            pl.lit(at).alias("recorded_at"),
        )
        self.contacts.append(_as_rows_of("contacts", sent))
        self.topics.append(_as_rows_of("contact_topics", about))


def _as_rows_of(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    schema = engine_schema(table)
    empty = [pl.lit(None).alias(name) for name in schema if name not in rows.columns]
    return rows.with_columns(empty).select(pl.col(name).cast(kind) for name, kind in schema.items())
