"""The one place that opens a data engine for reading: Polars (embedded), DuckDB (a second opinion), Spark (a cluster).

Every engine reads the same Parquet files and hands back the same columns in engine types: days and moments are int64.
The casts are the whole difference between engines; what follows is narwhals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import duckdb
import narwhals as nw
import polars as pl

from .refusals import BookRefused, explained

if TYPE_CHECKING:
    from pyspark.sql import Column as SparkColumn
    from pyspark.sql import SparkSession


class Cast(Enum):
    """How a value on disk becomes one in the engine."""

    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    TEXT = "text"
    FLAG = "flag"
    OTHER = "other"  # a source's own column, taken as it is


@dataclass(frozen=True)
class Wanted:
    """A column to read; `absent` ones are not in the files and read as `stand_in`."""

    name: str
    cast: Cast
    absent: bool = False
    stand_in: str | int | None = None


class Engine(Protocol):
    """What reads Parquet files into a lazy frame of engine types."""

    name: str
    shares_work: bool
    """Spreads a whole book over its own workers, so that cutting it into shards only adds waiting."""

    def scan(self, files: Sequence[Path], wanted: Sequence[Wanted]) -> nw.LazyFrame:
        """The wanted columns of the files, which all have the same columns; of no files, an empty frame."""
        ...


class PolarsEngine:
    """In this process, lazily, on all cores."""

    name = "polars"
    shares_work = False

    def scan(self, files: Sequence[Path], wanted: Sequence[Wanted]) -> nw.LazyFrame:
        if not files:
            return nw.from_native(pl.LazyFrame(schema={it.name: _POLARS[it.cast] for it in wanted}))
        rows = pl.scan_parquet(list(files), hive_partitioning=False)
        return nw.from_native(rows.select(_in_polars(it).alias(it.name) for it in wanted))


_POLARS: dict[Cast, type[pl.DataType]] = {
    Cast.NUMBER: pl.Int64,
    Cast.DAY: pl.Int64,
    Cast.MOMENT: pl.Int64,
    Cast.TEXT: pl.String,
    Cast.FLAG: pl.Boolean,
    Cast.OTHER: pl.String,
}


def _in_polars(it: Wanted) -> pl.Expr:
    if it.absent:
        return pl.lit(it.stand_in, _POLARS[it.cast])
    value = pl.col(it.name)
    match it.cast:
        case Cast.DAY:
            return value.cast(pl.Int32).cast(pl.Int64)
        case Cast.MOMENT:
            return value.dt.epoch("s")
        case Cast.OTHER:
            return value
        case _:
            return value.cast(_POLARS[it.cast])


class DuckEngine:
    """In this process, in SQL; all frames of a book share one connection, so that they can be joined."""

    name = "duckdb"
    shares_work = False

    def __init__(self, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        self._connection = connection or duckdb.connect()

    def scan(self, files: Sequence[Path], wanted: Sequence[Wanted]) -> nw.LazyFrame:
        if files:
            rows = self._connection.read_parquet([str(file) for file in files], hive_partitioning=False)
            return nw.from_native(rows.project(", ".join(_in_duckdb(it) for it in wanted)))
        empty = ", ".join(f"CAST(NULL AS {_DUCKDB[it.cast]}) AS {_quoted(it.name)}" for it in wanted)
        return nw.from_native(self._connection.sql(f"SELECT {empty} WHERE false"))


_DUCKDB: dict[Cast, str] = {
    Cast.NUMBER: "BIGINT",
    Cast.DAY: "BIGINT",
    Cast.MOMENT: "BIGINT",
    Cast.TEXT: "VARCHAR",
    Cast.FLAG: "BOOLEAN",
    Cast.OTHER: "VARCHAR",
}


def _in_duckdb(it: Wanted) -> str:
    name = _quoted(it.name)
    if it.absent:
        return f"CAST({_literal(it.stand_in)} AS {_DUCKDB[it.cast]}) AS {name}"
    match it.cast:
        case Cast.DAY:
            return f"CAST(date_diff('day', DATE '1970-01-01', {name}) AS BIGINT) AS {name}"
        case Cast.MOMENT:
            return f"epoch_us({name}) // 1000000 AS {name}"  # exact: the disk holds whole seconds
        case Cast.OTHER:
            return name
        case _:
            return f"CAST({name} AS {_DUCKDB[it.cast]}) AS {name}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


class SparkEngine:
    """On a cluster, or on local cores; needs Java and the extra `tideover[spark]`."""

    name = "spark"
    shares_work = True

    def __init__(self, session: SparkSession | None = None) -> None:
        self._session = session or _spark_session()

    def scan(self, files: Sequence[Path], wanted: Sequence[Wanted]) -> nw.LazyFrame:
        if not files:
            wanted = [replace(it, absent=True, stand_in=None) for it in wanted]
        rows = self._session.read.parquet(*(str(file) for file in files)) if files else self._session.range(0)
        return nw.from_native(rows.select(*(_in_spark(it).alias(it.name) for it in wanted)))


_SPARK: dict[Cast, str] = {
    Cast.NUMBER: "bigint",
    Cast.DAY: "bigint",
    Cast.MOMENT: "bigint",
    Cast.TEXT: "string",
    Cast.FLAG: "boolean",
    Cast.OTHER: "string",
}


def _in_spark(it: Wanted) -> SparkColumn:
    from pyspark.sql import functions as spark  # noqa: PLC0415 - an extra that most lenders do not install

    if it.absent:
        return spark.lit(it.stand_in).cast(_SPARK[it.cast])
    value = spark.col(f"`{it.name}`")
    match it.cast:
        case Cast.DAY:
            return spark.unix_date(value).cast("bigint")
        case Cast.MOMENT:
            return spark.unix_seconds(value)
        case Cast.OTHER:
            return value
        case _:
            return value.cast(_SPARK[it.cast])


def _spark_session() -> SparkSession:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra that most lenders do not install
    except ImportError:
        raise BookRefused(
            explained(
                "Spark is not installed.",
                where="engine=spark",
                expected="the extra `tideover[spark]` and Java 17 or newer",
                do="install it with `pip install 'tideover[spark]'`, or use polars or duckdb",
            )
        ) from None
    return SparkSession.builder.appName("tideover").getOrCreate()


def engine_named(name: str, session: object = None) -> Engine:
    """The engine of that name; `session` is a DuckDB connection or a Spark session of the caller's, if any."""
    match name:
        case "polars":
            return PolarsEngine()
        case "duckdb":
            return DuckEngine(session if isinstance(session, duckdb.DuckDBPyConnection) else None)
        case "spark":
            return SparkEngine(session)  # type: ignore[arg-type]  # a Connect session has another class
        case _:
            raise BookRefused(
                explained(
                    f"There is no engine named {name!r}.",
                    where="the choice of engine",
                    expected="polars, duckdb or spark",
                    do="choose one of them",
                )
            )
