"""What falls due and when: equal parts of the principal, and interest on what is still owed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tideover.engine.facts.made_up._clock import month_starts
from tideover.engine.facts.made_up._draws import Ints
from tideover.engine.facts.made_up._lending import WEEK, Loans
from tideover.engine.facts.made_up._world import ONCE, REVOLVING


@dataclass(frozen=True)
class Dues:
    """Every instalment of every loan that has a schedule, in order of loan and number."""

    loan: Ints
    """Row of the loan."""
    number: Ints
    due: Ints
    principal: Ints
    interest: Ints
    fees: Ints
    first: Ints
    """Where each loan's instalments begin; one more than there are loans."""

    def __len__(self) -> int:
        return len(self.loan)

    @cached_property
    def amount(self) -> Ints:
        """What is to be paid."""
        return self.principal + self.interest + self.fees


def schedule(loans: Loans) -> Dues:
    """Equal parts of the principal and interest on what is still owed; cards have no schedule."""
    counts = np.where(loans.is_kind(REVOLVING), 0, loans.length)
    first = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts)))
    loan = np.repeat(np.arange(len(loans)), counts)
    before = np.arange(len(loan)) - first[loan]
    share = loans.principal // loans.length
    owed = loans.principal[loan] - before * share[loan]
    is_last = before + 1 == counts[loan]
    days = np.where(loans.step == 0, 30, loans.step)
    admin = np.where(loans.draws.happens("fee", 0.12), loans.principal // 100, 0)
    return Dues(
        loan=loan,
        number=before + 1,
        due=_due(loans, loan, before),
        principal=np.where(is_last, owed, share[loan]),
        interest=_interest(owed, (loans.rate * days)[loan]),
        fees=np.where(before == 0, admin[loan], 0),
        first=first,
    )


def _interest(owed: Ints, rate_days: Ints) -> Ints:
    # Divided in two steps, so that the largest loans in the smallest units stay far below 2^63.
    return owed // 100 * rate_days // (365 * 10_000)


def _due(loans: Loans, loan: Ints, before: Ints) -> Ints:
    month, day = _first_month(loans)
    by_month = _month_day(month[loan] + before, day[loan])
    started = loans.disbursed + np.where(loans.is_kind(ONCE), 0, loans.draws.below("first week", WEEK))
    by_step = started[loan] + (before + 1) * loans.step[loan]
    return np.where(loans.step[loan] == 0, by_month, by_step)


def _first_month(loans: Loans) -> tuple[Ints, Ints]:
    """The month of the first due day: at least twenty days after the money was paid out."""
    earliest = loans.disbursed + 20
    month = np.searchsorted(month_starts(), earliest, side="right") - 1
    return month + (_month_day(month, loans.due_day) < earliest), loans.due_day


def _month_day(month: Ints, day: Ints) -> Ints:
    """That day of the month, or its last day where it is shorter."""
    starts = month_starts()
    days: Ints = starts[month] + np.minimum(day, starts[month + 1] - starts[month]) - 1
    return days
