"""What is typed into a form here, in any digits: an amount, a number of days, a day."""

from __future__ import annotations

from datetime import date

from tideover.kit.amounts import read_amount
from tideover.kit.errors import Refused
from tideover.kit.money import Money


class NotReadable(Refused):
    """What was typed is no amount, number or day; `key` names the sentence that says what is wanted."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def amount_in(text: str, currency: str) -> Money:
    """More than nothing. Raises NotReadable."""
    try:
        found = Money(read_amount(text, currency), currency)
    except Refused:
        raise NotReadable("standing.wrong.amount") from None
    if found.minor <= 0:
        raise NotReadable("standing.wrong.amount")
    return found


def days_in(text: str, *, most: int) -> int:
    """A number of days from one to the most. Raises NotReadable."""
    if not text.strip().isdecimal() or not 1 <= int(text) <= most:
        raise NotReadable("standing.wrong.days")
    return int(text)


def day_in(text: str, *, earliest: date, latest: date) -> date:
    """A day as date fields send it. Raises NotReadable."""
    try:
        on = date.fromisoformat(text.strip())
    except ValueError:
        raise NotReadable("standing.wrong.day") from None
    if not earliest <= on <= latest:
        raise NotReadable("standing.wrong.day")
    return on
