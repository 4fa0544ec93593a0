"""Which of the 64 buckets of a large book each row of a chunk belongs to, and who else must see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from tideover.engine.facts.buckets import BUCKETS
from tideover.engine.facts.made_up._frames import Tables
from tideover.engine.facts.tables import Table

_BUCKET, _GUEST = "bucket", "guest"
_ROWS_AT_ONCE = 6_000_000
"""Rows held in memory while a table is cut into buckets."""


def finds_home(table: Table) -> bool:
    """Whether rows of this table belong to somebody; those of the lender belong to nobody."""
    return _way_home(table) != ""


def _way_home(table: Table) -> str:
    """The column that leads to a person: the person, or else the contact, or else the loan."""
    if table.person:
        return table.person
    return next((name for name in ("contact_id", "loan_id") if name in table.names), "")


@dataclass(frozen=True)
class Homes:
    """The bucket of everybody and everything in a chunk; families are never split over chunks."""

    of_name: dict[str, pl.DataFrame]
    """By the column that names it: that column and `bucket`."""
    known_in: pl.DataFrame
    """loan_id and `guest`: every bucket in which somebody stands in the loan."""

    @classmethod
    def of(cls, tables: Tables) -> Homes:
        """As the people, loans, contacts and parties of the chunk say."""
        people = tables["borrowers"].latest.select("borrower_id", (pl.col("seed") % BUCKETS).alias(_BUCKET))
        persons = people.rename({"borrower_id": "person_id"})
        loans = tables["loans"].latest.select("loan_id", "borrower_id").join(people, on="borrower_id")
        contacts = tables["contacts"].latest.select("contact_id", "person_id").join(persons, on="person_id")
        parties = tables["parties"].latest.select("loan_id", "person_id").join(persons, on="person_id")
        known = pl.concat([loans.select("loan_id", _BUCKET), parties.select("loan_id", _BUCKET)]).unique()
        return cls(
            {"borrower_id": people, "person_id": persons, "loan_id": loans, "contact_id": contacts},
            known.rename({_BUCKET: _GUEST}).sort("loan_id", _GUEST),
        )

    def at_home(self, table: Table, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with their bucket."""
        way = _way_home(table)
        return rows.join(self.of_name[way].select(way, _BUCKET), on=way, how="left", maintain_order="left")

    def guests(self, table: Table, rows: pl.DataFrame) -> pl.DataFrame | None:
        """Copies of what is about a loan, for the buckets of everyone else who stands in it."""
        loan = "subject" if table.name == "contacts" else "loan_id"
        if loan not in rows.columns:
            return None
        visiting = rows.join(self.known_in.rename({"loan_id": loan}), on=loan, maintain_order="left_right")
        return visiting.filter(pl.col(_GUEST) != pl.col(_BUCKET)).drop(_BUCKET).rename({_GUEST: _BUCKET})


def cut_into_buckets(files: list[Path], target: Path, compression: Literal["lz4"]) -> None:
    """Some parts at a time; within a bucket rows stay in order of borrowers."""
    for number, group in enumerate(_groups(files)):
        rows = pl.read_parquet(group)
        for (bucket,), own in rows.partition_by(_BUCKET, as_dict=True, include_key=False).items():
            folder = target / f"bucket={bucket:02}"
            folder.mkdir(parents=True, exist_ok=True)
            own.write_parquet(folder / f"{number:04}.parquet", compression=compression)


def _groups(files: list[Path]) -> Iterator[list[Path]]:
    group: list[Path] = []
    count = 0
    for file in files:
        group.append(file)
        count += int(pl.scan_parquet(file).select(pl.len()).collect().item())
        if count >= _ROWS_AT_ONCE:
            yield group
            group, count = [], 0
    if group:
        yield group
