"""Places in a plan of the embedded engine that are filled after it was built."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import polars as pl

from .tables import TABLES, Kind


class Slot:
    """A place in a plan that is filled later: one frame of a known schema."""

    def __init__(self, schema: Mapping[str, pl.DataType]) -> None:
        self.schema = dict(schema)
        self.frame = pl.DataFrame(schema=self.schema)

    def lazy(self) -> nw.LazyFrame:
        """The frame of the moment at which the plan runs."""
        empty = pl.LazyFrame(schema=self.schema)
        return nw.from_native(
            empty.map_batches(
                lambda _: self.frame,
                schema=self.schema,
                predicate_pushdown=False,
                projection_pushdown=False,
                slice_pushdown=False,
            )
        )


def engine_schema(table: str) -> dict[str, pl.DataType]:
    """The columns of a contract table in engine types."""
    types: dict[Kind, pl.DataType] = {
        Kind.KEY: pl.String(), Kind.TEXT: pl.String(), Kind.CODE: pl.String(), Kind.FLAG: pl.Boolean()
    }  # fmt: skip
    return {column.name: types.get(column.kind, pl.Int64()) for column in TABLES[table].every}
