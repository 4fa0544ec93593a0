"""The differences on disk: Parquet for whoever counts, CSV for whoever reads; no text of others becomes a formula."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from tideover.kit.cells import harmless

if TYPE_CHECKING:
    from tideover.engine.measure.shadow import Beside

MOMENTS = ("their_moment", "our_send_at", "allowed_at")


def write_differences(found: Beside, out: Path) -> None:
    """differences.parquet and .csv, set_aside.csv."""
    out.mkdir(parents=True, exist_ok=True)
    moments = [pl.from_epoch(pl.col(it), "s").dt.replace_time_zone("UTC") for it in MOMENTS]
    rows = found.differences.with_columns(*moments)
    rows.write_parquet(out / "differences.parquet")
    _write_csv(rows, out / "differences.csv")
    _write_csv(found.set_aside, out / "set_aside.csv")


def _write_csv(rows: pl.DataFrame, path: Path) -> None:
    """With a mark of its encoding, so that a spreadsheet reads every script."""
    texts = [
        pl.col(it).map_elements(harmless, return_dtype=pl.String)
        for it, kind in rows.schema.items()
        if kind == pl.String
    ]
    rows.with_columns(*texts).write_csv(path, include_bom=True, datetime_format="%Y-%m-%dT%H:%M:%SZ")
