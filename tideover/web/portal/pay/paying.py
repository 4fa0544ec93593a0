"""Her own payment: which loan, how much, which way, and then on its way."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tideover.access.clock import now
from tideover.kit.errors import Refused
from tideover.repayment.loans import Loan, loan_of
from tideover.repayment.ways.contract import Begun, DoesNotAnswer
from tideover.repayment.ways.intents import NotEnoughToClose, begin, last_way, said_paid, shown
from tideover.repayment.ways.models import Intent
from tideover.repayment.ways.register import carrying, ways_for
from tideover.repayment.ways.whose import country_of, payable, payable_one
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.pay.aims import aim, aims, closing, is_beyond
from tideover.web.portal.pay.amounts import OTHER, choices, chosen, example, in_address
from tideover.web.portal.pay.pages import way_page, ways_shown, why_not
from tideover.web.portal.showing import show, words_for

HERE = "pay"


@for_borrowers
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Which loan; where there is one, straight on."""
    at = now()
    found = payable(signed_in(request).person_id, at)
    if len(found) == 1:
        return redirect("portal:pay:amount", found[0].loan_id)
    rows = [
        {"loan": it, "step": it.next_one, "amount": it.money(it.next_one.left if it.next_one else 0)} for it in found
    ]  # fmt: skip
    return show(request, "portal/pay/which.html", {"rows": rows}, here=HERE)


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def amount(request: HttpRequest, loan_id: str) -> HttpResponseBase:
    """How much. What was typed stays; an amount goes on in the address."""
    at, loan = now(), _loan(request, loan_id)
    wrong, whole = "", closing(loan, at)
    if request.method == "POST":
        found = chosen(request.POST.dict(), loan, at.date(), words_for(request).tag, whole)
        if found.amount is not None:
            page = "aim" if is_beyond(loan, found.amount, at.date(), whole) else "way"
            return redirect(
                f"{reverse(f'portal:pay:{page}', args=[loan_id])}?{urlencode({'amount': found.amount.minor})}"
            )
        wrong = f"pay.wrong.{found.wrong}"
    about = {
        "loan": loan, "choices": choices(loan, at.date(), whole), "wrong": wrong, "typed": request.POST.get("amount", ""),
        "choice": request.POST.get("choice", ""), "other": OTHER, "most": loan.money(loan.left), "example": example(loan.currency),
    }  # fmt: skip
    return show(request, "portal/pay/amount.html", about, here=HERE, status=422 if wrong else 200)


@for_borrowers
@require_safe
def aim_of(request: HttpRequest, loan_id: str) -> HttpResponseBase:
    """More than is due: what it is for, with what each choice would do. A choice goes on in the address."""
    at, loan = now(), _loan(request, loan_id)
    wanted = in_address(request.GET.get("amount", ""), loan.currency, loan.left)
    if wanted is None:
        return redirect("portal:pay:amount", loan_id)
    about = {"loan": loan, "amount": wanted, "choices": aims(loan, wanted, at)}
    return show(request, "portal/pay/aim.html", about, here=HERE)


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def way(request: HttpRequest, loan_id: str) -> HttpResponseBase:
    """Which way; a press begins the payment, and the same page pressed twice is the same payment."""
    at, loan, her = now(), _loan(request, loan_id), signed_in(request)
    source = request.POST if request.method == "POST" else request.GET
    wanted = in_address(source.get("amount", ""), loan.currency, loan.left)
    if wanted is None:
        return redirect("portal:pay:amount", loan_id)
    early, wrong = source.get("early", ""), ""
    if request.method == "POST":
        try:
            made = begin(
                loan=loan, person_id=her.person_id, amount=wanted, way=request.POST.get("way", ""),
                once=request.POST.get("once", ""), at=at, early=early,
            )  # fmt: skip
            _begun(request, made)
            return redirect("portal:pay:intent", made.code)
        except DoesNotAnswer:
            wrong = "pay.wrong.away"
        except NotEnoughToClose:
            wrong = "pay.wrong.payoff"
        except Refused:
            wrong = "pay.wrong.way"
    last = last_way(her.person_id)
    found = carrying(ways_for(loan, country_of(her.person_id), last=last), wanted)
    about = {
        "amount": wanted, "loan": loan, "once": secrets.token_urlsafe(9), "wrong": wrong, "early": early,
        "aim": aim(loan, wanted, early, at), "ways": ways_shown(found.ways, last), "others": why_not(found, wanted),
    }  # fmt: skip
    return show(request, "portal/pay/way.html", about, here=HERE, status=422 if wrong else 200)


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def intent(request: HttpRequest, code: str) -> HttpResponseBase:
    """The page of the way. She says when she has paid."""
    made = _hers(request, code)
    if request.method == "POST":
        said_paid(intent=made, at=now())
        return redirect("portal:pay:receipt", code)
    if made.state != "begun":
        return redirect("portal:pay:receipt", code)
    about = {**way_page(made, _page(request, made)), "way_name": f"pay.ways.{made.way}.name"}
    return show(request, "portal/pay/intent.html", about, here=HERE)


@for_borrowers
@require_safe
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """Where this payment stands now."""
    at, made = now(), _hers(request, code)
    loan = loan_of(made.loan_id, made.person_id, at)
    about = {
        "intent": made, "amount": made.money, "way_name": f"pay.ways.{made.way}.name",
        "title": f"pay.receipt.{made.state}.title", "text": f"pay.receipt.{made.state}.text",
        "aim": f"pay.aim.{made.early}.chosen" if made.early else "",
        "on": (made.settled_at or made.announced_at or made.begun_at).date(), "left": loan.money(loan.left) if loan else None,
    }  # fmt: skip
    return show(request, "portal/pay/receipt.html", about, here=HERE)


def _loan(request: HttpRequest, loan_id: str) -> Loan:
    found = payable_one(signed_in(request).person_id, loan_id, now())
    if found is None:
        raise Http404
    return found


def _hers(request: HttpRequest, code: str) -> Intent:
    found = Intent.objects.filter(code=code, person_id=signed_in(request).person_id).first()
    if found is None:
        raise Http404
    return found


def _begun(request: HttpRequest, made: Intent) -> Begun:
    back_to = f"{settings.PUBLIC_URL}{reverse('portal:pay:receipt', args=[made.code])}"
    return shown(made, back_to=back_to, language=words_for(request).tag, at=now())


def _page(request: HttpRequest, made: Intent) -> Begun | None:
    """What to show; a provider's page is asked for by a press alone, never by looking."""
    if made.way == "card" and not made.address:
        return None
    try:
        return _begun(request, made)
    except Refused:
        return None
