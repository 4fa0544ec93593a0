"""Saved ways to pay: see, pause, go on, move the day, end; each can be undone for a day."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tideover.access.clock import now
from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.repayment.ways.contract import NotConnected
from tideover.repayment.ways.debits.settings import DebitSettings, read_settings
from tideover.repayment.ways.mandates import (
    LATEST,
    HasOne,
    NoHolder,
    NotAnAccount,
    coming_debits,
    end,
    give,
    go_on,
    mandate_of,
    mandates_of,
    move,
    pause,
    undo,
    undoable,
)  # fmt: skip
from tideover.repayment.ways.models import Debit, Mandate
from tideover.repayment.ways.whose import payable, payable_one
from tideover.web.portal.door import for_borrowers, for_proven, signed_in
from tideover.web.portal.showing import show, words_for

HERE = "pay"
ACTS: dict[str, Callable[..., Mandate]] = {"pause": pause, "go-on": go_on, "end": end, "undo": undo}
WRONG: dict[type[Refused], str] = {NotAnAccount: "account", NoHolder: "holder", HasOne: "has_one"}


@for_borrowers
@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """All of hers, and the way to give one."""
    at, her = now(), signed_in(request).person_id
    found = mandates_of(her)
    coming = coming_debits(found)
    shown = [_row(it, coming.get(it.pk), can_undo=undoable(it, at) is not None) for it in found]
    taken = {it.loan_id for it in found if it.state != "ended"}
    can_give = (
        [it for it in payable(her, at) if it.currency == "EUR" and it.loan_id not in taken]
        if _debits()
        else []
    )
    about = {"rows": [it for it in shown if it["is_shown"]], "can_give": can_give}
    return show(request, "portal/pay/mandates.html", about, here=HERE)


@for_borrowers
@require_POST
def act(request: HttpRequest, umr: str, do: str) -> HttpResponseBase:
    """Pause, go on, end, undo."""
    found, verb = _hers(request, umr), ACTS.get(do)
    if verb is None:
        raise Http404
    try:
        verb(mandate=found, at=now())
        messages.success(request, words_for(request).say("pay.mandates.done"))
    except Refused:
        messages.warning(request, words_for(request).say("pay.mandates.cannot"))
    return redirect("portal:pay:mandates")


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def move_one(request: HttpRequest, umr: str) -> HttpResponseBase:
    """On which day money is taken."""
    found = _hers(request, umr)
    if request.method == "POST":
        text = request.POST.get("days", "")
        try:
            move(
                mandate=found,
                days_later=int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else -1,
                at=now(),
            )
            messages.success(request, words_for(request).say("pay.mandates.done"))
        except Refused:
            messages.warning(request, words_for(request).say("pay.mandates.cannot"))
        return redirect("portal:pay:mandates")
    return show(request, "portal/pay/move.html", {"mandate": found, "days": range(LATEST + 1)}, here=HERE)


@for_proven
@require_http_methods(["GET", "HEAD", "POST"])
def give_one(request: HttpRequest, loan_id: str) -> HttpResponseBase:
    """A mandate in its own words, which are kept by their hash."""
    her, at, connected = signed_in(request).person_id, now(), _debits()
    loan = payable_one(her, loan_id, at)
    if loan is None or connected is None or loan.currency != "EUR":
        raise Http404
    words, wrong = words_for(request), ""
    text = words.say("pay.give.text", creditor=connected.name, id=connected.creditor_id)
    form: Mapping[str, str] = request.POST.dict()
    if request.method == "POST":
        try:
            give(
                loan=loan, person_id=her, account=form.get("account", ""), holder=form.get("holder", ""), words=text,
                language=words.tag, once=form.get("once", ""), at=at,
            )  # fmt: skip
            messages.success(request, words.say("pay.give.done"))
            return redirect("portal:pay:mandates")
        except Refused as refused:
            wrong = WRONG.get(type(refused), "has_one")
    about = {
        "loan": loan, "text": text, "form": form, "wrong": wrong, "wrong_key": f"pay.wrong.{wrong}",
        "notice": connected.notice_days, "once": form.get("once") or secrets.token_urlsafe(9),
    }  # fmt: skip
    return show(request, "portal/pay/give.html", about, here=HERE, status=422 if wrong else 200)


def _row(it: Mandate, coming: Debit | None, *, can_undo: bool) -> Mapping[str, object]:
    return {
        "umr": it.umr, "end": it.account_end, "state": it.state, "days": it.days_later, "can_undo": can_undo,
        "says": f"pay.mandates.{it.state}", "is_shown": it.state != "ended" or can_undo,
        "amount": Money(coming.amount, it.currency) if coming else None, "on": coming.due_on if coming else None,
    }  # fmt: skip


def _hers(request: HttpRequest, umr: str) -> Mandate:
    found = mandate_of(signed_in(request).person_id, umr)
    if found is None:
        raise Http404
    return found


def _debits() -> DebitSettings | None:
    """How the lender collects; None where it does not."""
    try:
        return read_settings(os.environ)
    except NotConnected:
        return None
