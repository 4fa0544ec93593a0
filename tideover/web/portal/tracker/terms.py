"""All terms before she signs: read in peace, five questions, agreed with her name, or not, or asked about."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tideover.access.clock import now
from tideover.book.applications.models import OfferedTerms
from tideover.kit.errors import Refused
from tideover.repayment.terms.before import agree, loan_of, newest_terms, refuse
from tideover.repayment.terms.place import place_of
from tideover.web.portal.door import for_borrowers, for_proven, signed_in
from tideover.web.portal.promise.forms import code_of
from tideover.web.portal.showing import show, words_for
from tideover.web.portal.standing.found import Found
from tideover.web.portal.standing.terms import all_of
from tideover.web.portal.standing.understood import one_of, whether
from tideover.web.portal.tracker.said import asking
from tideover.web.portal.tracker.tracking import hers


@for_borrowers
@require_safe
def terms(request: HttpRequest, key: str) -> HttpResponseBase:
    """Rate, cost, charges, every payment; and what she can say to them."""
    offered, it = _found(request, key)
    payments = [(one.due_on, it.loan.money(one.amount)) for one in it.loan.instalments]
    about = {
        "key": key,
        "offered": offered,
        "payments": payments,
        **all_of(request, it),
        **asking(key, "terms"),
    }
    return show(request, "portal/tracker/terms.html", about, here="more")


@for_proven
@require_http_methods(["GET", "HEAD", "POST"])
def agreeing(request: HttpRequest, key: str) -> HttpResponseBase:
    """With her name. She shows once more who she is, for it binds her."""
    offered, it = _found(request, key)
    wrong, typed = "", request.POST.get("name", "")
    if request.method == "POST":
        try:
            agree(
                person_id=it.person_id, application_id=key, key=request.POST.get("terms", ""), name=typed,
                language=words_for(request).tag, at=it.at,
            )  # fmt: skip
            return redirect("portal:tracker:terms", key)
        except Refused as refused:
            wrong = f"tracker.offer.wrong.{code_of(refused)}"
    if offered.state != "offered":
        return redirect("portal:tracker:terms", key)
    about = {"key": key, "offered": offered, "typed": typed, "wrong": wrong, **all_of(request, it)}
    return show(request, "portal/tracker/agree.html", about, here="more", status=422 if wrong else 200)


@for_borrowers
@require_POST
def refusing(request: HttpRequest, key: str) -> HttpResponseBase:
    """No, not these; pressed twice it is once."""
    _, it = _found(request, key)
    try:
        refuse(person_id=it.person_id, application_id=key, key=request.POST.get("terms", ""), at=it.at)
    except Refused as refused:
        messages.warning(request, words_for(request).say(f"tracker.offer.wrong.{code_of(refused)}"))
    return redirect("portal:tracker:terms", key)


@for_borrowers
@require_safe
def understood(request: HttpRequest, key: str) -> HttpResponseBase:
    """Five short questions before she signs; nothing hangs on the answers."""
    return whether(request, _found(request, key)[1], reverse("portal:tracker:terms", args=[key]))


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """One of them."""
    return one_of(request, _found(request, key)[1], name, reverse("portal:tracker:terms", args=[key]))


def _found(request: HttpRequest, key: str) -> tuple[OfferedTerms, Found]:
    """Her terms, as a loan that would be. Raises Http404."""
    at, her = now(), signed_in(request).person_id
    hers(request, key, at)
    offered = newest_terms(key)
    if offered is None or offered.person_id != her:
        raise Http404
    return offered, Found(loan_of(offered), her, place_of(her, at), at)
