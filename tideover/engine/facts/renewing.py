"""renew_book: newer versions of rows go into a book on disk, so that a night need not write all of it again.

Only `current` is kept up: what each key says now. A book with history, or cut into buckets, is written anew instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from .reading import Reading
from .shelves import Shelf
from .staging import CURRENT, HISTORY, with_seed
from .stamp import FileStamp, Stamp, read_stamp, stamp_of
from .tables import TABLES, Table

MOST_FILES = 12
"""Files of one table above which they become one again."""


def can_renew(folder: Path) -> bool:
    """Is there a whole book without history that newer rows can go into?"""
    if not (folder / "book.yaml").is_file():
        return False
    stamp = read_stamp(folder)
    return stamp.buckets is None and not (folder / HISTORY).exists()


def renew_book(
    folder: Path, new: Mapping[str, pl.DataFrame], *, assumes: Mapping[str, object], created_at: int
) -> None:
    """Add rows, in the types of the engine or the disk and believed as they are; of each key the latest version stays.

    Rows that came later stand after those that came earlier. The stamp is written last: a book that was left halfway
    does not fit its stamp, and is refused when it is opened.
    """
    shelf = Shelf(folder, read_stamp(folder))
    latest = {name: at for name, rows in new.items() if (at := _renew(shelf, TABLES[name], rows))}
    stamp = shelf.stamp
    changed = {name: _rows(shelf, TABLES[name]) for name in latest}
    stamp.model_copy(
        update={
            "created_at": created_at,
            "assumes": sorted(assumes),
            "assumed": dict(assumes),
            "latest_recorded_at": stamp.latest_recorded_at | {
                name: max(at, stamp.latest_recorded_at.get(name, at)) for name, at in latest.items()
            },
            "rows": stamp.rows | changed,
            "currency": _currency(shelf) if "loans" in changed else stamp.currency,
            "checksums": _checksums(folder, stamp),
        }
    ).write(folder)  # fmt: skip


def _renew(shelf: Shelf, table: Table, rows: pl.DataFrame) -> int:
    """One table; when its latest row was recorded, or 0 where there was nothing new."""
    read = with_seed(Reading(table, rows.lazy()), Reading(table, rows.lazy()).unchecked()).collect()
    keys = list(table.key)
    delta = read.sort("recorded_at", maintain_order=True).unique(keys, keep="last", maintain_order=True)
    files = list(shelf.files(table, CURRENT))
    old = _known(files, delta.select(keys), keys)
    newer = delta.join(old, on=keys, how="left").filter(
        pl.col("was:").is_null() | (pl.col("recorded_at") >= pl.col("was:"))
    )
    if newer.is_empty():
        return 0
    replaced = newer.filter(pl.col("was:").is_not_null()).select(keys)
    place = shelf.folder / CURRENT / table.name
    if files and (replaced.height or len(files) >= MOST_FILES):
        kept = pl.scan_parquet(files).join(replaced.lazy(), on=keys, how="anti")
        kept.sink_parquet(_next(place), mkdir=True)
        for it in files:
            it.unlink()
    elif files and files[0].parent != place and files[0].name == f"{table.name}.parquet":
        further = _next(place)
        further.parent.mkdir(parents=True)
        files[0].rename(further)
    path = _next(place)
    path.parent.mkdir(parents=True)
    newer.drop("was:").write_parquet(path)
    return int(newer["recorded_at"].dt.epoch("s").max() or 0)  # type: ignore[arg-type]


def _known(files: list[Path], keys_of: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The keys that are there already, with when what they say was recorded."""
    if not files:
        return keys_of.head(0).with_columns(pl.lit(None, pl.Datetime("us", "UTC")).alias("was:"))
    rows = pl.scan_parquet(files).select(*keys, pl.col("recorded_at").alias("was:"))
    return rows.join(keys_of.lazy(), on=keys, how="semi").collect(engine="streaming")


def _next(place: Path) -> Path:
    """The next file of a table: each in a folder of its own, as the pieces of a book are."""
    last = max((int(it.name) for it in place.glob("*") if it.name.isdigit()), default=-1)
    return place / f"{last + 1:04}" / "rows.parquet"


def _rows(shelf: Shelf, table: Table) -> int:
    files = list(shelf.files(table, CURRENT))
    return int(pl.scan_parquet(files).select(pl.len()).collect().item())


def _currency(shelf: Shelf) -> str | None:
    loans = pl.scan_parquet(list(shelf.files(TABLES["loans"], CURRENT)))
    found = loans.select(pl.col("currency").unique()).collect()["currency"].to_list()
    return found[0] if len(found) == 1 else None


def _checksums(folder: Path, stamp: Stamp) -> dict[str, FileStamp]:
    """Of every file; what has the name it had is as it was, for no file is written twice."""
    names = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.parquet"))}
    return {name: stamp.checksums.get(name) or stamp_of(path) for name, path in names.items()}
