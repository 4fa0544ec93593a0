"""The table `payments`: whole, in parts, taken back, on their way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Draws, Ints
from tideover.engine.facts.made_up._frames import (
    UNKNOWN,
    Rows,
    changing,
    coded,
    frame,
    gathered,
    glued,
    numbered,
)
from tideover.engine.facts.made_up._lending import Loans
from tideover.engine.facts.made_up._money import Paid
from tideover.engine.facts.made_up._scene import Scene
from tideover.engine.facts.made_up._schedule import Dues

WAYS = ("transfer", "debit", "wallet", "card", "cash", "field_officer")
_SHARES = (0.18, 0.14, 0.30, 0.15, 0.16, 0.07)
_DAYS_TO_CONFIRM = np.array([1, 2, 0, 0, 0, 1])
"""By way: some money is on its way for a while."""

WHOLE, PART, BOUNCED = range(3)
_SUFFIXES = ("", "a", "x")
_MOST_NUMBERS = 1_000
"""More than any loan has instalments, or any card months."""


@dataclass(frozen=True)
class Payments:
    """Columns of one length, in order of loan, instalment and sort."""

    loan: Ints
    number: Ints
    """The instalment, or card month, with which the payment begins."""
    sort: Ints
    """WHOLE, PART or BOUNCED."""
    paid_at: Ints
    amount: Ints
    returned_at: Ints


def payments_of(dues: Dues, paid: Paid) -> Payments:
    """Every payment behind what is paid, and those that were taken back."""
    rows = np.flatnonzero(paid.settled != UNKNOWN)
    begins = paid.payer[rows] == rows
    heads = rows[begins]
    sums = np.add.reduceat((dues.amount - paid.part)[rows], np.flatnonzero(begins)) if len(heads) else heads
    parts = np.flatnonzero(paid.part > 0)
    back = np.flatnonzero(paid.bounced_at != UNKNOWN)
    which = np.concatenate((heads, parts, back))
    sort = np.repeat([WHOLE, PART, BOUNCED], (len(heads), len(parts), len(back)))
    order = np.argsort(which * len(_SUFFIXES) + sort)
    nothing = np.full(len(heads) + len(parts), UNKNOWN)
    return Payments(
        loan=dues.loan[which][order],
        number=dues.number[which][order],
        sort=sort[order],
        paid_at=np.concatenate((paid.settled_at[heads], paid.part_at[parts], paid.bounced_at[back]))[order],
        amount=np.concatenate((sums, paid.part[parts], dues.amount[back]))[order],
        returned_at=np.concatenate((nothing, paid.returned_at[back]))[order],
    )


def together(first: Payments, second: Payments) -> Payments:
    """The payments of instalments and of cards, in order."""
    both = {
        name: np.concatenate((getattr(first, name), getattr(second, name)))
        for name in Payments.__dataclass_fields__
    }
    order = np.argsort((both["loan"] * _MOST_NUMBERS + both["number"]) * len(_SUFFIXES) + both["sort"])
    return Payments(**{name: column[order] for name, column in both.items()})


def payments(scene: Scene, made: Payments) -> Rows:
    """The table: each payment when it was made, when it was confirmed, and when it was taken back."""
    loans = scene.loans
    draws = loans.draws[made.loan].each("payment", made.number)
    way = _ways(loans, made, draws)
    confirmed = made.paid_at + _DAYS_TO_CONFIRM[way] * clock.DAY
    confirmed = np.where((confirmed >= scene.cut) | (made.sort == BOUNCED), UNKNOWN, confirmed)
    sort = pl.Series(_SUFFIXES).gather(made.sort)
    table = frame(
        "payments",
        payment_id=glued("p", gathered(loans.digits, made.loan), "-", numbered(made.number, 3), sort),
        loan_id=gathered(loans.ids, made.loan),
        paid_at=made.paid_at,
        amount=made.amount,
        way=coded(WAYS, way),
        state_at=confirmed,
        reversed_at=made.returned_at,
        recorded_at=np.maximum(np.where(confirmed == UNKNOWN, made.paid_at, confirmed), made.returned_at),
    )
    on_its_way = pl.col("recorded_at") > pl.col("paid_at")
    return changing(table, on_its_way, table["paid_at"], state_at=None, reversed_at=None)


def _ways(loans: Loans, made: Payments, draws: Draws) -> Ints:
    """People change how they pay from month to month, but most have a favourite."""
    favourite = loans.draws.choose("way", _SHARES)[made.loan]
    return np.where(draws.happens("favourite way", 0.7), favourite, draws.choose("way now", _SHARES))
