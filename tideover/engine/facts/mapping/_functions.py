"""The functions a formula may use. The list is closed; each says what it takes and what comes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import polars as pl

from tideover.engine.facts.tables import Kind

from ._expression import NotAFormula
from ._values import UTC_MOMENT, Value, unified


def functions(timezone: str) -> dict[str, Callable[..., Value]]:
    """All functions by name. Local days are those of `timezone`; NotAFormula when a value does not fit."""
    local: dict[str, Callable[..., Value]] = {
        "day_of": lambda moment: day_of(moment, timezone),
        "start_of": lambda one: start_of(one, timezone),
        "end_of": lambda one: end_of(one, timezone),
        "moment_at": lambda one, minutes: moment_at(one, minutes, timezone),
    }
    return {**_PLAIN, **local}


def utc(local: pl.Expr, timezone: str) -> pl.Expr:
    """Wall-clock time in a zone as UTC. Doubled hours are taken as the earlier, skipped ones move an hour on."""
    zoned = local.dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
    moved = (local + pl.duration(hours=1)).dt.replace_time_zone(
        timezone, ambiguous="earliest", non_existent="null"
    )
    return pl.coalesce(zoned, moved).dt.convert_time_zone("UTC").cast(UTC_MOMENT)


def day_of(moment: Value, timezone: str) -> Value:
    """The local day a moment falls on."""
    _want(moment, Kind.MOMENT, "day_of")
    return Value(moment.expr.dt.convert_time_zone(timezone).dt.date(), Kind.DAY)


def start_of(day: Value, timezone: str) -> Value:
    """The first moment of a local day."""
    _want(day, Kind.DAY, "start_of")
    return Value(utc(day.expr.cast(pl.Datetime("us")), timezone), Kind.MOMENT)


def end_of(day: Value, timezone: str) -> Value:
    """The last second of a local day: when a dated event without a time is surely known."""
    _want(day, Kind.DAY, "end_of")
    midnight = day.expr.cast(pl.Datetime("us")) + pl.duration(days=1)
    return Value(utc(midnight, timezone) - pl.duration(seconds=1), Kind.MOMENT)


def moment_at(day: Value, minutes: Value, timezone: str) -> Value:
    """A local day at so many minutes past midnight."""
    _want(day, Kind.DAY, "moment_at")
    _want(minutes, Kind.COUNT, "moment_at")
    return Value(
        utc(day.expr.cast(pl.Datetime("us")) + pl.duration(minutes=minutes.expr), timezone), Kind.MOMENT
    )


def day(text: Value) -> Value:
    """The day of a text such as '2020-01-31', for days that stand in the formula itself."""
    _want(text, Kind.TEXT, "day")
    return Value(text.expr.str.to_date("%Y-%m-%d", strict=True), Kind.DAY)


def add_months(start: Value, months: Value) -> Value:
    """The same day of a later (or earlier) month; the month's last day when it has no such day."""
    _want(start, Kind.DAY, "add_months")
    _want(months, Kind.COUNT, "add_months")
    return Value(start.expr.dt.offset_by(pl.concat_str(months.expr, pl.lit("mo"))), Kind.DAY)


def month_end(one: Value) -> Value:
    """The last day of the month."""
    _want(one, Kind.DAY, "month_end")
    return Value(one.expr.dt.month_end(), Kind.DAY)


def coalesce(*values: Value) -> Value:
    """The first value that is known."""
    return Value(pl.coalesce([one.expr for one in values]), _one_kind(values, "coalesce"))


def smallest(*values: Value) -> Value:
    """The smallest of the known values."""
    return Value(pl.min_horizontal([one.expr for one in values]), _one_kind(values, "smallest"))


def greatest(*values: Value) -> Value:
    """The greatest of the known values."""
    return Value(pl.max_horizontal([one.expr for one in values]), _one_kind(values, "greatest"))


def concat(*values: Value) -> Value:
    """Texts and whole numbers one after the other; unknown when one of them is."""
    for one in values:
        if one.kind not in {Kind.TEXT, Kind.COUNT}:
            raise NotAFormula(f"concat takes texts and whole numbers, and was given {one.said}.")
    return Value(pl.concat_str([one.expr for one in values]), Kind.TEXT)


