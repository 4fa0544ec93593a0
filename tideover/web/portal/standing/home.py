"""The first page: what is due, when, and what she can do; then everything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponseBase

from tideover.access.clock import now
from tideover.kit.money import Money
from tideover.repayment.loans import Loan, loans_of
from tideover.repayment.terms.beside import Beside, CardStands, Promise, beside
from tideover.repayment.terms.place import place_of
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import show

ALL = "all"


@dataclass(frozen=True)
class Stand:
    """One loan as its first lines tell it."""

    loan: Loan
    today: date
    coming: Money | None
    promise: Promise | None
    card: CardStands | None

    @property
    def late(self) -> Money | None:
        """What should have been paid before today."""
        late = (
            self.loan.overdue(self.today) if self.loan.instalments else (self.card and self.card.overdue) or 0
        )
        return self.loan.money(late) if late else None

    @property
    def late_since(self) -> date | None:
        """The day of the oldest payment that has not been made."""
        step = self.loan.next_one
        return step.due_on if step and step.due_on < self.today else None

    @property
    def next_on(self) -> date | None:
        """The next day that something falls due, today included."""
        step = self.loan.coming(self.today)
        return step.due_on if step else None

    @property
    def next_amount(self) -> Money | None:
        """What falls due that day."""
        on = self.next_on
        if on is None:
            return None
        return self.loan.money(sum(it.left for it in self.loan.instalments if it.due_on == on))

    @property
    def in_days(self) -> int:
        """How many days are left until then."""
        return (self.next_on - self.today).days if self.next_on else 0

    @property
    def first_day(self) -> date:
        """What is to be done soonest stands first."""
        return self.late_since or self.next_on or date.max

    @property
    def paid(self) -> Money:
        """So far."""
        return self.loan.money(self.loan.paid)

    @property
    def whole(self) -> Money:
        """All that is paid from the first day to the last."""
        return self.loan.money(self.loan.paid + self.loan.left)

    @property
    def left(self) -> Money:
        """Still to be paid."""
        return self.loan.money(self.loan.left)

    @property
    def lent(self) -> Money:
        """What was lent."""
        return self.loan.money(self.loan.principal)

    @property
    def balance(self) -> Money | None:
        """What is owed on a card, where it is known."""
        return self.loan.money(self.card.balance) if self.card and self.card.balance is not None else None

    @property
    def promised(self) -> Money | None:
        """What she said she pays on the day she chose, where she named an amount."""
        return self.loan.money(self.promise.amount) if self.promise and self.promise.amount else None


def stand_of(loan: Loan, known: Beside, today: date) -> Stand:
    """One loan with what stands beside it."""
    coming = known.coming.get(loan.loan_id)
    return Stand(
        loan, today, loan.money(coming) if coming else None, known.promises.get(loan.loan_id),
        None if loan.instalments else known.cards.get(loan.loan_id),
    )  # fmt: skip


@for_borrowers
def home(request: HttpRequest) -> HttpResponseBase:
    """Where she stands."""
    who, at = signed_in(request), now()
    today = place_of(who.person_id, at).today
    loans = loans_of(who.person_id, at)
    known = beside([it.loan_id for it in loans], today=today, at=at)
    hers = [it for it in loans if it.is_hers and it.may_be_told == ALL]
    running = sorted(
        (stand_of(it, known, today) for it in hers if not _is_over(it, today)), key=lambda it: it.first_day
    )
    about = {
        "first": next(iter(running), None),
        "others": running[1:],
        "over": [stand_of(it, known, today) for it in hers if _is_over(it, today)],
        "stands_for": [it for it in loans if it not in hers and not _is_over(it, today)],
        "tomorrow": today + timedelta(days=1),
        "at": today,
    }
    return show(request, "portal/standing/home.html", about, here="home")


def _is_over(loan: Loan, today: date) -> bool:
    return loan.is_closed(today) or (bool(loan.instalments) and not loan.left)
