"""What a strategy did so far, kept small: cells of each day, and one short row a contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import narwhals as nw
import polars as pl

from tideover.engine.measure.cells import Cell, Cells, count
from tideover.engine.measure.own_contacts import MADE

COMPACT = (
    "borrower_id", "at", "subject", "treatment", "purpose", "policy", "step", "channel", "send_at", "language", "tone",
    "lesson", "reasons", "blocked_by", "cost", "arm", "leaf", "eligible", "propensity",
)  # fmt: skip
"""The columns of a decision that a trial keeps; what is the same on every row stands in its report."""

MOMENTS = ("at", "send_at")
"""Of these the moments: UTC timestamps on disk, epoch seconds in the engine."""


@dataclass
class Tally:
    """Sums over the days of one strategy."""

    cells: list[Cell] = field(default_factory=list)
    contacts: list[pl.DataFrame] = field(default_factory=list)
    blocked: list[pl.DataFrame] = field(default_factory=list)
    topics: int = 0
    offers: dict[str, int] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)

    def add(self, decisions: pl.DataFrame) -> None:
        """Add the rows of one day."""
        self.cells += count(nw.from_native(decisions.lazy())).cells
        made = decisions.filter(pl.col("treatment").is_in(MADE))
        self.contacts.append(made.select("borrower_id", "treatment"))
        self.blocked.append(decisions.filter(pl.col("blocked_by") != "").select("borrower_id"))
        for name in ("strategy_hash", "rules_hash", "tables_hash"):
            if decisions.height:
                self.hashes[name] = decisions[name][0]

    @property
    def counted(self) -> Cells:
        """All days counted."""
        return Cells(tuple(self.cells))

    @property
    def by_person(self) -> pl.DataFrame:
        """borrower_id, contacts, calls, blocked (days): for everyone with any."""
        contacts = (
            pl.concat(self.contacts)
            .group_by("borrower_id")
            .agg(
                pl.len().cast(pl.Int64).alias("contacts"),
                (pl.col("treatment") == "human").sum().cast(pl.Int64).alias("calls"),
            )
        )
        blocked = (
            pl.concat(self.blocked).group_by("borrower_id").agg(pl.len().cast(pl.Int64).alias("blocked"))
        )
        return (
            contacts.join(blocked, on="borrower_id", how="full", coalesce=True)
            .fill_null(0)
            .sort("borrower_id")
        )

    def frequency(self, people: int) -> Mapping[int, int]:
        """How many people got how many contacts, zero included."""
        times = self.by_person["contacts"].value_counts().rows()
        found = {n: rows for n, rows in times if n}
        return dict(sorted({0: people - sum(found.values()), **found}.items()))
