"""Amounts and days as machines of banks write them. What has two readings is refused, never guessed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from tideover.kit.errors import Refused
from tideover.kit.money import minor_of

_SPACES = re.compile(r"[\s\u00a0\u202f']")
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+")


class NotReadable(Refused):
    """An amount or a day that cannot be read in exactly one way."""


def minor(text: str, currency: str) -> int:
    """In minor units; a point is the decimal mark (ISO 20022). More decimals than the currency has must be zeros."""
    told = text.strip()
    if not _NUMBER.fullmatch(told):
        raise NotReadable("the amount is not a number")
    try:
        return minor_of(Decimal(told), currency)
    except InvalidOperation:
        raise NotReadable("the amount is not a number") from None


def minor_with_comma(text: str, currency: str) -> int:
    """An amount of SWIFT: a comma is the decimal mark, nothing groups."""
    return minor(text.strip().rstrip(",").replace(",", "."), currency)


def minor_either(text: str, currency: str, mark: str = "") -> int:
    """An amount with the decimal mark that was told, or that shows itself: "1 006,60", "1,006.60", "-2000,00"."""
    told = _SPACES.sub("", text)
    mark = mark or _mark(told)
    grouping = "." if mark == "," else ","
    return minor(told.replace(grouping, "").replace(mark, "."), currency)


def _mark(told: str) -> str:
    comma, point = told.rfind(","), told.rfind(".")
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    mark = "," if comma >= 0 else "."
    if told.count(mark) > 1:
        return "." if mark == "," else ","
    # OFX 2.3 section 3.2.9.1 knows both marks and no grouping: three digits after a comma may still be either.
    if mark == "," and len(told) - comma == 4:
        raise NotReadable("the amount can be read in two ways")
    return mark


def day(text: str) -> date:
    """A day as 2026-11-25 or 20261125, with or without a time behind it."""
    told = text.strip()
    digits = told[:10].replace("-", "") if told[4:5] == "-" else told[:8]
    if not (len(digits) == 8 and digits.isdigit()):
        raise NotReadable("the day cannot be read")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise NotReadable("the day is in no calendar") from None


def bank_day(year: int, month: int, of_month: int) -> date:
    """A day of banks that count thirty days in every month: 30 February is its last day."""
    if not (1 <= month <= 12 and 1 <= of_month <= 31):
        raise NotReadable("the day is in no calendar")
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(of_month, last))
