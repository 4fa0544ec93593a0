"""Amounts, rates and counts read from text exactly: never through a float, unless the source wrote one."""

from __future__ import annotations

import re

import polars as pl
from babel.numbers import list_currencies

from tideover.kit.money import decimals

from ._model import Parse

OTHER_DIGITS = {
    **{chr(0x09E6 + digit): str(digit) for digit in range(10)},  # Bengali
    **{chr(0x0660 + digit): str(digit) for digit in range(10)},  # Arabic
    **{chr(0x06F0 + digit): str(digit) for digit in range(10)},  # Persian
    **{chr(0x0966 + digit): str(digit) for digit in range(10)},  # Devanagari
    "٫": ".",
    "٬": ",",
}
"""Digits of other scripts and the Arabic decimal and thousands marks, as ASCII."""

_EXACT = pl.Decimal(38, 12)
"""Wide enough for any amount there is; texts with more than 12 decimals are float noise."""


def units_of(currency: str) -> pl.Expr:
    """How many minor units a whole unit of a currency has: 1, 100 or 1000."""
    return pl.lit(10 ** decimals(currency), dtype=pl.Int64)


def units_in(column: str) -> pl.Expr:
    """The same for the currency named in each row; NULL where it is none."""
    known = {code: 10 ** decimals(code) for code in sorted(list_currencies())}
    return pl.col(column).replace_strict(known, default=None, return_dtype=pl.Int64)


def example(spec: Parse, decimals_said: str) -> str:
    """What an amount looks like in this column, for messages."""
    return f"an amount like 1{spec.thousands}234{spec.decimal}50, with no more than {decimals_said}"


def whole(text: pl.Expr, spec: Parse) -> pl.Expr:
    """A whole number; `36.0` is one too, `36.5` is not. NULL where it is none."""
    return _scaled(text, spec, pl.lit(1, dtype=pl.Int64))


def minor_units(text: pl.Expr, spec: Parse, units: pl.Expr) -> pl.Expr:
    """An amount in minor units. More decimals than the currency has are refused, unless `rounded`."""
    return _scaled(text, spec, units)


def parts_per_million(text: pl.Expr, spec: Parse) -> pl.Expr:
    """A rate in parts per million; finer than that is rounded."""
    units = {"percent": 10_000, "share": 1_000_000, "ppm": 1}[spec.of]
    rounded = spec.model_copy(update={"rounded": True})
    return _scaled(text.str.strip_chars("%").str.strip_chars(), rounded, pl.lit(units, dtype=pl.Int64))


def _plain(text: pl.Expr, spec: Parse) -> pl.Expr:
    """ASCII with a point before the decimals; NULL where thousands marks stand in odd places."""
    if spec.thousands:
        mark = "[ \u00a0\u202f]" if spec.thousands == " " else re.escape(spec.thousands)
        tail = rf"({re.escape(spec.decimal)}\d*)?$"
        by_three = rf"^[+-]?\d{{1,3}}({mark}\d{{3}})*{tail}"
        by_lakh = rf"^[+-]?\d{{1,2}}({mark}\d{{2}})*{mark}\d{{3}}{tail}"
        ungrouped = rf"^[+-]?\d+{tail}"
        clear = pl.any_horizontal(text.str.contains(one) for one in (by_three, by_lakh, ungrouped))
        text = pl.when(clear).then(text.str.replace_all(mark, ""))
    if spec.decimal == ",":
        # A point in such a text is neither its decimal mark nor, by now, a thousands mark.
        text = pl.when(~text.str.contains(".", literal=True)).then(text.str.replace(",", ".", literal=True))
    return text


def _scaled(text: pl.Expr, spec: Parse, units: pl.Expr) -> pl.Expr:
    """The number times `units` as a whole number. Halves are rounded away from zero, where rounding is allowed."""
    plain = _plain(text, spec)
    if not spec.scientific:
        plain = pl.when(~plain.str.contains("[eE]")).then(plain)
    exact = plain.cast(_EXACT, strict=False) * units
    if not spec.rounded:
        cut = exact.cast(pl.Int64, strict=False)
        return pl.when(cut == exact).then(cut)
    doubled = (exact.abs() * 2).cast(pl.Int64, strict=False)
    return pl.when(exact < 0).then(-((doubled + 1) // 2)).otherwise((doubled + 1) // 2)
