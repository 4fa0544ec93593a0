"""Days, amounts and numbers as the readers of one language write them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from babel.lists import format_list

from tideover.engine.message.patterns import Argument, spoken
from tideover.engine.message.words import LanguageWords
from tideover.kit.amounts import show_amount
from tideover.kit.days import date_of
from tideover.kit.money import decimal_of, decimals
from tideover.kit.rates import MILLION
from tideover.kit.text import direction_of_language, isolate


@dataclass(frozen=True)
class Shown:
    """Values in one language: its own digits, calendar and place of the currency."""

    language: LanguageWords
    tag: str

    def day(self, day: int, *, when: bool = False, year: bool = True) -> str:
        """A day by weekday and date; `when` as the time of an action: "on Friday 6 March"."""
        dates = self.language.dates
        if when:
            return self._dated(dates.when_and_year if year else dates.when, day)
        return self._dated(dates.day_and_year if year else dates.day, day)

    def _dated(self, pattern: str, day: int) -> str:
        on = date_of(day)
        # Noon of no zone: ICU would shift a moment into the zone of the machine it runs on.
        noon = datetime(on.year, on.month, on.day, 12)  # noqa: DTZ001
        values: dict[str, Argument] = {
            "d": noon,
            "weekday": str(on.isoweekday()),
            "month": str(on.month),
            "year": str(on.year),
        }
        return spoken(pattern, self.tag, values)

    def amount(self, minor: int, currency: str) -> str:
        """Money, fenced off from the sentence around it."""
        money = self.language.money
        if money is None or currency not in money.currencies:
            return self.fenced(show_amount(minor, currency, self.tag))
        places = decimals(currency)
        digits = spoken("{n, number, ::%s}" % ("." + "0" * places if places else "precision-integer"), self.tag,
                        {"n": decimal_of(minor, currency)})  # fmt: skip
        return self.fenced(
            spoken(money.amount, self.tag, {"digits": digits, "currency": money.currencies[currency]})
        )

    def number(self, value: int) -> str:
        """A number in the language's digits."""
        return spoken("{n, number}", self.tag, {"n": value})

    def per_cent(self, ppm: int) -> str:
        """A rate in parts per million as a per cent, at most four decimals."""
        share = Decimal(ppm) / MILLION
        return self.fenced(spoken("{n, number, ::percent scale/100 .0###}", self.tag, {"n": share}))

    def fenced(self, text: str) -> str:
        """A name, code or amount that cannot turn the sentence around it, nor be turned by it."""
        is_rtl = direction_of_language(self.tag) == "rtl"
        return isolate(text) if text and (is_rtl or has_rtl(text)) else text

    def listed(self, items: Iterable[str]) -> str | None:
        """Items as the language lists them; None where there are none."""
        known = [self.fenced(item) for item in dict.fromkeys(items) if item]
        return format_list(known, locale=self.tag) if known else None


def has_rtl(text: str) -> bool:
    """Does the text hold a letter that is written from right to left?"""
    return not text.isascii() and any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)
