"""Somebody may pay for her: she makes a link that shows what she wants shown, and ends it when she likes."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tideover.access.clock import now
from tideover.kit.errors import Refused
from tideover.repayment.ways.links import (
    LONGEST_NAME,
    LONGEST_WORD,
    NoName,
    end_link,
    left_of,
    links_of,
    make_link,
)
from tideover.repayment.ways.models import PayLink
from tideover.repayment.ways.whose import payable, payable_one
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.pay.amounts import example, typed
from tideover.web.portal.showing import show, words_for

HERE = "pay"


@for_borrowers
@require_safe
def which(request: HttpRequest) -> HttpResponseBase:
    """Links that are open, and the way to make one."""
    at, her = now(), signed_in(request).person_id
    loans, links = payable(her, at), links_of(her, at)
    if len(loans) == 1 and not links:
        return redirect("portal:pay:make_link", loans[0].loan_id)
    rows = [{"pk": it.pk, "amount": it.money, "word": it.word, "on": it.until_at.date()} for it in links]
    return show(request, "portal/pay/links.html", {"rows": rows, "loans": loans}, here=HERE)


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, loan_id: str) -> HttpResponseBase:
    """The name, the amount and the word that somebody else will see."""
    at, her = now(), signed_in(request).person_id
    loan = payable_one(her, loan_id, at)
    if loan is None:
        raise Http404
    wrong = {}
    if request.method == "POST":
        found = typed(request.POST.get("amount", ""), loan.currency, loan.left, words_for(request).tag)
        if found.amount is None:
            wrong["amount"] = f"pay.wrong.{found.wrong}"
        try:
            if found.amount is not None:
                made = make_link(
                    loan=loan, person_id=her, amount=found.amount, asks=request.POST.get("asks", ""), word=request.POST.get("word", ""),
                    once=request.POST.get("once", ""), at=at,
                )  # fmt: skip
                return redirect("portal:pay:link", made.pk)
        except NoName:
            wrong["asks"] = "pay.wrong.asks"
        except Refused:
            wrong["amount"] = "pay.wrong.more"
    step = loan.next_one
    about = {
        "loan": loan, "wrong": wrong, "form": request.POST, "once": request.POST.get("once") or secrets.token_urlsafe(9),
        "suggested": loan.money(step.left).decimal if step else "", "most": loan.money(loan.left), "example": example(loan.currency),
        "longest_name": LONGEST_NAME, "longest_word": LONGEST_WORD,
    }  # fmt: skip
    return show(request, "portal/pay/make_link.html", about, here=HERE, status=422 if wrong else 200)


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def made(request: HttpRequest, pk: int) -> HttpResponse | HttpResponseBase:
    """The link to pass on; a press ends it."""
    her, at = signed_in(request).person_id, now()
    if request.method == "POST":
        if end_link(person_id=her, pk=pk, at=at) is None:
            raise Http404
        return redirect("portal:pay:for_me")
    link = PayLink.objects.filter(pk=pk, person_id=her).first()
    if link is None:
        raise Http404
    left = left_of(link)
    about = {
        "link": link, "address": f"{settings.PUBLIC_URL}{reverse('portal:payer:asked', args=[link.token])}", "amount": link.money,
        "paid": link.money - left, "on": link.until_at.date(), "is_open": link.ended_at is None and at < link.until_at,
    }  # fmt: skip
    return show(request, "portal/pay/link.html", about, here=HERE)
