"""The three engines, and how a test looks at what they hand back."""

from __future__ import annotations

import narwhals as nw

ENGINES = ["polars", "duckdb", "spark"]


def rows_of(frame: nw.LazyFrame) -> list[dict[str, object]]:
    """The rows, in the order of their text, for engines promise no order."""
    rows = nw.to_native(frame.collect("pyarrow")).to_pylist()
    return sorted(rows, key=lambda row: str(sorted((name, str(value)) for name, value in row.items())))
