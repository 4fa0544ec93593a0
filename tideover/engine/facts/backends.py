"""The data engines behind narwhals: small tables in, frames settled once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals as nw
import polars as pl

Columns = Mapping[str, Sequence[object]]
Types = Mapping[str, type[nw.dtypes.DType]]
_POLARS = {nw.String: pl.String, nw.Int64: pl.Int64, nw.Boolean: pl.Boolean}


class PolarsBackend:
    """The embedded default: streaming collects, several threads."""

    def table(self, columns: Columns, types: Types) -> nw.LazyFrame:
        """A small table held in memory."""
        schema = {name: _POLARS[type_] for name, type_ in types.items()}
        data = {name: pl.Series(name, list(columns[name]), dtype=dtype, strict=False) for name, dtype in schema.items()}
        return nw.from_native(pl.DataFrame(data).lazy())

    def settle(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Computed now and kept in memory."""
        native: pl.LazyFrame = frame.to_native()
        return nw.from_native(native.collect(engine="streaming").lazy())
