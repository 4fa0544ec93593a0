"""Rows that were decided, on disk: moments as UTC timestamps there, as epoch seconds in the engine."""

from __future__ import annotations

from pathlib import Path

import narwhals as nw
import polars as pl

MOMENTS = ("at", "send_at", "use_by", "next_review_at")


def in_polars(frame: nw.LazyFrame) -> pl.DataFrame:
    """The rows of a frame of any engine."""
    native = frame.to_native()
    if isinstance(native, pl.LazyFrame):
        return native.collect()
    made = pl.from_arrow(frame.collect().to_arrow())
    if not isinstance(made, pl.DataFrame):
        raise TypeError("a frame became a column")
    return made


def write_rows(frame: nw.LazyFrame, path: Path) -> None:
    """One Parquet file of the frame's rows."""
    rows = in_polars(frame)
    path.parent.mkdir(parents=True, exist_ok=True)
    moments = [
        pl.from_epoch(pl.col(name), "s").dt.replace_time_zone("UTC")
        for name in MOMENTS
        if name in rows.columns
    ]
    rows.with_columns(*moments).write_parquet(path)


def written_rows(folder: Path) -> pl.LazyFrame:
    """The rows of a folder's files as they lie on disk."""
    return pl.scan_parquet(folder / "*.parquet")


def engine_rows(folder: Path) -> nw.LazyFrame:
    """The same rows as the engine has them."""
    rows = written_rows(folder)
    names = rows.collect_schema().names()
    return nw.from_native(rows.with_columns(pl.col(name).dt.epoch("s") for name in MOMENTS if name in names))
