"""What the decision asks of each data engine besides reading: small tables in, and frames settled once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pyarrow as pa

from tideover.engine.facts.sources import DuckEngine, Engine, PolarsEngine, SparkEngine

Columns = Mapping[str, Sequence[object]]
Types = Mapping[str, type[nw.dtypes.DType]]
_POLARS: dict[type[nw.dtypes.DType], type[pl.DataType]] = {
    nw.String: pl.String,
    nw.Int64: pl.Int64,
    nw.Boolean: pl.Boolean,
}
_ARROW = {nw.String: pa.string(), nw.Int64: pa.int64(), nw.Boolean: pa.bool_()}
_SPARK = {nw.String: "string", nw.Int64: "bigint", nw.Boolean: "boolean"}


class PolarsBackend:
    """In this process: many rows are reduced as they stream by, and what is left is joined in memory."""

    def table(self, columns: Columns, types: Types) -> nw.LazyFrame:
        """A small table held in memory."""
        made = {
            name: pl.Series(name, list(columns[name]), dtype=_POLARS[it], strict=False)
            for name, it in types.items()
        }
        return nw.from_native(pl.DataFrame(made).lazy())

    def settle(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Computed now and kept in memory."""
        native: pl.LazyFrame = frame.to_native()
        return nw.from_native(native.collect(engine="in-memory").lazy())

    def reduce(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Computed now, never holding all the rows that are read."""
        native: pl.LazyFrame = frame.to_native()
        return nw.from_native(native.collect(engine="streaming").lazy())

    def pause(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Polars plans long chains as fast as short ones."""
        return frame


class PlannedBackend(PolarsBackend):
    """For a plan that is built before there are rows: nothing is computed on the way."""

    def reduce(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Left for when the plan runs."""
        return frame


class DuckBackend:
    """One connection for a whole decision; settled frames become temporary tables."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.names = (f"settled_{i}" for i in count())

    def table(self, columns: Columns, types: Types) -> nw.LazyFrame:
        """A small table held as Arrow."""
        arrow = pa.table({name: pa.array(list(columns[name]), type=_ARROW[it]) for name, it in types.items()})
        name = next(self.names)
        self.connection.register(f"{name}_arrow", arrow)
        self.connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {name}_arrow")  # noqa: S608 - names of ours
        self.connection.unregister(f"{name}_arrow")
        return nw.from_native(self.connection.table(name))

    def settle(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Computed now and kept in a temporary table."""
        name = next(self.names)
        native: duckdb.DuckDBPyRelation = frame.to_native()
        native.create(name)
        return nw.from_native(self.connection.table(name))

    def reduce(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """A temporary table, so that a long plan is bound in pieces."""
        return self.settle(frame)

    def pause(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """DuckDB binds the whole chain again at each step."""
        return self.settle(frame)


class SparkBackend:
    """On a session; settled frames are cached, and their lineage is cut so that plans stay short."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def table(self, columns: Columns, types: Types) -> nw.LazyFrame:
        """A small table made from rows."""
        schema = ", ".join(f"`{name}` {_SPARK[it]}" for name, it in types.items())
        rows = list(zip(*(list(columns[name]) for name in types), strict=True))
        made: nw.LazyFrame = nw.from_native(self.session.createDataFrame(rows, schema))
        return made

    def settle(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Computed now and kept by the executors."""
        kept: nw.LazyFrame = nw.from_native(frame.to_native().localCheckpoint(eager=True))
        return kept

    def reduce(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Spark joins what it groups in one pass."""
        return frame

    def pause(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Spark's optimiser is patient; shuffles cost more than planning."""
        return frame


def backend_of(engine: Engine) -> PolarsBackend | DuckBackend | SparkBackend:
    """The backend that goes with a reading engine."""
    match engine:
        case PolarsEngine():
            return PolarsBackend()
        case DuckEngine():
            return DuckBackend(engine._connection)
        case SparkEngine():
            return SparkBackend(engine._session)
        case _:
            raise TypeError(f"no backend for {type(engine).__name__}")
