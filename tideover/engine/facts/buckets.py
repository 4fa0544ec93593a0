"""A large book cut into 64 buckets by the person's seed, so that it can be decided shard by shard.

A row lives in one bucket: its person's, or where it names nobody, that of the loan's borrower. A guarantor in another
bucket must see the loan all the same: `guests` holds copies of a loan's rows for the buckets of its other parties.
"""

from __future__ import annotations

from collections.abc import Mapping
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
                _write_guests(TABLES[name], pl.scan_parquet(staged), known_in, folder / GUESTS / part / name)
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


def _write_guests(table: Table, rows: pl.LazyFrame, known_in: pl.LazyFrame, target: Path) -> None:
    loan = "subject" if table.name == "contacts" else "loan_id"
    if loan in table.names:
        others = known_in.rename({"loan_id": loan, _BUCKET: "guest"})
        guests = rows.join(others, on=loan).filter(pl.col("guest") != pl.col(_BUCKET))
        _write(guests.drop(_BUCKET).rename({"guest": _BUCKET}), target)


def _write(rows: pl.LazyFrame, target: Path) -> None:
    rows.sink_parquet(pl.PartitionBy(target, key=_BUCKET, include_key=False), mkdir=True)
