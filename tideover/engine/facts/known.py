"""Codes kept by others: currencies, time zones, languages, countries. Spelling is mended, unknown ones are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import polars as pl
from babel import Locale
from babel.numbers import list_currencies

from tideover.kit.calendars import zone_names

_NO_CURRENCY = frozenset({"XXX", "XTS"})  # ISO 4217: "no currency" and "for testing"

_NO_COUNTRY = frozenset({"ZZ", "XA", "XB"})  # CLDR: "unknown", and two for testing


@dataclass(frozen=True)
class Standard:
    """A list of codes kept by others; `spelled` mends the spelling, `head` is the part that must be in the list."""

    trouble: str
    spelled: Callable[[pl.Expr], pl.Expr]
    head: Callable[[pl.Expr], pl.Expr]
    codes: Callable[[], frozenset[str]]

    def is_unknown(self, code: pl.Expr) -> pl.Expr:
        """True where there is a code that the list has not."""
        return ~self.head(code).is_in(sorted(self.codes()))


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies()) - _NO_CURRENCY


@cache
def _languages() -> frozenset[str]:
    return frozenset(str(code) for code in Locale("en").languages) - {"und", "root"}


@cache
def _countries() -> frozenset[str]:
    named = frozenset(str(code) for code in Locale("en").territories)
    return frozenset(code for code in named if len(code) == 2) - _NO_COUNTRY


def _as_is(code: pl.Expr) -> pl.Expr:
    return code


def _upper(code: pl.Expr) -> pl.Expr:
    return code.str.to_uppercase()


def _language_tag(code: pl.Expr) -> pl.Expr:
    """pt_BR and PT-BR are pt-BR: only the first part is always small."""
    dashed = code.str.replace_all("_", "-", literal=True)
    return pl.concat_str(_first_part(dashed).str.to_lowercase(), dashed.str.replace(r"^[^-]*", ""))


def _first_part(code: pl.Expr) -> pl.Expr:
    return code.str.extract(r"^([^-]*)", 1)


STANDARDS: dict[str, Standard] = {
    "currency": Standard("unknown_currency", _upper, _as_is, _currencies),
    "timezone": Standard("unknown_timezone", _as_is, _as_is, zone_names),
    "language": Standard("unknown_language", _language_tag, _first_part, _languages),
    "country": Standard("unknown_country", _upper, _first_part, _countries),
}
"""By the name of the column that holds such a code."""
