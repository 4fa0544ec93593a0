"""Rows that were decided, on disk: moments as UTC timestamps there, as epoch seconds in the engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

if TYPE_CHECKING:
    from pyspark.sql import DataFrame as SparkFrame

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
    """One Parquet file of the frame's rows; a cluster writes several beside it, for no one machine need hold them all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if frame.implementation.is_spark_like():
        _write_on_spark(frame.to_native(), path.parent)
        return
    rows = in_polars(frame)
    moments = [
        pl.from_epoch(pl.col(name), "s").dt.replace_time_zone("UTC")
        for name in MOMENTS
        if name in rows.columns
    ]
    rows.with_columns(*moments).write_parquet(path)


def _write_on_spark(rows: SparkFrame, folder: Path) -> None:
    from pyspark.sql import functions as spark  # noqa: PLC0415 - an extra that most lenders do not install

    rows.sparkSession.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    moments = {name: spark.timestamp_seconds(name) for name in MOMENTS if name in rows.columns}
    rows.withColumns(moments).write.mode("append").parquet(str(folder))
    for left in (*folder.glob("_*"), *folder.glob(".*")):  # marks and checksums of Spark's own
        left.unlink()


def written_rows(folder: Path) -> pl.LazyFrame:
    """The rows of a folder's files as they lie on disk."""
    return pl.scan_parquet(folder / "*.parquet")


def engine_rows(folder: Path) -> nw.LazyFrame:
    """The same rows as the engine has them."""
    rows = written_rows(folder)
    names = rows.collect_schema().names()
    return nw.from_native(rows.with_columns(pl.col(name).dt.epoch("s") for name in MOMENTS if name in names))
