"""Arithmetic that gives the same answer on Polars, DuckDB and Spark.

The engines disagree on `//` and `%` of negatives, on the type of a sum of booleans and on what a
comparison with NULL counts as. Everything here works on 64-bit integers and says what it does with NULL.
"""

from __future__ import annotations

from collections.abc import Iterable

import narwhals as nw

PACK = 2**45
"""Room for the value beside a day number in one integer: 3.5e13, enough for any amount in minor units."""

PRIME = 2**31 - 1
"""Modulus of the draw: the square of a residue still fits 63 bits."""


def number(value: int) -> nw.Expr:
    """A 64-bit literal; engines otherwise choose the narrowest type and may overflow."""
    return nw.lit(value, nw.Int64)


def unknown() -> nw.Expr:
    """An integer nobody knows."""
    return nw.lit(None, nw.Int64)


def flag(condition: nw.Expr) -> nw.Expr:
    """1 where the condition holds, 0 where it does not or is unknown."""
    return condition.cast(nw.Int64).fill_null(0)


def holds(condition: nw.Expr) -> nw.Expr:
    """True where the condition holds, False where it does not or is unknown."""
    return condition.fill_null(False)


def pick(condition: nw.Expr, value: nw.Expr) -> nw.Expr:
    """The value where the condition holds, NULL elsewhere."""
    return nw.when(condition).then(value)


def first_of(cases: Iterable[tuple[nw.Expr, nw.Expr]], otherwise: nw.Expr | None = None) -> nw.Expr:
    """The value of the first case whose condition holds; its values are known ones. NULL, or `otherwise`, where none does.

    Flat where a chain of when-then-otherwise would nest: engines plan a nest in the square of its depth.
    """
    values = [pick(condition, value) for condition, value in cases]
    values += [] if otherwise is None else [otherwise]
    return nw.coalesce(*values) if values else unknown()


def remainder(a: nw.Expr, m: int) -> nw.Expr:
    """`a` modulo `m`, never negative, whatever sign the engine gives a remainder."""
    return ((a % m) + m) % m


def residue(a: nw.Expr, m: nw.Expr | int) -> nw.Expr:
    """`a` modulo `m` for a >= 0 and m > 0, where no engine disagrees."""
    return a % m


def whole(a: nw.Expr, b: nw.Expr | int) -> nw.Expr:
    """`a / b` rounded towards zero for a >= 0 and b > 0; NULL where b is not positive.

    The dividend is made a multiple first, so the one float division is exact below 2^53.
    """
    divisor = b if isinstance(b, int) else nw.when(b > 0).then(b)
    return exactly(a - a % divisor, divisor)


def exactly(a: nw.Expr, b: nw.Expr | int) -> nw.Expr:
    """`a / b` where `b` is not zero and divides `a`: exact below 2^53."""
    return (a / b).cast(nw.Int64)


def floor_day(seconds: nw.Expr) -> nw.Expr:
    """The day number of a moment, also before 1970."""
    return ((seconds - remainder(seconds, 86_400)) / 86_400).cast(nw.Int64)


def packed(day: nw.Expr, value: nw.Expr) -> nw.Expr:
    """A day and a value from 0 to 2^45 - 1 in one integer, so that min or max finds the value of that day."""
    return day * PACK + value


def packed_day(pack: nw.Expr) -> nw.Expr:
    """The day of a packed pair."""
    return whole(pack, PACK)


def packed_value(pack: nw.Expr) -> nw.Expr:
    """The value of a packed pair."""
    return pack % PACK


def smallest(*values: nw.Expr) -> nw.Expr:
    """The smallest of the values that are known."""
    return nw.min_horizontal(*values) if len(values) > 1 else values[0]


def largest(*values: nw.Expr) -> nw.Expr:
    """The largest of the values that are known."""
    return nw.max_horizontal(*values) if len(values) > 1 else values[0]
