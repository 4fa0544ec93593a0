"""Her bills, and how she gets them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from tideover.access.clock import now
from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.repayment.bills.wish import bills_by, choose_bills, ways_open
from tideover.repayment.loans import Loan, loans_of
from tideover.repayment.terms.place import place_of
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import show

AHEAD = timedelta(days=31)
MOST = 24
HERE, CHOOSE = "/me/bills/", "/me/bills/choose/"
SLOT = "bills_before"
"""In her session: what her choice was before, so that it can be undone."""


@dataclass(frozen=True)
class Row:
    """One bill of the list."""

    loan_id: str
    number: int
    on: date
    amount: Money
    is_paid: bool


@for_borrowers
def bills(request: HttpRequest) -> HttpResponseBase:
    """The list, the newest first."""
    who, at = signed_in(request), now()
    today = place_of(who.person_id, at).today
    hers = [it for it in loans_of(who.person_id, at) if it.is_hers and it.may_be_told == "all"]
    rows = sorted((row for loan in hers for row in _rows(loan, today)), key=lambda it: it.on, reverse=True)
    about = {
        "rows": rows[:MOST], "by": bills_by(who.person_id, at), "before": request.session.get(SLOT, ""),
    }  # fmt: skip
    return show(request, "portal/bills/bills.html", about, here="more")


@for_borrowers
def choose(request: HttpRequest) -> HttpResponseBase:
    """How she gets them: one press, and one more undoes it."""
    who, at = signed_in(request), now()
    if request.method != "POST":
        about = {"by": bills_by(who.person_id, at), "ways": ways_open(who.person_id, at)}
        return show(request, "portal/bills/choose.html", about, here="more")
    try:
        before = choose_bills(person_id=who.person_id, by=request.POST.get("by", ""), at=at)
    except Refused:
        return HttpResponseRedirect(CHOOSE)
    if "undo" in request.POST or before == request.POST["by"]:
        request.session.pop(SLOT, None)
    else:
        request.session[SLOT] = before
    return HttpResponseRedirect(HERE)


def _rows(loan: Loan, today: date) -> list[Row]:
    """Everything up to a month ahead, and the next one in any case."""
    upto = max([today + AHEAD, *(it.due_on for it in loan.open_instalments[:1])])
    return [
        Row(loan.loan_id, it.number, it.due_on, loan.money(it.amount), not it.left)
        for it in loan.instalments
        if it.due_on <= upto
    ]
