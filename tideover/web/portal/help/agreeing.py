"""One option with all its payments, the agreement, its undo; and a person's look at it all."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tideover.access.clock import now
from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.repayment.loans import loans_of
from tideover.repayment.plans import accept, ask_for_review, may_undo, means_of, plan_of, undo
from tideover.repayment.plans.models import Plan
from tideover.repayment.plans.why import has_asked
from tideover.repayment.promises.refusals import NotHers
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.help.cards import cost_of
from tideover.web.portal.help.views import HERE, cards, offerable
from tideover.web.portal.promise.forms import code_of
from tideover.web.portal.showing import show


@require_http_methods(["GET", "HEAD", "POST"])
@for_borrowers
def option(request: HttpRequest, key: str) -> HttpResponseBase:
    """All of it before she agrees; a press agrees."""
    her, at = signed_in(request).person_id, now()
    loan_id = request.POST.get("loan") or request.GET.get("loan", "")
    loans, _ = offerable(loans_of(her, at), her, at)
    loan = next((it for it in loans if it.loan_id == loan_id), None)
    if loan is None:
        raise Http404
    wrong = ""
    if request.method == "POST":
        try:
            made = accept(person_id=her, loan_id=loan_id, key=key, means=means_of(her, at), at=at)
            return redirect("portal:help:plan", made.pk)
        except NotHers as refused:
            raise Http404 from refused
        except Refused as refused:
            wrong = code_of(refused)
    found = next((it for it in cards(loan, her, at) if it.key == key and it.payments), None)
    return _shown(
        request, {"card": found, "wrong": wrong or ("" if found else "option_changed"), "loan_id": loan_id}
    )


def _shown(request: HttpRequest, about: dict[str, object]) -> HttpResponse:
    return show(request, "portal/help/option.html", about, here=HERE, status=422 if about["wrong"] else 200)


@require_safe
@for_borrowers
def plan(request: HttpRequest, plan_id: int) -> HttpResponseBase:
    """The plan that was agreed, and how it stands."""
    found = _hers(request, plan_id)
    agreed, currency = found.agreed, found.agreed["currency"]
    about = {
        "plan": found,
        "payments": [
            (date.fromisoformat(on), Money(sum(parts), currency)) for on, *parts in agreed["schedule"]
        ],
        "cost": cost_of(agreed["extra"]),
        "extra": Money(abs(agreed["extra"]), currency),
        "total": Money(agreed["total"], currency),
        "ends_on": date.fromisoformat(agreed["ends_on"]),
        "may_undo": may_undo(found, now()),
    }
    return show(request, "portal/help/plan.html", about, here=HERE)


@require_POST
@for_borrowers
def undo_plan(request: HttpRequest, plan_id: int) -> HttpResponseBase:
    """As before; pressed twice it is undone once, and where it cannot be undone the page says so."""
    found = _hers(request, plan_id)
    if may_undo(found, now()):
        try:
            undo(plan_id=found.pk, person_id=found.person_id, at=now())
        except Refused as refused:
            return show(request, "portal/help/talk.html", {"wrong": code_of(refused)}, here=HERE, status=422)
    return redirect("portal:help:plan", plan_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_borrowers
def review(request: HttpRequest) -> HttpResponseBase:
    """A person of ours looks at it all; a press asks for it, and the page says what happens next."""
    her = signed_in(request).person_id
    if request.method == "POST":
        ask_for_review(person_id=her, at=now())
        return redirect("portal:help:review")
    if not has_asked(her, now()):
        return redirect("portal:help:options")
    return show(request, "portal/help/review.html", here=HERE)


def _hers(request: HttpRequest, plan_id: int) -> Plan:
    found = plan_of(plan_id, signed_in(request).person_id)
    if found is None:
        raise Http404
    return found
