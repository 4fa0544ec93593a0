"""One value as a client tells it, read as its column keeps it: whole numbers, ISO days, ISO moments, closed lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from tideover.engine.facts import Column, Kind
from tideover.engine.facts.known import STANDARDS
from tideover.kit.nearest import did_you_mean
from tideover.web.api.reading import is_clean

Value = str | int | bool | date | datetime | None

LENGTHS = {Kind.KEY: 200, Kind.CODE: 64, Kind.TEXT: 2_000}
LARGEST_AMOUNT, LARGEST = 2**45 - 1, 2**53 - 1
"""An amount above the first cannot be packed by the engine; a number above the second is no longer exact in JSON."""
FIRST, LAST = date(1900, 1, 2), date(2200, 1, 1)


class Unusable(Exception):
    """Why a value cannot be used: a code, and a sentence that does not repeat the value."""

    def __init__(self, code: str, says: str) -> None:
        super().__init__(code)
        self.code, self.says = code, says


def value_of(column: Column, told: object) -> Value:
    """The value as the book keeps it; None where it is unknown. Raises Unusable."""
    if told is None or told == "":
        return None
    return _READ[column.kind](column, told)


def _text(column: Column, told: object) -> str:
    if not isinstance(told, str):
        raise Unusable("unreadable_value", "Text belongs here; write keys and codes in quotes.")
    text = told if column.kind is Kind.TEXT else told.strip()
    if len(text) > LENGTHS[column.kind]:
        raise Unusable("too_long", f"It may have {LENGTHS[column.kind]} characters.")
    if not is_clean(text) or (column.kind is not Kind.TEXT and not text.isprintable()):
        raise Unusable("unreadable_value", "It holds characters that cannot be seen.")
    if not text:
        raise Unusable("missing_value", "It holds blanks only.")
    return text


def _code(column: Column, told: object) -> str:
    text = _text(column, told)
    if standard := STANDARDS.get(column.name):
        text = _spelled(column.name, text)
        head = text.split("-")[0] if column.name in ("language", "country") else text
        if head not in standard.codes():
            raise Unusable(standard.trouble, f"There is no such {column.name} ({column.unit}).")
    if column.codes and text not in column.codes:
        raise Unusable(
            "unknown_code", f"It is one of {', '.join(column.codes)}.{did_you_mean(text, column.codes)}"
        )
    return text


def _spelled(name: str, text: str) -> str:
    if name in ("currency", "country"):
        return text.upper()
    if name == "language":
        head, *rest = text.replace("_", "-").split("-")
        return "-".join([head.lower(), *rest])
    return text


def _flag(_: Column, told: object) -> bool:
    if not isinstance(told, bool):
        raise Unusable("unreadable_value", "true or false belongs here.")
    return told


def _number(column: Column, told: object) -> int:
    if isinstance(told, bool) or not isinstance(told, int):
        unit = f" ({column.unit})" if column.unit else ""
        raise Unusable("unreadable_value", f"A whole number belongs here{unit}.")
    if told < 0 and not column.negative:
        raise Unusable("negative_amount", "It cannot be below zero.")
    if abs(told) > (LARGEST_AMOUNT if column.kind is Kind.MONEY else LARGEST):
        raise Unusable("amount_too_large", "It is larger than can be kept.")
    return told


def _day(_: Column, told: object) -> date:
    on = _parsed_day(told)
    if on is None:
        raise Unusable("unreadable_value", "A day belongs here, as 2026-03-04.")
    if not FIRST <= on < LAST:
        raise Unusable("placeholder_date", "It is a stand-in and no day; leave out what is unknown.")
    return on


def _parsed_day(told: object) -> date | None:
    if not isinstance(told, str) or len(told) != len("2026-03-04"):
        return None
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


def _moment(_: Column, told: object) -> datetime:
    return moment_of(told)


def moment_of(told: object) -> datetime:
    """A moment in ISO 8601 with its zone. Raises Unusable."""
    at = _parsed_moment(told)
    if at is None:
        raise Unusable("unreadable_value", "A moment belongs here with its zone, as 2026-03-04T10:00:00Z.")
    if not FIRST <= at.date() < LAST:
        raise Unusable("placeholder_date", "It is a stand-in and no moment; leave out what is unknown.")
    return at


def _parsed_moment(told: object) -> datetime | None:
    if not isinstance(told, str) or "T" not in told.upper():
        return None
    try:
        at = datetime.fromisoformat(told)
        return None if at.tzinfo is None else at.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return None


_READ: dict[Kind, Callable[[Column, object], Value]] = {
    Kind.KEY: _text, Kind.TEXT: _text, Kind.CODE: _code, Kind.FLAG: _flag, Kind.DAY: _day, Kind.MOMENT: _moment,
    Kind.MONEY: _number, Kind.COUNT: _number, Kind.RATE: _number,
}  # fmt: skip
