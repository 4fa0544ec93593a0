"""Days and moments read from text, in the ways lenders' systems write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
from persiantools.jdatetime import JalaliDate

from ._functions import utc
from ._model import Parse
from ._values import UTC_MOMENT

ISO = "%Y-%m-%d"
_WORDS = {
    "%Y": "yyyy",
    "%m": "mm",
    "%d": "dd",
    "%y": "yy",
    "%b": "Mon",
    "%H": "hh",
    "%M": "mm",
    "%S": "ss",
    "%.f": "",
}


def expected(spec: Parse) -> str:
    """The accepted forms in words: "dd/mm/yyyy or yyyy-mm-dd"."""
    return " or ".join(_in_words(one) for one in _formats(spec))


def day(text: pl.Expr, spec: Parse) -> pl.Expr:
    """The day, by the first format that fits; NULL when none does or the day does not exist."""
    return pl.coalesce([_plausible(_one_day(text, one, spec)) for one in _formats(spec)])


def moment(text: pl.Expr, spec: Parse, timezone: str) -> pl.Expr:
    """The moment in UTC. Texts without an offset are wall-clock time in `timezone`; a date alone is its midnight."""
    return pl.coalesce([_one_moment(text, one, timezone) for one in _formats(spec)])


def _formats(spec: Parse) -> list[str]:
    return spec.formats or [ISO]


def _in_words(form: str) -> str:
    if form in _SPECIAL_WORDS:
        return _SPECIAL_WORDS[form]
    for mark, word in _WORDS.items():
        form = form.replace(mark, word)
    return form


def _plausible(one: pl.Expr) -> pl.Expr:
    """Years far off are misread formats: `%Y` takes the 26 of 01.02.26 for the year 26."""
    return pl.when(one.dt.year().is_between(1800, 2200)).then(one)


def _one_day(text: pl.Expr, form: str, spec: Parse) -> pl.Expr:
    special: dict[str, Callable[[pl.Expr, Parse], pl.Expr]] = {
        "yymmdd": _yymmdd,
        "[y,m,d]": _listed,
        "excel": _excel,
        "jalali": _jalali,
    }
    if form in special:
        return special[form](text, spec)
    if any(mark in form for mark in ("%H", "%I", "%T", "%R")):
        return text.str.to_datetime(form, strict=False, time_unit="us").dt.date()
    return text.str.to_date(form, strict=False)


def _one_moment(text: pl.Expr, form: str, timezone: str) -> pl.Expr:
    if form == "epoch_seconds":
        return (text.cast(pl.Int64, strict=False) * 1_000_000).cast(UTC_MOMENT)
    if form == "epoch_millis":
        return (text.cast(pl.Int64, strict=False) * 1_000).cast(UTC_MOMENT)
    if "%z" in form or "%:z" in form:
        return text.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC").cast(UTC_MOMENT)
    if any(mark in form for mark in ("%H", "%I", "%T", "%R")):
        local = text.str.to_datetime(form, strict=False, time_unit="us")
    else:
        local = _one_day(text, form, Parse.model_validate({"as": "day"})).cast(pl.Datetime("us"))
    return utc(_plausible(local), timezone)


def _yymmdd(text: pl.Expr, spec: Parse) -> pl.Expr:
    """Two-digit years of one century. With `month_offset` a month may be raised by it, as in Czech birth numbers."""
    padded = text.str.extract(r"^(\d{6})", 1)
    year = padded.str.slice(0, 2).cast(pl.Int32, strict=False) + (spec.century or 1900)
    month = padded.str.slice(2, 2).cast(pl.Int32, strict=False)
    if spec.month_offset:
        month = pl.when(month > spec.month_offset).then(month - spec.month_offset).otherwise(month)
    return _existing(year, month, padded.str.slice(4, 2).cast(pl.Int32, strict=False))


def _listed(text: pl.Expr, spec: Parse) -> pl.Expr:  # noqa: ARG001
    """[2012, 5, 14], as some core-banking interfaces write a date."""
    parts = text.str.extract_groups(r"^\[\s*(?<y>\d{4})\s*,\s*(?<m>\d{1,2})\s*,\s*(?<d>\d{1,2})\s*\]$")
    year, month, one = (parts.struct.field(name).cast(pl.Int32, strict=False) for name in "ymd")
    return _existing(year, month, one)


def _existing(year: pl.Expr, month: pl.Expr, one: pl.Expr) -> pl.Expr:
    written = pl.format("{}-{}-{}", year, month, one)
    return written.str.to_date("%Y-%m-%d", strict=False)


def _excel(text: pl.Expr, spec: Parse) -> pl.Expr:  # noqa: ARG001
    """Days since 1899-12-30, as spreadsheets count them."""
    number = text.str.extract(r"^(\d{4,6})(?:\.0+)?$", 1).cast(pl.Int64, strict=False)
    return pl.lit(date(1899, 12, 30)) + pl.duration(days=number)


def _jalali(text: pl.Expr, spec: Parse) -> pl.Expr:  # noqa: ARG001
    """1405/09/01 of the Persian calendar."""
    return text.map_batches(_jalali_batch, return_dtype=pl.Date)


def _jalali_batch(texts: pl.Series) -> pl.Series:
    known = {one: _from_jalali(one) for one in texts.unique().to_list() if one is not None}
    return pl.Series(texts.name, [known.get(one) for one in texts.to_list()], dtype=pl.Date)


def _from_jalali(text: str) -> date | None:
    parts = text.replace("-", "/").replace(".", "/").split("/")
    try:
        year, month, one = (int(part) for part in parts)
        found: date = JalaliDate(year, month, one).to_gregorian()  # type: ignore[no-untyped-call]
    except (ValueError, TypeError):
        return None
    return found


_SPECIAL_WORDS = {
    "yymmdd": "yymmdd",
    "[y,m,d]": "[year, month, day]",
    "excel": "a spreadsheet date",
    "jalali": "yyyy/mm/dd of the Persian calendar",
    "epoch_seconds": "seconds since 1970",
    "epoch_millis": "milliseconds since 1970",
}
