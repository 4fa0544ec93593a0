"""write_book: frames of any source become a book on disk."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from .buckets import BUCKETS, partition
from .needed import check_known, check_needed, empty_book
from .quality import Quality, TableQuality
from .reading import Reading
from .reconcile import findings_of
from .refusals import BookRefused, TableUnusable, TooManyBadRows, explained
from .staging import CURRENT, HISTORY, Site, build_table
from .stamp import FORMAT, Stamp, checksums_of
from .stamp import NAME as STAMP
from .tables import TABLES

Frames = Mapping[str, pl.LazyFrame | pl.DataFrame]
Progress = Callable[[str, int, int], None]

LARGEST_UNPARTITIONED = 1_250_000
"""Borrowers above which a book is cut into buckets: a million with those who stand in for them is read whole."""

_PARENTS_FIRST = ("borrowers", "loans", "contacts")
_ESSENTIAL = ("borrowers", "loans", "instalments", "standings")


def write_book(  # noqa: PLR0913 - each says one more thing of the book
    frames: Frames,
    out: Path,
    *,
    source: str,
    assumes: Mapping[str, object],
    checked: bool = True,
    progress: Progress | None = None,
    created_at: int | None = None,
    max_bad_share: float = 0.05,
    history: bool = True,
) -> Quality:
    """Make a book of tables named as in TABLES and put it at `out`, in place of an earlier one, if it is good enough.

    Values may come as text, or in the types of the disk or of the engine. `created_at` (epoch seconds) is when the
    data left its source: what was recorded later is set aside; without it the latest `recorded_at` stands in.
    `checked=False` believes every row. `history=False` keeps of each key what it says now, and no past moment can be
    looked up. A book refused for its bad rows leaves `out` as it was; its rows lie in
    `<out>.refused`.
    """
    check_known(frames)
    check_needed(frames, where=f"found: {', '.join(frames) or 'nothing'}")
    _check_place(out)
    with _building(out, keeps_history=history) as site:
        tables = _build_tables(site, frames, checked=checked, created_at=created_at, progress=progress)
        quality = Quality(
            checked=checked,
            tables=tables,
            missing={name: table.cost_if_missing for name, table in TABLES.items() if name not in frames},
            findings=findings_of(site.kept) if checked else [],
        )
        quality.write(site.folder)
        _check_quality(quality, site, out, max_bad_share)
        stamp = _stamp(site, quality, source=source, assumes=assumes, created_at=created_at)
        stamp.write(site.folder)
        _replace(site.folder, out)
    return quality


def _check_place(out: Path) -> None:
    if out.exists() and not (out.is_dir() and ((out / STAMP).is_file() or not any(out.iterdir()))):
        raise BookRefused(
            explained(
                "A book cannot be written there: something else is in the way.",
                where=str(out),
                expected="a new folder, an empty one, or an earlier book",
                do="choose another folder",
            )
        )


@contextmanager
def _building(out: Path, *, keeps_history: bool) -> Iterator[Site]:
    """A folder beside `out`, of this import alone, so that `out` is replaced in one move or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".building", dir=out.parent))
    folder.chmod(0o755)  # a book is for everyone the folder around it is for
    try:
        yield Site(folder, keeps_history=keeps_history)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _replace(folder: Path, out: Path) -> None:
    if out.exists():
        shutil.rmtree(out)
    folder.rename(out)


def _build_tables(
    site: Site, frames: Frames, *, checked: bool, created_at: int | None, progress: Progress | None
) -> dict[str, TableQuality]:
    readings = {
        name: Reading(TABLES[name], frames[name].lazy(), site.kept, created_at) for name in _in_order(frames)
    }
    _check_shapes(readings)
    found: dict[str, TableQuality] = {}
    for done, (name, reading) in enumerate(readings.items()):
        if progress:
            progress(name, done, len(readings))
        found[name] = build_table(site, reading, checked=checked)
        if name == "borrowers" and not found[name].rows:
            raise empty_book()
    return found


def _in_order(frames: Frames) -> list[str]:
    """Tables others point to come first."""
    return [
        name
        for name in (*_PARENTS_FIRST, *(it for it in TABLES if it not in _PARENTS_FIRST))
        if name in frames
    ]


def _check_shapes(readings: Mapping[str, Reading]) -> None:
    errors = [f"{name}.{error}" for name, reading in readings.items() for error in reading.shape_errors()]
    if errors:
        raise TableUnusable(
            explained(
                "Some columns are missing or hold something else:\n  - " + "\n  - ".join(errors),
                where=", ".join(sorted({error.partition(".")[0] for error in errors})),
                expected="the columns of the facts contract; recorded_at says when a row became known",
                do="rename or convert them, or import the files with a mapping (`tideover import`), "
                "which also says which date stands in for recorded_at",
            )
        )


def _check_quality(quality: Quality, site: Site, out: Path, max_bad_share: float) -> None:
    shares = {
        name: table.bad / table.rows
        for name, table in quality.tables.items()
        if name in _ESSENTIAL and table.rows and table.bad / table.rows > max_bad_share
    }
    if not shares and quality.bad_share <= max_bad_share:
        return
    refused = out.with_name(f"{out.name}.refused")
    shutil.rmtree(refused, ignore_errors=True)
    site.clear_work()
    _replace(site.folder, refused)
    raise TooManyBadRows(
        explained(
            f"Too many rows are bad: {quality.bad_share:.1%} of all"
            + "".join(f", {share:.1%} of {name}" for name, share in shares.items())
            + ".\n  - "
            + "\n  - ".join(line for line in quality.said() if "set aside" in line),
            where=f"the rows lie in {refused / 'set_aside'} with a reason each",
            expected=f"at most {max_bad_share:.0%} bad rows",
            do="mend the export or its mapping and import again; allow a larger share only if you know why it is bad",
        )
    )


def _stamp(
    site: Site, quality: Quality, *, source: str, assumes: Mapping[str, object], created_at: int | None
) -> Stamp:
    rows = {name: _count(frame) for name, frame in site.kept.items()}
    latest = {name: at for name, frame in site.kept.items() if (at := _latest(frame)) is not None}
    currencies = site.kept["loans"].select(pl.col("currency").unique()).collect()["currency"].to_list()
    partitioned = rows["borrowers"] > LARGEST_UNPARTITIONED
    if partitioned:
        partition(site.folder, site.kept, (CURRENT, HISTORY))
    site.clear_work()
    return Stamp(
        format=FORMAT,
        source=source,
        created_at=created_at if created_at is not None else max(latest.values(), default=0),
        assumes=sorted(assumes),
        assumed=dict(assumes),
        currency=currencies[0] if len(currencies) == 1 else None,
        checked=quality.checked,
        bad_share=round(quality.bad_share, 6),
        buckets=BUCKETS if partitioned else None,
        latest_recorded_at=latest,
        rows=rows,
        versions={name: it.kept for name, it in quality.tables.items() if it.kept > rows[name]}
        if site.keeps_history
        else {},
        checksums=checksums_of(site.folder),
    )


def _count(frame: pl.LazyFrame) -> int:
    return int(frame.select(pl.len()).collect().item())


def _latest(frame: pl.LazyFrame) -> int | None:
    at = frame.select(pl.col("recorded_at").max().dt.epoch("s")).collect().item()
    return None if at is None else int(at)
