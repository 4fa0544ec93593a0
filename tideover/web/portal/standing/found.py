"""The loan that a page is about: hers to see as a whole, or there is no such page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest

from tideover.access.clock import now
from tideover.repayment.loans import Loan, loan_of
from tideover.repayment.terms.place import Place, place_of
from tideover.web.portal.door import signed_in


@dataclass(frozen=True)
class Found:
    """The loan, who looks at it and from where, and when."""

    loan: Loan
    person_id: str
    place: Place
    at: datetime

    @property
    def is_whole(self) -> bool:
        """Whether she may be told everything about it."""
        return self.loan.may_be_told == "all"


def found(request: HttpRequest, loan_id: str) -> Found:
    """Whatever she may be told about it. Raises Http404."""
    who, at = signed_in(request), now()
    loan = loan_of(loan_id, who.person_id, at)
    if loan is None:
        raise Http404
    return Found(loan, who.person_id, place_of(who.person_id, at), at)


def found_whole(request: HttpRequest, loan_id: str) -> Found:
    """All of it. Raises Http404, to whoever may be told a part only."""
    it = found(request, loan_id)
    if not it.is_whole:
        raise Http404
    return it
