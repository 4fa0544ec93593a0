"""The code to scan that stands on a bill or a statement: of the first way in her country that has one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from persiantools.jdatetime import JalaliDate

from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.repayment.loans import Loan
from tideover.repayment.ways.contract import Ask, Shown
from tideover.repayment.ways.references import reference_of
from tideover.repayment.ways.register import ways_for


def due_picture(
    loan: Loan, amount: Money, country: str, *, at: datetime, environ: Mapping[str, str] | None = None
) -> str:  # fmt: skip
    """An SVG as a data address for `src`; "" where no way there has a code. Nothing is begun by it."""
    for way in ways_for(loan, country, environ=environ):
        if way.code == "card":
            continue
        try:
            begun = way.begin(_ask(loan, amount, at))
        except Refused:
            continue
        if isinstance(begun, Shown) and begun.qr:
            return begun.qr
    return ""


def _ask(loan: Loan, amount: Money, at: datetime) -> Ask:
    reference, day = reference_of(loan.loan_id), JalaliDate(at.date())  # type: ignore[no-untyped-call]  # no types there
    return Ask(reference, amount, reference, "", year=day.year, period=day.month)