def text(value: Value) -> Value:
    """A whole number, a day or a text as text."""
    if value.kind not in {Kind.TEXT, Kind.COUNT, Kind.DAY}:
        raise NotAFormula(f"text takes a text, a whole number or a day, and was given {value.said}.")
    return Value(value.expr.cast(pl.String), Kind.TEXT)


def lower(value: Value) -> Value:
    """The text in small letters."""
    _want(value, Kind.TEXT, "lower")
    return Value(value.expr.str.to_lowercase(), Kind.TEXT)


def sha256(value: Value) -> Value:
    """SHA-256 of the text in UTF-8, as 64 hex digits."""
    _want(value, Kind.TEXT, "sha256")
    return Value(value.expr.map_elements(_sha256, return_dtype=pl.String), Kind.TEXT)


def _sha256(given: str) -> str:
    return hashlib.sha256(given.encode()).hexdigest()


def before(value: Value, mark: Value) -> Value:
    """The text up to the first occurrence of a mark; the whole text when it has none."""
    _want(value, Kind.TEXT, "before")
    _want(mark, Kind.TEXT, "before")
    return Value(
        value.expr.str.split_exact(mark.expr, 1).struct.field("field_0").str.strip_chars(), Kind.TEXT
    )


def after(value: Value, mark: Value) -> Value:
    """The text beyond the first occurrence of a mark; unknown when it has none."""
    _want(value, Kind.TEXT, "after")
    _want(mark, Kind.TEXT, "after")
    return Value(value.expr.str.splitn(mark.expr, 2).struct.field("field_1").str.strip_chars(), Kind.TEXT)


def contains(value: Value, part: Value) -> Value:
    """Whether the text has that part."""
    _want(value, Kind.TEXT, "contains")
    return Value(value.expr.str.contains(part.expr, literal=True), Kind.FLAG)


def month_of(one: Value) -> Value:
    """The number of the month, 1 to 12."""
    _want(one, Kind.DAY, "month_of")
    return Value(one.expr.dt.month().cast(pl.Int64), Kind.COUNT)


def minutes_between(earlier: Value, later: Value) -> Value:
    """Whole minutes from one moment to another; below zero when the second comes first."""
    _want(earlier, Kind.MOMENT, "minutes_between")
    _want(later, Kind.MOMENT, "minutes_between")
    return Value((later.expr - earlier.expr).dt.total_minutes(), Kind.COUNT)


def share(amount: Value, number: Value, of: Value) -> Value:
    """Part `number` (from 1) of an amount cut into `of` parts that differ by one minor unit at most."""
    _want(amount, Kind.MONEY, "share")
    _want(number, Kind.COUNT, "share")
    _want(of, Kind.COUNT, "share")
    return Value(even_part(amount.expr, number.expr, of.expr), Kind.MONEY)


def even_part(amount: pl.Expr, number: pl.Expr, of: pl.Expr) -> pl.Expr:
    """As `share`: what has been paid after `number` parts, less what had been after the one before."""
    return amount * number // of - amount * (number - 1) // of


def _want(value: Value, kind: Kind, name: str) -> None:
    if not value.fits(kind):
        wanted = Value(pl.lit(None), kind).said
        raise NotAFormula(f"{name} takes {wanted}, and was given {value.said}.")


def _one_kind(values: tuple[Value, ...], name: str) -> Kind | None:
    kind = unified(values)
    if kind is None and len({one.kind for one in values}) > 1:
        raise NotAFormula(
            f"{name} takes values of one kind, and was given {' and '.join(one.said for one in values)}."
        )
    return kind


_PLAIN: dict[str, Callable[..., Value]] = {
    "day": day,
    "add_months": add_months,
    "month_end": month_end,
    "month_of": month_of,
    "coalesce": coalesce,
    "smallest": smallest,
    "greatest": greatest,
    "concat": concat,
    "text": text,
    "lower": lower,
    "sha256": sha256,
    "before": before,
    "after": after,
    "contains": contains,
    "minutes_between": minutes_between,
    "share": share,
}
