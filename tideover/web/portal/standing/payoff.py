"""What closes the loan on a day of her choice."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponseBase

from tideover.repayment import ledger
from tideover.web.portal.door import for_borrowers
from tideover.web.portal.showing import show
from tideover.web.portal.standing.asked import NotReadable, day_in
from tideover.web.portal.standing.found import Found, found_whole

AHEAD = timedelta(days=366 * 5)


@for_borrowers
def payoff(request: HttpRequest, loan_id: str) -> HttpResponseBase:
    """The figure of today, or of the day she asks about."""
    it = found_whole(request, loan_id)
    if not it.loan.instalments or not it.loan.left:
        raise Http404
    today = it.place.today
    typed, wrong, on = request.GET.get("on", ""), "", today
    if "on" in request.GET:
        try:
            on = day_in(typed, earliest=today, latest=_latest(it, today))
        except NotReadable as refused:
            wrong = refused.key
    told = None if wrong else ledger.payoff(it.loan.loan_id, on, it.at)
    about = {
        "loan": it.loan, "told": told, "typed": typed or today.isoformat(), "wrong": wrong, "today": today,
        "latest": _latest(it, today),
    }  # fmt: skip
    return show(request, "portal/standing/payoff.html", about, here="home")


def _latest(it: Found, today: date) -> date:
    """A year beyond the last payment, and five years at most."""
    last = max(step.due_on for step in it.loan.instalments) + timedelta(days=365)
    return min(max(last, today), today + AHEAD)
