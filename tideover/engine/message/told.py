"""What an explanation is made from: one decision row, what goes with it, and what was known about the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tideover.kit.calendars import zone_names

Fact = int | str | bool | None

DISTRESS = ("hardship", "disaster")
"""Holds that a person asks for herself; that times are hard may be said back to her."""


class Form(StrEnum):
    """How a value is written in a sentence."""

    COUNT = "a number, never 0"
    DAYS = "a number, 0 too"
    MONEY = "an amount in the loan's currency"
    DAY = "a day"


TELLABLE: Mapping[str, Form] = {
    "days_past_due": Form.COUNT,
    "overdue": Form.MONEY,
    "oldest_overdue_on": Form.DAY,
    "next_due_on": Form.DAY,
    "next_due_amount": Form.MONEY,
    "days_to_due": Form.DAYS,
    "promised_on": Form.DAY,
    "last_payment_on": Form.DAY,
    "last_payment_amount": Form.MONEY,
    "past_payments": Form.COUNT,
}
"""The insights a sentence to a person may speak of. Habits and chances are not among them."""


@dataclass(frozen=True)
class Told:
    """A decision and what was known when it was made.

    `row` holds the decision's columns, `topics` the rows of that table for it, `offers` the codes in order, `values`
    what `KNOWN` in reading.py names: insights of the person and of the loan the decision is about, None where
    unknown. `sent_at` is the moment the contact left, where it did; without it the contact is spoken of as planned.
    """

    row: Mapping[str, Fact]
    topics: tuple[Mapping[str, Fact], ...] = ()
    offers: tuple[str, ...] = ()
    values: Mapping[str, Fact] = field(default_factory=dict)
    sent_at: int | None = None

    def text(self, name: str) -> str:
        """A column of the row as text; "" where it is NULL."""
        value = self.row.get(name)
        return "" if value is None else str(value)

    def codes(self, name: str) -> tuple[str, ...]:
        """A column of codes separated by commas."""
        return tuple(code.strip() for code in self.text(name).split(",") if code.strip())

    def number(self, name: str) -> int | None:
        """A whole number among the values, the row before the insights; None where it is unknown."""
        value = self.row.get(name, self.values.get(name))
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def zone(self) -> str:
        """The person's clock; UTC where it is unknown."""
        zone = str(self.values.get("timezone") or "")
        return zone if zone in zone_names() else "UTC"

    @property
    def own_holds(self) -> frozenset[str] | None:
        """The kinds of hold that were set for the person herself, or None where nobody looked."""
        held = self.values.get("own_holds")
        return None if held is None else frozenset(filter(None, str(held).split(",")))

    def told_us(self, restricted: frozenset[str]) -> bool:
        """Did the person herself say that times are hard? Never said back while a restricted hold stands."""
        held = self.own_holds or frozenset()
        said = bool(held & set(DISTRESS)) or (self.number("hard_reasons") or 0) > 0
        return said and not held & restricted

    @property
    def is_unmade(self) -> bool:
        """Was there a contact to make that is not made: held out, or never at a moment that was allowed?"""
        return not self.is_spoken and bool(self.text("step"))

    @property
    def is_spoken(self) -> bool:
        """Is there a contact at all?"""
        return self.text("treatment") not in ("", "none")
