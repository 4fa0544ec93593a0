"""A large book cut into 64 buckets by the person's seed, so that it can be decided shard by shard.

A row lives in one bucket: its person's, or where it names nobody, that of the loan's borrower. A guarantor in another
bucket must see the loan all the same: `guests` holds copies of a loan's rows for the buckets of its other parties, of
the holds of its borrower, of what was said about it, and of the people whose clocks these rows are read by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from .tables import TABLES, Table

BUCKETS = 64
GUESTS = "guests"
_BUCKET = "bucket"
_NOWHERE = "00"


def partition(folder: Path, kept: Mapping[str, pl.LazyFrame], parts: tuple[str, ...]) -> None:
    """Replace `<part>/<table>.parquet` by `<part>/<table>/bucket=NN/` and add `guests/<part>/<table>/bucket=NN/`."""
    homes, known_in = _homes(kept), _loan_is_known_in(kept)
    guests = _Guests(kept, known_in)
    work = folder / "work" / "homes"
    work.mkdir(parents=True, exist_ok=True)
    for part in parts:
        for name in sorted(kept):
            path = folder / part / f"{name}.parquet"
            if path.is_file() and _finds_home(TABLES[name]):
                at_home = _at_home(TABLES[name], pl.scan_parquet(path), homes)
                staged = work / f"{part}-{name}.parquet"
                at_home.sink_parquet(staged)
                _write(pl.scan_parquet(staged), folder / part / name)
                _write_guests(pl.scan_parquet(staged), guests.of(TABLES[name]), folder / GUESTS / part / name)
                # Later tables still look into this one, so it goes last.
    for part in parts:
        for name in sorted(kept):
            if _finds_home(TABLES[name]):
                (folder / part / f"{name}.parquet").unlink(missing_ok=True)


def _finds_home(table: Table) -> bool:
    return bool(_ways_home(table))


def _ways_home(table: Table) -> list[str]:
    """The columns by which a row finds its bucket, the first that is filled counts."""
    own = [table.person] if table.person else []
    return own + [
        name for name in ("contact_id", "loan_id") if name in table.names and name != _own_key(table)
    ]


def _own_key(table: Table) -> str:
    """The key of a table that others point to: it finds nobody by its own name."""
    return table.key[0] if table.name in ("loans", "contacts") else ""


def _bucket_of_seed() -> pl.Expr:
    return (pl.col("seed") % BUCKETS).cast(pl.String).str.zfill(2).alias(_BUCKET)


def _homes(kept: Mapping[str, pl.LazyFrame]) -> dict[str, pl.LazyFrame]:
    """The bucket of each person, loan and contact, by the column that names it."""
    people = kept["borrowers"].select(pl.col("borrower_id"), _bucket_of_seed())
    named = {"borrower_id": people, "person_id": people.rename({"borrower_id": "person_id"})}
    for key, table, through in (("loan_id", "loans", "borrower_id"), ("contact_id", "contacts", "person_id")):
        if table in kept:
            named[key] = (
                kept[table].select(key, through).join(named[through], on=through).select(key, _BUCKET)
            )
    return named


def _at_home(table: Table, rows: pl.LazyFrame, homes: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    found = []
    for name in _ways_home(table):
        if name in homes:
            home = homes[name].rename({_BUCKET: f"home:{name}"})
            rows = rows.join(home, on=name, how="left", maintain_order="left")
            found.append(f"home:{name}")
    bucket = pl.coalesce(*found, pl.lit(_NOWHERE)).alias(_BUCKET)
    return rows.with_columns(bucket).drop(found)


def _loan_is_known_in(kept: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """Every bucket in which someone stands in the loan."""
    homes = _homes(kept)
    known = [homes["loan_id"]]
    if "parties" in kept:
        known.append(kept["parties"].join(homes["person_id"], on="person_id").select("loan_id", _BUCKET))
    return pl.concat(known).unique()


@dataclass(frozen=True)
class _Guests:
    """Which keys are needed in which buckets, whether or not they live there."""

    kept: Mapping[str, pl.LazyFrame]
    loans: pl.LazyFrame

    def of(self, table: Table) -> list[pl.LazyFrame]:
        """For each column by which rows of this table are needed: that column and the bucket."""
        if table.name == "borrowers":
            people = [self._owners, self._spoken_to]
            return [pl.concat([it.rename({"person_id": "borrower_id"}) for it in people]).unique()]
        if table.name == "contacts":
            return [self._said]
        found = [self.loans] if "loan_id" in table.names else []
        return [*found, self._owners] if table.name == "holds" else found

    @property
    def _owners(self) -> pl.LazyFrame:
        """Who took the loans: their holds rest every party, and the loan stands on their local day."""
        loans = self.kept["loans"].select("loan_id", pl.col("borrower_id").alias("person_id"))
        return self.loans.join(loans, on="loan_id").select("person_id", _BUCKET).unique()

    @property
    def _said(self) -> pl.LazyFrame:
        """Contacts about the loans, as their subject or as a further topic."""
        none = pl.LazyFrame(schema={"contact_id": pl.String, "loan_id": pl.String})
        about = [self.kept[name] for name in ("contacts", "contact_topics") if name in self.kept]
        named = [
            it.rename({"subject": "loan_id"}) if "subject" in it.collect_schema() else it for it in about
        ]
        links = pl.concat([none, *(it.select("contact_id", "loan_id") for it in named)])
        return links.join(self.loans, on="loan_id").select("contact_id", _BUCKET).unique()

    @property
    def _spoken_to(self) -> pl.LazyFrame:
        """Whom those contacts went to: what was said stands on their local day."""
        if "contacts" not in self.kept:
            return pl.LazyFrame(schema={"person_id": pl.String, _BUCKET: pl.String})
        people = self.kept["contacts"].select("contact_id", "person_id")
        return self._said.join(people, on="contact_id").select("person_id", _BUCKET).unique()


def _write_guests(rows: pl.LazyFrame, needed: list[pl.LazyFrame], target: Path) -> None:
    if not needed:
        return
    numbered = rows.with_row_index("row:")
    found = []
    for keys in needed:
        (column,) = (name for name in keys.collect_schema() if name != _BUCKET)
        there = keys.select(column, pl.col(_BUCKET).alias("guest"))
        found.append(numbered.join(there, on=column).filter(pl.col("guest") != pl.col(_BUCKET)))
    guests = pl.concat(found).unique(["row:", "guest"])
    _write(guests.drop(_BUCKET, "row:").rename({"guest": _BUCKET}), target)


def _write(rows: pl.LazyFrame, target: Path) -> None:
    rows.sink_parquet(pl.PartitionBy(target, key=_BUCKET, include_key=False), mkdir=True)
