"""What money beyond what is due is for, each choice with what it would do: fewer payments, lower ones, the next ones, or the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.loans import Loan

PAYOFF = "payoff"
BEYOND = ("principal", "smaller", "ahead")
"""In the order in which they are shown."""


@dataclass(frozen=True)
class Aim:
    """One choice; `name` is that of its words, `amount` what is paid for it."""

    name: str
    amount: Money
    told: ledger.Foreseen

    @property
    def words(self) -> str:
        """The key of the sentence that says what it would do."""
        return f"pay.aim.{self.name}.{'closes' if self.told.closes else 'says'}"


def closing(loan: Loan, at: datetime) -> Money | None:
    """What closes the loan today; None where no schedule says."""
    if not loan.instalments:
        return None
    try:
        found = ledger.payoff(loan.loan_id, at.date(), at).amount
    except Refused:
        return None
    return found if found.minor else None


def is_beyond(loan: Loan, amount: Money, on: date, whole: Money | None) -> bool:
    """Whether it is more than what is due and the next payment, or closes the loan for less: somebody wants something with it."""
    if whole is not None and whole.minor <= amount.minor and whole.minor < loan.left:
        return True
    coming = loan.coming(on)
    return bool(loan.instalments) and amount.minor > loan.overdue(on) + (coming.left if coming else 0)


def aims(loan: Loan, amount: Money, at: datetime) -> tuple[Aim, ...]:
    """The choices for an amount. What is enough to close the loan is never more than that."""
    whole = closing(loan, at)
    if whole is not None and amount.minor >= whole.minor:
        return _foreseen(loan, whole, (PAYOFF,), at)
    return _foreseen(loan, amount, BEYOND, at)


def aim(loan: Loan, amount: Money, name: str, at: datetime) -> Aim | None:
    """The one that was chosen; None where none was, or none of that name can be."""
    if name not in ledger.EARLY or not loan.instalments:
        return None
    return _foreseen(loan, amount, (name,), at)[0]


def _foreseen(loan: Loan, amount: Money, names: tuple[str, ...], at: datetime) -> tuple[Aim, ...]:
    told = ledger.foresee(loan_id=loan.loan_id, amount=amount, aims=names, on=at.date(), at=at)
    return tuple(Aim(it, amount, told[it]) for it in names)
