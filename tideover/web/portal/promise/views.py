"""Her own day, in one tap: three or four days to press, a receipt, an entry for her calendar, and an undo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tideover.access.clock import now
from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.repayment.loans import Loan, loans_of
from tideover.repayment.plans import means_of
from tideover.repayment.promises import (
    held_back,
    may_undo,
    open_promise_of,
    promise_of,
    promise_to_pay,
    whereabouts_of,
    withdraw,
)
from tideover.repayment.promises.making import due_then, latest_day, send_by
from tideover.repayment.promises.models import Promise
from tideover.repayment.promises.offering import TALK_FIRST
from tideover.repayment.promises.refusals import NotHers
from tideover.repayment.promises.suggesting import suggested
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.promise.entry import calendar_entry
from tideover.web.portal.promise.forms import Typed, code_of
from tideover.web.portal.showing import show, words_for

HERE = "promise"


@require_http_methods(["GET", "HEAD", "POST"])
@for_borrowers
def choose(request: HttpRequest) -> HttpResponseBase:
    """Which day suits you? A press writes it down."""
    at, her = now(), signed_in(request).person_id
    loans = loans_of(her, at)
    if request.method == "POST":
        return _chosen(request, her, loans, at)
    return _asked(request, her, loans, at)


def _chosen(request: HttpRequest, her: str, loans: Sequence[Loan], at: datetime) -> HttpResponse:
    typed = Typed.of(request.POST)
    if set(typed.loans) - {it.loan_id for it in loans}:
        raise Http404
    mine = typed.of_these(_offered(loans, her, at)[0])
    try:
        made = promise_to_pay(
            person_id=her, loan_ids=[it.loan_id for it in mine], on=typed.day(), origin="self", at=at,
            amount=typed.money(mine, words_for(request).tag),
        )  # fmt: skip
    except NotHers:
        return redirect("portal:promise:choose")
    except Refused as refused:
        return _asked(request, her, loans, at, typed=typed, wrong=code_of(refused))
    return redirect("portal:promise:chosen", made.promise.pk)


def _asked(
    request: HttpRequest,
    her: str,
    loans: Sequence[Loan],
    at: datetime,
    *,
    typed: Typed | None = None,
    wrong: str = "",
) -> HttpResponse:
    offered, must_talk = _offered(loans, her, at)
    today = whereabouts_of(her, at).today(at)
    about: dict[str, object] = {
        "wrong": wrong,
        "typed": typed,
        "must_talk": must_talk,
        "loans": _shown(offered, today),
    }
    if offered:
        about |= {
            "days": suggested(her, offered, at, payday=means_of(her, at).payday),
            "today": today, "latest": latest_day(offered, today, "self"),
            "currency": offered[0].currency if len({it.currency for it in offered}) == 1 else "",
        }  # fmt: skip
        running = open_promise_of(her, at)
        about |= {"running": running, "amount": _amount(running) if running else None}
    return show(request, "portal/promise/choose.html", about, here=HERE, status=422 if wrong else 200)


def _offered(loans: Sequence[Loan], her: str, at: datetime) -> tuple[list[Loan], bool]:
    """Those for which a day may be chosen, and whether for some a person is to be spoken with first."""
    reasons = held_back(loans, her, at)
    return [it for it in loans if it.loan_id not in reasons], TALK_FIRST in reasons.values()


def _shown(loans: Sequence[Loan], today: date) -> list[dict[str, object]]:
    return [
        {
            "loan_id": it.loan_id,
            "amount": it.money(due_then(it, today)),
            "on": None if it.due_by(today) or it.next_one is None else it.next_one.due_on,
        }
        for it in loans
    ]


def _amount(promise: Promise) -> Money | None:
    """All of it, where it is of one currency."""
    parts = list(promise.parts.all())
    if len({it.currency for it in parts}) != 1:
        return None
    return Money(sum(it.amount for it in parts), parts[0].currency)


@require_safe
@for_borrowers
def chosen(request: HttpRequest, promise_id: int) -> HttpResponseBase:
    """What was written down, and how it stands."""
    at = now()
    promise = _hers(request, promise_id)
    parts = list(promise.parts.all())
    about = {
        "promise": promise,
        "state": parts[0].state,
        "parts": [Money(it.amount, it.currency) for it in parts],
        "send_by": send_by(promise.on, whereabouts_of(promise.person_id, at)),
        "may_undo": may_undo(promise, at),
    }
    return show(request, "portal/promise/chosen.html", about, here=HERE)


@require_POST
@for_borrowers
def undo(request: HttpRequest, promise_id: int) -> HttpResponseBase:
    """Take it back; pressed twice it is taken back once."""
    promise = _hers(request, promise_id)
    if any(it.state == "open" for it in promise.parts.all()):
        withdraw(promise_id=promise.pk, person_id=promise.person_id, at=now())
    return redirect("portal:promise:chosen", promise_id)


@require_safe
@for_borrowers
def calendar(request: HttpRequest, promise_id: int) -> HttpResponseBase:
    """An entry for her calendar, which others may see: it says no more than that it is a reminder."""
    entry = calendar_entry(_hers(request, promise_id), words_for(request))
    response = HttpResponse(entry, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="reminder.ics"'
    return response


def _hers(request: HttpRequest, promise_id: int) -> Promise:
    promise = promise_of(promise_id, signed_in(request).person_id)
    if promise is None:
        raise Http404
    return promise
