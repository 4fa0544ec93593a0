"""The loans that a set of lines may be for: what falls due next in each, and whose it is. Few queries, however many lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tideover.book.models import FACTS
from tideover.book.queries import chunks


@dataclass(frozen=True)
class Due:
    """A loan as matching needs it. Amounts in minor units."""

    loan_id: str
    borrower_id: str
    currency: str
    next_left: int
    """Open of the oldest instalment that is not paid."""

    overdue_by: tuple[tuple[date, int], ...]
    """Every open instalment: its day and what is left of it."""

    is_closed: bool

    def is_usual(self, amount: int, on: date) -> bool:
        """Whether somebody pays just this: the next instalment, everything that is due by then, or all that is open."""
        if self.is_closed or not self.overdue_by:
            return False
        due = sum(left for day, left in self.overdue_by if day <= on)
        return amount in {self.next_left, due, sum(left for _, left in self.overdue_by)} - {0}


def due_of(loan_ids: Iterable[str]) -> Mapping[str, Due]:
    """The loans among these that the book knows, as they stand."""
    wanted = set(loan_ids)
    terms: dict[str, Any] = {}
    steps: defaultdict[str, dict[int, Any]] = defaultdict(dict)
    for some in chunks(wanted):
        terms |= {
            it.loan_id: it
            for it in FACTS["loans"].objects.filter(loan_id__in=some).order_by("recorded_at", "id")
        }
        for it in FACTS["instalments"].objects.filter(loan_id__in=some).order_by("recorded_at", "id"):
            steps[it.loan_id][it.number] = it
    return {loan: _due(it, steps[loan].values()) for loan, it in terms.items()}


def loans_of_people(people: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The loans each of them took."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for some in chunks(set(people)):
        for person, loan in (
            FACTS["loans"].objects.filter(borrower_id__in=some).values_list("borrower_id", "loan_id")
        ):
            found[person].add(loan)
    return {person: tuple(sorted(loans)) for person, loans in found.items()}


def _due(terms: Any, steps: Iterable[Any]) -> Due:
    left = sorted(
        (it.due_on, max((it.principal or 0) + (it.interest or 0) + (it.fees or 0) - (it.paid or 0), 0))
        for it in steps
    )
    still = tuple((day, amount) for day, amount in left if amount)
    return Due(
        terms.loan_id, terms.borrower_id, terms.currency, still[0][1] if still else 0, still, terms.closed_on is not None
    )  # fmt: skip
