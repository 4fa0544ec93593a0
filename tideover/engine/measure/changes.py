"""Who is treated in another way by the second strategy, and why: day by day, person by person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from tideover.engine.measure.intervals import Estimate, of_mean
from tideover.engine.measure.report import Change, Situation

GRAIN = ("treatment", "policy", "step", "because")
SHOWN = 40
"""The changes told apart; the many small ones after them are told as one number."""


@dataclass
class Changes:
    """Rows of two strategies that differ. Kept as one short row each, counted at the end."""

    same: int = 0
    differing: list[pl.DataFrame] = field(default_factory=list)

    def add(self, first: pl.DataFrame, second: pl.DataFrame) -> None:
        """Compare one day."""
        pairs = _situations(first, "was").join(
            _situations(second, "now"), on=["borrower_id", "at"], how="inner"
        )
        differ = pairs.filter(pl.col("was") != pl.col("now"))
        self.same += pairs.height - differ.height
        self.differing.append(differ)

    @property
    def rows(self) -> int:
        return sum(it.height for it in self.differing)

    def counted(self) -> tuple[Change, ...]:
        """From what to what, the most people first."""
        if not self.rows:
            return ()
        found = (
            pl.concat(self.differing)
            .group_by("was", "now")
            .agg(
                pl.len().alias("rows"),
                pl.col("borrower_id").n_unique().alias("people"),
                pl.col("borrower_id").min().alias("example"),
                pl.col("at").sort_by("borrower_id", "at").first().alias("example_at"),
            )
        )
        found = found.sort(["people", "rows", "was", "now"], descending=[True, True, False, False])
        return tuple(_change(row) for row in found.iter_rows(named=True))

    def days_by_person(self) -> pl.DataFrame:
        """borrower_id, changed: on how many days the person is treated differently."""
        empty = pl.DataFrame(schema={"borrower_id": pl.String, "changed": pl.Int64})
        if not self.rows:
            return empty
        return pl.concat(self.differing).group_by("borrower_id").agg(pl.len().cast(pl.Int64).alias("changed"))


def _situations(decisions: pl.DataFrame, name: str) -> pl.DataFrame:
    because = pl.col("reasons").fill_null("").str.split(",").list.first()
    parts = [pl.col("treatment"), pl.col("policy").fill_null(""), pl.col("step").fill_null(""), because]
    return decisions.select(
        "borrower_id", "at", pl.concat_str(*parts, separator="|").cast(pl.Categorical).alias(name)
    )


def _change(row: dict[str, object]) -> Change:
    was, now = (Situation(*str(row[name]).split("|")) for name in ("was", "now"))
    rows, people, at = (int(str(row[name])) for name in ("rows", "people", "example_at"))
    return Change(was, now, rows, people, (str(row["example"]), at))


def contacts_apart(sides: Sequence[pl.DataFrame], people: int, of: int) -> Estimate:
    """Contacts a person under the second strategy less those under the first; each person is her own comparison."""
    first, second = (side.select("borrower_id", "contacts") for side in sides)
    both = first.join(second, on="borrower_id", how="full", coalesce=True, suffix="_second").fill_null(0)
    apart = both["contacts_second"] - both["contacts"]
    return of_mean(float(apart.sum()), float((apart * apart).sum()), people, of)
