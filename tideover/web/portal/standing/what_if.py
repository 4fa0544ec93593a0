"""What if she pays more each time, more once, or later? One question a page; nothing is changed by asking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponseBase

from tideover.kit.money import Money
from tideover.repayment.terms.early import early_shortens
from tideover.repayment.terms.full import terms_told
from tideover.repayment.terms.what_if import Open, as_agreed, later_by, open_of, with_more
from tideover.web.portal.door import for_borrowers
from tideover.web.portal.showing import show, words_for
from tideover.web.portal.standing.asked import NotReadable, amount_in, days_in
from tideover.web.portal.standing.found import Found, found_whole

KINDS = ("more", "once", "later")
MOST_DAYS = 90


@dataclass(frozen=True)
class More:
    """What paying more comes to, beside what was agreed."""

    total: Money
    saved: Money
    cost: Money
    agreed_cost: Money
    ends_on: date
    agreed_ends_on: date
    closes: bool
    shortens: bool
    """Whether her contract lets money beyond what is due shorten the loan by itself."""


@dataclass(frozen=True)
class Late:
    """What paying later comes to, at most; parts that nobody wrote down are None."""

    days: int
    on: date
    interest: Money | None
    charge: Money | None

    @property
    def total(self) -> Money | None:
        """All of it, where all of it is known."""
        return None if self.interest is None or self.charge is None else self.interest + self.charge


@for_borrowers
def what_if(request: HttpRequest, loan_id: str) -> HttpResponseBase:
    """Which question."""
    it = found_whole(request, loan_id)
    return show(request, "portal/standing/what_if.html", {"loan": it.loan, "kinds": KINDS}, here="home")


@for_borrowers
def what_if_of(request: HttpRequest, loan_id: str, kind: str) -> HttpResponseBase:
    """One question, and its answer once something was asked."""
    it = found_whole(request, loan_id)
    rest = open_of(it.loan.instalments)
    if kind not in KINDS or not rest:
        raise Http404
    typed, wrong, told = request.GET.get("by", ""), "", None
    if "by" in request.GET:
        try:
            told = (
                _later(it, rest, typed, words_for(request).tag)
                if kind == "later"
                else _more(it, rest, typed, kind)
            )
        except NotReadable as refused:
            wrong = refused.key
    about = {"loan": it.loan, "kind": kind, "typed": typed, "wrong": wrong, "told": told, "most": MOST_DAYS}
    return show(request, "portal/standing/what_if_of.html", about, here="home")


def _more(it: Found, rest: tuple[Open, ...], typed: str, kind: str) -> More:
    by = amount_in(typed, it.loan.currency).minor
    today = it.place.today
    agreed = as_agreed(rest)
    told = with_more(rest, on=today, **({"each": by} if kind == "more" else {"once": by}))
    money = it.loan.money
    return More(
        money(told.total), money(agreed.total - told.total), money(told.interest + told.fees),
        money(agreed.interest + agreed.fees), told.ends_on, agreed.ends_on, kind == "once" and by >= told.principal,
        early_shortens(it.loan, it.place.country),
    )  # fmt: skip


def _later(it: Found, rest: tuple[Open, ...], typed: str, language: str) -> Late:
    days = days_in(typed, most=MOST_DAYS)
    today = it.place.today
    step = next((one for one in rest if one.due_on >= today), rest[0])
    told = later_by(days, step, rate_ppm=it.loan.annual_rate_ppm)
    charge = terms_told(it.loan, country=it.place.country, language=language, today=today).late_cost
    return Late(
        days, step.due_on + timedelta(days=days), it.loan.money(told.interest) if told.is_known else None,
        None if charge is None else it.loan.money(charge),
    )  # fmt: skip
