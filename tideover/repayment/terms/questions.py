"""Five questions whether terms were understood, each with what is true of this loan beside what is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zlib import crc32

from tideover.kit.money import Money
from tideover.kit.rates import STEP
from tideover.repayment.loans import Loan
from tideover.repayment.terms.full import TermsTold

Answer = Money | date | int | str
"""An amount, a day, a rate in parts per million, or the name of a sentence."""


@dataclass(frozen=True)
class Question:
    """`options` in the order they are shown; `right` is the place of the true one."""

    name: str
    options: tuple[Answer, ...]
    right: int

    @property
    def truth(self) -> Answer:
        """What is true of this loan."""
        return self.options[self.right]


def questions_of(loan: Loan, told: TermsTold, today: date) -> tuple[Question, ...]:
    """Those that can be asked: of what is not known nobody is asked."""
    found = [
        ("rate", _rates(told)), ("next_payment", _days(loan, today)), ("total_cost", _costs(loan, told)),
        ("late_cost", _late(loan, told)), ("whom_to_ask", ("person", "nobody", "letter")),
    ]  # fmt: skip
    return tuple(_shuffled(name, loan.loan_id, options) for name, options in found if options)


def _shuffled(name: str, loan_id: str, options: tuple[Answer, ...]) -> Question:
    """The true one comes first here, and stands at a place that only the loan and the question decide."""
    right = crc32(f"{name} {loan_id}".encode()) % len(options)
    others = list(options[1:])
    return Question(name, (*others[:right], options[0], *others[right:]), right)


def _rates(told: TermsTold) -> tuple[Answer, ...]:
    rate = told.terms.rate_ppm
    if rate is None:
        return ()
    away = max(rate // 3 // (50 * STEP) * 50 * STEP, 200 * STEP)
    return (rate, rate + away, rate + 2 * away)


def _days(loan: Loan, today: date) -> tuple[Answer, ...]:
    step = loan.coming(today)
    return (step.due_on, step.due_on + timedelta(days=10), step.due_on + timedelta(days=21)) if step else ()


def _costs(loan: Loan, told: TermsTold) -> tuple[Answer, ...]:
    cost, principal = told.terms.total_cost, told.terms.principal
    if cost is None or not principal:
        return ()
    return tuple(loan.money(it) for it in _apart(cost, cost + principal, principal // 10))


def _late(loan: Loan, told: TermsTold) -> tuple[Answer, ...]:
    cost = told.late_cost
    if cost is None or not loan.instalments:
        return ()
    usual = max(loan.instalments[0].amount // 10, 1)
    return tuple(loan.money(it) for it in _apart(cost, usual, 3 * usual))


def _apart(*amounts: int) -> Iterator[int]:
    """Amounts of which no two are the same."""
    seen = set[int]()
    for it in amounts:
        amount = it
        while amount in seen:
            amount += max(it, 1)
        seen.add(amount)
        yield amount
