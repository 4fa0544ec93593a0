"""For somebody who pays for her: a name, an amount, a word, and the ways to pay. Nothing here knows more."""

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
from tideover.repayment.ways.contract import Begun, DoesNotAnswer
from tideover.repayment.ways.intents import said_paid, shown
from tideover.repayment.ways.links import begin_for_her, is_open, left_of, link_of
from tideover.repayment.ways.models import Intent, PayLink
from tideover.repayment.ways.register import carrying, ways_in
from tideover.repayment.ways.whose import country_of
from tideover.web.portal.door import quiet
from tideover.web.portal.pay.amounts import example, in_address, typed
from tideover.web.portal.pay.pages import way_page, ways_shown, why_not
from tideover.web.portal.showing import show, words_for


@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, token: str) -> HttpResponseBase:
    """Who asks, how much, what for; a part is welcome."""
    link = _link(token)
    if not is_open(link, now()):
        return _ended(request)
    left, wrong = left_of(link), ""
    if request.method == "POST":
        found = typed(request.POST.get("amount", ""), link.currency, left.minor, words_for(request).tag)
        if found.amount is not None:
            return redirect(
                f"{reverse('portal:payer:way', args=[token])}?{urlencode({'amount': found.amount.minor})}"
            )
        wrong = f"pay.wrong.{found.wrong}"
    about = {
        "name": link.asks, "word": link.word, "amount": left, "most": left, "wrong": wrong, "example": example(link.currency),
        "typed": request.POST.get("amount") or left.decimal, "currency": link.currency,
    }  # fmt: skip
    return quiet(show(request, "portal/pay/payer_asked.html", about, status=422 if wrong else 200))


@require_http_methods(["GET", "HEAD", "POST"])
def way(request: HttpRequest, token: str) -> HttpResponseBase:
    """Which way."""
    link = _link(token)
    if not is_open(link, now()):
        return _ended(request)
    source = request.POST if request.method == "POST" else request.GET
    wanted, wrong = in_address(source.get("amount", ""), link.currency, left_of(link).minor), ""
    if wanted is None:
        return redirect("portal:payer:asked", token)
    if request.method == "POST":
        try:
            made = begin_for_her(
                link=link, amount=wanted, way=request.POST.get("way", ""), once=request.POST.get("once", ""), at=now()
            )  # fmt: skip
            _begun(request, token, made)
            return redirect("portal:payer:intent", token, made.code)
        except DoesNotAnswer:
            wrong = "pay.wrong.away"
        except Refused:
            wrong = "pay.wrong.way"
    found = carrying(ways_in(link.currency, country_of(link.person_id)), wanted)
    about = {
        "amount": wanted, "once": secrets.token_urlsafe(9), "wrong": wrong,
        "ways": ways_shown(found.ways), "others": why_not(found, wanted),
        "back": reverse("portal:payer:asked", args=[token]),
    }  # fmt: skip
    return quiet(show(request, "portal/pay/way.html", about, status=422 if wrong else 200))


@require_http_methods(["GET", "HEAD", "POST"])
def intent(request: HttpRequest, token: str, code: str) -> HttpResponseBase:
    """The page of the way; whoever paid says so."""
    made = _of_link(token, code)
    if request.method == "POST":
        said_paid(intent=made, at=now())
        return redirect("portal:payer:thanks", token, code)
    if made.state != "begun":
        return redirect("portal:payer:thanks", token, code)
    about = {
        **way_page(made, _page(request, token, made)), "way_name": f"pay.ways.{made.way}.name",
        "back": f"{reverse('portal:payer:way', args=[token])}?{urlencode({'amount': made.amount})}",
    }  # fmt: skip
    return quiet(show(request, "portal/pay/intent.html", about))


@require_safe
def thanks(request: HttpRequest, token: str, code: str) -> HttpResponseBase:
    """What becomes of it."""
    made, link = _of_link(token, code), _link(token)
    about = {"name": link.asks, "amount": made.money, "text": f"pay.payer.{made.state}", "code": made.code}
    return quiet(show(request, "portal/pay/payer_thanks.html", about))


def _link(token: str) -> PayLink:
    found = link_of(token)
    if found is None:
        raise Http404
    return found


def _of_link(token: str, code: str) -> Intent:
    found = Intent.objects.filter(code=code, link=_link(token)).first()
    if found is None:
        raise Http404
    return found


def _ended(request: HttpRequest) -> HttpResponse:
    quiet(page := show(request, "portal/pay/payer_ended.html", {}, status=410))
    return page


def _begun(request: HttpRequest, token: str, made: Intent) -> Begun:
    back_to = f"{settings.PUBLIC_URL}{reverse('portal:payer:thanks', args=[token, made.code])}"
    return shown(made, back_to=back_to, language=words_for(request).tag, at=now())


def _page(request: HttpRequest, token: str, made: Intent) -> Begun | None:
    if made.way == "card" and not made.address:
        return None
    try:
        return _begun(request, token, made)
    except Refused:
        return None
