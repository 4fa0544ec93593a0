"""What she pressed or typed, read back. A day or an amount that cannot be read is asked for again, and stays as typed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from tideover.kit.amounts import read_amount
from tideover.kit.errors import Refused
from tideover.kit.money import Money, UnclearAmount
from tideover.kit.text import ascii_digits
from tideover.repayment.loans import Loan
from tideover.repayment.promises.refusals import NotAnAmount

_WORD = re.compile(r"(?<!^)(?=[A-Z])")


class DayUnclear(Refused):
    """No day was chosen, or one that cannot be read."""


@dataclass(frozen=True)
class Typed:
    """As it came in."""

    on: str
    amount: str
    loans: tuple[str, ...]

    @classmethod
    def of(cls, data: QueryDict) -> Typed:
        """From a form."""
        return cls(data.get("on", "").strip(), data.get("amount", "").strip(), tuple(data.getlist("loan")))

    def day(self) -> date:
        """The chosen day. Raises DayUnclear."""
        try:
            return date.fromisoformat(ascii_digits(self.on))
        except ValueError as wrong:
            raise DayUnclear("Please choose a day.") from wrong

    def of_these(self, loans: Collection[Loan]) -> list[Loan]:
        """Those that were ticked; all, where nothing was to be ticked."""
        return [it for it in loans if it.loan_id in self.loans] if self.loans else list(loans)

    def money(self, loans: Sequence[Loan], language: str) -> Money | None:
        """The amount, where she wrote one. Raises NotAnAmount."""
        if not self.amount:
            return None
        currencies = {it.currency for it in loans}
        if len(currencies) != 1:
            raise NotAnAmount("Amounts of two currencies cannot be one promise.")
        (currency,) = currencies
        try:
            return Money(read_amount(self.amount, currency, locale=language), currency)
        except UnclearAmount as wrong:
            raise NotAnAmount("This is not an amount.") from wrong


def code_of(refused: Refused) -> str:
    """Under which words a refusal is said: PromiseTooFar is promise_too_far."""
    return _WORD.sub("_", type(refused).__name__).lower()
