"""Values as they come, read into the types of the contract.

On disk: text, int64, Boolean, Date, and UTC timestamps in microseconds cut to whole seconds.
In the engine days and moments are int64. A value that cannot be read becomes NULL; `rowchecks` says so.
"""

from __future__ import annotations

import polars as pl

from .tables import Kind

UTC_MICROSECONDS = pl.Datetime("us", "UTC")

ON_DISK: dict[Kind, pl.DataType] = {
    Kind.KEY: pl.String(),
    Kind.TEXT: pl.String(),
    Kind.CODE: pl.String(),
    Kind.DAY: pl.Date(),
    Kind.MOMENT: UTC_MICROSECONDS,
    Kind.MONEY: pl.Int64(),
    Kind.COUNT: pl.Int64(),
    Kind.RATE: pl.Int64(),
    Kind.FLAG: pl.Boolean(),
}

EXPECTED: dict[Kind, str] = {
    Kind.KEY: "text or whole numbers",
    Kind.TEXT: "text",
    Kind.CODE: "text",
    Kind.DAY: "dates, in text as 2026-03-04",
    Kind.MOMENT: "UTC timestamps, in text as 2026-03-04T10:00:00Z",
    Kind.MONEY: "whole minor units of the currency (cents, not 12.34)",
    Kind.COUNT: "whole numbers",
    Kind.RATE: "whole parts per million (12 % is 120000)",
    Kind.FLAG: "true or false",
}

_TRUE, _FALSE = ["true", "yes", "1", "t", "y"], ["false", "no", "0", "f", "n"]


def is_readable(dtype: pl.DataType, kind: Kind) -> bool:
    """Whether a column of this type can hold that kind at all."""
    if dtype == pl.Null or dtype in (pl.String, pl.Categorical, pl.Enum):
        return True
    match kind:
        case Kind.KEY | Kind.TEXT | Kind.CODE:
            return dtype.is_integer()
        case Kind.DAY | Kind.MOMENT:
            return (dtype.is_temporal() and dtype not in (pl.Time, pl.Duration)) or dtype.is_integer()
        case Kind.FLAG:
            return dtype == pl.Boolean or dtype.is_integer()
        case _:
            return dtype.is_integer()


def read(raw: pl.Expr, dtype: pl.DataType, kind: Kind) -> pl.Expr:
    """The value as kept on disk; NULL where it cannot be read. Integers in days and moments are engine values."""
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return _from_text(raw.cast(pl.String), kind)
    match kind:
        case Kind.KEY | Kind.TEXT | Kind.CODE:
            return raw.cast(pl.String)
        case Kind.DAY:
            return raw.cast(pl.Int32, strict=False).cast(pl.Date) if dtype.is_integer() else raw.cast(pl.Date)
        case Kind.MOMENT:
            return _moment(raw, dtype)
        case Kind.FLAG:
            return raw.cast(pl.Boolean, strict=False)
        case _:
            return raw.cast(pl.Int64, strict=False)


def _moment(raw: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_integer():
        return (raw.cast(pl.Int64, strict=False) * 1_000_000).cast(UTC_MICROSECONDS)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone not in (None, "UTC"):
        return raw.dt.convert_time_zone("UTC").cast(UTC_MICROSECONDS)
    return raw.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def _from_text(raw: pl.Expr, kind: Kind) -> pl.Expr:
    trimmed = raw.str.strip_chars()
    match kind:
        case Kind.TEXT:
            return _filled(raw)  # kept letter for letter, in every script
        case Kind.KEY | Kind.CODE:
            return _filled(trimmed)
        case Kind.DAY:
            return _day(trimmed)
        case Kind.MOMENT:
            return _moment_from_text(trimmed)
        case Kind.FLAG:
            small = trimmed.str.to_lowercase()
            return pl.when(small.is_in(_TRUE)).then(True).when(small.is_in(_FALSE)).then(False)
        case _:
            return trimmed.cast(pl.Int64, strict=False)


def _filled(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)


def _day(text: pl.Expr) -> pl.Expr:
    """A date, or a timestamp at midnight: any other hour would lose its day in some time zone."""
    bare = text.str.replace(r"^(\d{4}-\d{2}-\d{2})[T ]00:00(:00(\.0+)?)?Z?$", "${1}")
    return bare.str.to_date("%Y-%m-%d", strict=False)


def _moment_from_text(text: pl.Expr) -> pl.Expr:
    """ISO 8601 with an offset; without one it is UTC, and a bare date is its first second."""
    joined = text.str.replace(r"^(\d{4}-\d{2}-\d{2}) ", "${1}T").str.replace(r"Z$", "+00:00")
    return pl.coalesce(
        joined.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", strict=False).dt.convert_time_zone(
            "UTC"
        ),
        joined.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False).dt.replace_time_zone(
            "UTC"
        ),
        joined.str.to_datetime("%Y-%m-%dT%H:%M%z", time_unit="us", strict=False).dt.convert_time_zone("UTC"),
        joined.str.to_datetime("%Y-%m-%dT%H:%M", time_unit="us", strict=False).dt.replace_time_zone("UTC"),
        joined.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
    )


def whole_seconds(moment: pl.Expr) -> pl.Expr:
    """The moment cut to its second, as the engine counts."""
    micros = moment.cast(pl.Int64)
    return (micros - micros % 1_000_000).cast(UTC_MICROSECONDS)
