"""Amounts, rates and counts read from text exactly: never through a float, unless the source wrote one."""

from __future__ import annotations

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

_MOST_DECIMALS = 18


def decimals_in(column: str) -> pl.Expr:
    """The same for the currency named in each row; NULL where it is none."""
    known = {code: decimals(code) for code in sorted(list_currencies())}
    return pl.col(column).replace_strict(known, default=None, return_dtype=pl.Int64)


def shape(spec: Parse) -> str:
    """What an amount looks like in this column, for messages."""
    return f"digits with '{spec.decimal}' before the decimals" + (f" and '{spec.thousands}' between thousands" if spec.thousands else "")


def whole(text: pl.Expr, spec: Parse) -> pl.Expr:
    """A whole number; `36.0` is one too, `36.5` is not. NULL where it is none."""
    plain = _plain(text, spec)
    integer = plain.str.extract(r"^([+-]?\d{1,18})(?:\.0*)?$", 1)
    return integer.cast(pl.Int64, strict=False)


def minor_units(text: pl.Expr, spec: Parse, decimals: pl.Expr) -> pl.Expr:
    """An amount in minor units. More decimals than the currency has are refused, unless `rounded` (halves up)."""
    return _scaled(_plain(text, spec), spec, decimals)


def parts_per_million(text: pl.Expr, spec: Parse) -> pl.Expr:
    """A rate in parts per million; finer than that is rounded."""
    digits = {"percent": 4, "share": 6, "ppm": 0}[spec.of]
    return _scaled(_plain(text.str.strip_chars("% "), spec), spec.model_copy(update={"rounded": True}), pl.lit(digits))


def _plain(text: pl.Expr, spec: Parse) -> pl.Expr:
    """ASCII with a point before the decimals; NULL where thousands marks stand in odd places."""
    if spec.thousands:
        mark = "[\\s\u00a0\u202f]" if spec.thousands == " " else "\\" + spec.thousands
        # Lakh grouping (12,34,567) is as good as groups of three.
        grouped = text.str.contains(rf"^[+-]?\d{{1,3}}({mark}\d{{2,3}})*([^\d\s].*)?$")
        ungrouped = text.str.contains(r"^[+-]?\d+([^\d\s].*)?$")
        text = pl.when(grouped | ungrouped).then(text.str.replace_all(mark, ""))
    return text.str.replace(",", ".", literal=True) if spec.decimal == "," else text


def _scaled(plain: pl.Expr, spec: Parse, decimals: pl.Expr) -> pl.Expr:
    parts = plain.str.extract_groups(r"^(?<sign>[+-]?)(?<whole>\d{1,15})(?:\.(?<rest>\d*))?$")
    whole_part = parts.struct.field("whole").cast(pl.Int64, strict=False)
    rest = parts.struct.field("rest").fill_null("").str.strip_chars_end("0")
    kept = rest.str.pad_end(_MOST_DECIMALS, "0").str.slice(0, decimals).cast(pl.Int64, strict=False).fill_null(0)
    over = rest.str.len_chars() > decimals
    up = rest.str.slice(decimals, 1).cast(pl.Int64, strict=False).fill_null(0) >= 5
    size = whole_part * pl.lit(10).cast(pl.Int64).pow(decimals) + kept + (up & over).cast(pl.Int64)
    signed = pl.when(parts.struct.field("sign") == "-").then(-size).otherwise(size)
    exact = signed if spec.rounded else pl.when(~over).then(signed)
    return pl.coalesce(exact, _scientific(plain, decimals)) if spec.scientific else exact


def _scientific(plain: pl.Expr, decimals: pl.Expr) -> pl.Expr:
    """1e+05, as some exporters write round amounts: taken only when it comes out whole and below 2^53."""
    written = pl.when(plain.str.contains(r"^[+-]?\d+(\.\d+)?[eE][+-]?\d+$")).then(plain)
    scaled = written.cast(pl.Float64, strict=False) * pl.lit(10.0).pow(decimals)
    nearest = scaled.round(0)
    return pl.when((scaled - nearest).abs().lt(1e-6) & (nearest.abs() < 2.0**53)).then(nearest.cast(pl.Int64))
