"""The contacts a strategy makes in a trial: the next day it must live with them, as with any it made in earnest."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tideover.engine.decision.decide import Decisions
from tideover.engine.decision.whole_book import in_polars
from tideover.engine.facts import TABLES
from tideover.engine.facts.tables import Kind

MADE = ("contact", "human")
BY_A_PERSON = "call"
"""A duty for which no moment was found goes to a person, who is taken to call on the day itself."""

KNOWN_AFTER = 1
"""Seconds after its decision a contact is known, so that a replay of the decision does not see what came of it."""

_TYPES = {Kind.COUNT: pl.Int64, Kind.MONEY: pl.Int64, Kind.MOMENT: pl.Int64, Kind.DAY: pl.Int64}


@dataclass
class OwnContacts:
    """What one strategy has said so far. Nobody answers: a trial knows no reply to a message that was never sent."""

    contacts: list[pl.DataFrame] = field(default_factory=list)
    topics: list[pl.DataFrame] = field(default_factory=list)

    def rows(self, at: int) -> dict[str, pl.DataFrame]:
        """These contacts as rows of the book's tables, as they stand at that moment."""
        own = {"contacts": [_as_known(it, at) for it in self.contacts], "contact_topics": self.topics}
        return {name: pl.concat(rows) for name, rows in own.items() if rows}

    def add(self, decided: Decisions, decisions: pl.DataFrame, at: int) -> None:
        """Make the contacts of a day. `decisions` are the rows of `decided`, computed."""
        made = decisions.filter(pl.col("treatment").is_in(MADE))
        self.contacts.append(_contacts(made))
        topics = in_polars(decided.topics)
        further = topics.filter(pl.col("is_main") == 0).join(made, on="decision_id", how="semi")
        self.topics.append(
            _typed(
                "contact_topics",
                further.select(
                    pl.col("decision_id").alias("contact_id"),
                    pl.col("subject").alias("loan_id"),
                    pl.lit(at + KNOWN_AFTER, pl.Int64).alias("recorded_at"),
                ),
            )
        )

    def write(self, folder: Path) -> None:
        """Write contacts.parquet and contact_topics.parquet, as a book has them; moments are UTC timestamps."""
        for table, rows in (("contacts", self.contacts), ("contact_topics", self.topics)):
            moments = [it.name for it in TABLES[table].every if it.kind is Kind.MOMENT]
            on_disk = pl.from_epoch(pl.col(moments), "s").cast(pl.Datetime("us", "UTC"))
            pl.concat(rows).with_columns(on_disk).write_parquet(
                folder / f"{table}.parquet", compression="zstd"
            )


def _contacts(made: pl.DataFrame) -> pl.DataFrame:
    return _typed(
        "contacts",
        made.select(
            pl.col("decision_id").alias("contact_id"),
            pl.col("borrower_id").alias("person_id"),
            pl.col("channel").fill_null(BY_A_PERSON),
            "purpose",
            pl.col("subject").fill_null(""),
            pl.col("send_at").fill_null(pl.col("at")),
            "use_by",
            pl.lit("queued").alias("state"),
            pl.lit(None, pl.String).alias("outcome"),
            "cost",
            "decision_id",
            (pl.col("at") + KNOWN_AFTER).alias("recorded_at"),
        ),
    )


def _as_known(contacts: pl.DataFrame, at: int) -> pl.DataFrame:
    left = pl.col("send_at") <= at
    return contacts.with_columns(
        pl.when(left).then(pl.lit("accepted")).otherwise(pl.lit("queued")).alias("state")
    )


def _typed(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    columns = TABLES[table].every
    return rows.select(pl.col(it.name).cast(_TYPES.get(it.kind, pl.String)) for it in columns)
