"""What a reader hands on, in the order of the file: a statement begins, its lines, what could not be read, it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

NO_REFERENCE = frozenset({"", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "NONE", "KREF+"})
"""What banks write where there is no reference (SWIFT and EPC usage). It names nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One movement of an account of the lender. `amount` is in minor units: above nothing it came in, below it went out."""

    account: str
    booked_on: date
    value_on: date
    amount: int
    currency: str
    bank_id: str = ""
    end_to_end: str = ""
    references: tuple[str, ...] = ()
    name: str = ""
    """Whoever is on the other side, as the bank writes it."""

    other_account: str = ""
    text: str = ""
    is_pending: bool = False
    is_reversal: bool = False
    return_code: str = ""
    entry: str = ""
    """What the bank booked in one sum, where this line is a part of it: day, sum and reference of the booking."""

    parts: int = 1
    """Into how many lines that booking is told apart; 0 where it holds several payments and names none of them."""


@dataclass(frozen=True, slots=True)
class Begins:
    """A statement of one account. `number` is the bank's own, empty where it has none."""

    account: str
    number: str = ""
    currency: str = ""
    opening: int | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    """The statement is over: balances in minor units, unknown where the file does not tell them."""

    opening: int | None = None
    closing: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """Something that could not be read: where in the file, and why. Its amount is not counted anywhere."""

    where: str
    why: str


Heard = Line | Begins | Ends | Aside


def reference(text: str | None) -> str:
    """A reference as it stands, or nothing where the bank only says that there is none."""
    told = " ".join((text or "").split())
    return "" if told.upper() in NO_REFERENCE else told
