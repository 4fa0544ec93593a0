"""How much: what is suggested, and what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tideover.kit.amounts import read_amount
from tideover.kit.errors import Refused
from tideover.kit.money import LARGEST, Money, decimal_of
from tideover.repayment.loans import Loan

OTHER = "other"


@dataclass(frozen=True)
class Choice:
    """One amount to choose; `name` is that of its words."""

    name: str
    amount: Money
    on: date | None = None
    is_first: bool = False


@dataclass(frozen=True)
class Typed:
    """What a form said: an amount, or the key of the words that say what is wrong."""

    amount: Money | None = None
    wrong: str = ""


def choices(loan: Loan, on: date, whole: Money | None = None) -> tuple[Choice, ...]:
    """What is open from before, the next payment, what closes the loan: each amount once, the most sensible first."""
    overdue, step = loan.overdue(on), loan.next_one
    one = loan.coming(on) or step
    offered = [
        ("overdue", overdue, None),
        ("next", one.left if one else 0, one.due_on if one else None),
        ("whole", whole.minor if whole else loan.left, None),
    ]
    kept: dict[int, Choice] = {}
    for name, minor, day in offered:
        if minor and minor not in kept:
            kept[minor] = Choice(name, loan.money(minor), day, is_first=not kept)
    return tuple(kept.values())


def chosen(form: Mapping[str, str], loan: Loan, on: date, locale: str, whole: Money | None = None) -> Typed:
    """The amount of a form that offers choices and a field. What she wrote herself goes before what was chosen for her."""
    name = form.get("choice", "")
    if name == OTHER or not name or form.get("amount", "").strip():
        return typed(form.get("amount", ""), loan.currency, loan.left, locale)
    found = next((it for it in choices(loan, on, whole) if it.name == name), None)
    return Typed(found.amount) if found else Typed(wrong="choose")


def typed(text: str, currency: str, most: int, locale: str) -> Typed:
    """The amount of a field."""
    try:
        minor = read_amount(text, currency, locale=locale)
    except Refused:
        return Typed(wrong="amount")
    if minor <= 0:
        return Typed(wrong="amount")
    return Typed(Money(minor, currency)) if minor <= most else Typed(wrong="more")


def in_address(text: str, currency: str, most: int) -> Money | None:
    """Minor units in an address, as we wrote them there; None where they cannot be meant."""
    minor = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
    return Money(minor, currency) if 0 < minor <= min(most, LARGEST) else None


def example(currency: str) -> str:
    """An amount as one may type it."""
    return str(decimal_of(12_050 if decimal_of(1, currency) < 1 else 120_000, currency))
