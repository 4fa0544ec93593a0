"""A budget as it was typed: amounts in her own way of writing, a day of the month."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import QueryDict

from tideover.kit.amounts import read_amount
from tideover.kit.money import UnclearAmount
from tideover.kit.text import ascii_digits


@dataclass(frozen=True)
class BudgetTyped:
    """What stands in the three fields, and what it means where it can be read."""

    comes_in_text: str
    goes_out_text: str
    payday_text: str
    comes_in: int = 0
    goes_out: int = 0
    payday: int | None = None
    wrong: tuple[str, ...] = ()
    """The fields that need another look."""

    @classmethod
    def of(cls, data: QueryDict, currency: str, language: str) -> BudgetTyped:
        """From a form."""
        typed = cls(
            data.get("comes_in", "").strip(), data.get("goes_out", "").strip(), data.get("payday", "").strip()
        )
        read = {
            "comes_in": _amount(typed.comes_in_text, currency, language),
            "goes_out": _amount(typed.goes_out_text, currency, language),
            "payday": _payday(typed.payday_text),
        }
        wrong = tuple(name for name, value in read.items() if value is None or value < 0)
        return replace(
            typed, comes_in=read["comes_in"] or 0, goes_out=read["goes_out"] or 0, payday=read["payday"] or None, wrong=wrong
        )  # fmt: skip


def _amount(text: str, currency: str, language: str) -> int | None:
    try:
        return read_amount(text, currency, locale=language)
    except UnclearAmount:
        return None


def _payday(text: str) -> int | None:
    """0 where she left it empty; None where it is no day of a month."""
    digits = ascii_digits(text)
    if not digits:
        return 0
    return int(digits) if digits.isascii() and digits.isdigit() and 1 <= int(digits[:4]) <= 31 else None
