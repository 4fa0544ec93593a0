"""Somebody with her leave chooses a day for her, or agrees to what helps: one question a page, and she sees that they did."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from tideover.access.clock import now
from tideover.kit.errors import Refused
from tideover.support.voice.agreeing import Open, accept_for, open_for, promise_for
from tideover.support.voice.powers import NotThere
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.help.cards import card_of
from tideover.web.portal.promise.forms import DayUnclear, code_of
from tideover.web.portal.showing import show
from tideover.web.portal.voice.asked import day_typed


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Which day? A press writes it down."""
    wrong = ""
    if request.method == "POST":
        try:
            on = day_typed(request.POST.get("on", ""))
            if on is None:
                raise DayUnclear("Please choose a day.")
            promise_for(power_id=pk, acts_id=_me(request), loan_id=_loan(request), on=on, at=now())
            return HttpResponseRedirect(f"/me/adviser/for/{pk}/?done")
        except NotThere:
            raise Http404 from None
        except Refused as refused:
            wrong = f"promise.refused.{code_of(refused)}"
    found = _open(request, pk)
    about = {
        "open": found,
        "wrong": wrong,
        "owed": found.loan.next_one and found.loan.money(found.loan.next_one.left),
    }
    return show(request, "portal/voice/agree_day.html", about, here="more", status=422 if wrong else 200)


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def helps(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What helps, each with every payment and its cost; a press agrees."""
    wrong = ""
    if request.method == "POST":
        try:
            accept_for(
                power_id=pk, acts_id=_me(request), loan_id=_loan(request), key=request.POST.get("key", ""), at=now()
            )  # fmt: skip
            return HttpResponseRedirect(f"/me/adviser/for/{pk}/?done")
        except NotThere:
            raise Http404 from None
        except Refused as refused:
            wrong = f"help.refused.{code_of(refused)}"
    found = _open(request, pk)
    about = {"open": found, "wrong": wrong, "cards": [card_of(it, found.loan) for it in found.options]}
    return show(request, "portal/voice/agree_helps.html", about, here="more", status=422 if wrong else 200)


def _open(request: HttpRequest, pk: int) -> Open:
    try:
        return open_for(power_id=pk, acts_id=_me(request), loan_id=_loan(request), at=now())
    except NotThere:
        raise Http404 from None


def _me(request: HttpRequest) -> str:
    return signed_in(request).person_id


def _loan(request: HttpRequest) -> str:
    return request.POST.get("loan") or request.GET.get("loan", "")
