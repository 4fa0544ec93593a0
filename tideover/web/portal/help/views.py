"""Why a payment is late, told in one tap; what she can pay, where she likes to say; what helps, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tideover.access.clock import now
from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.repayment.loans import Loan, loans_of
from tideover.repayment.plans import (
    confide,
    forget_confidence,
    means_of,
    offered_for,
    open_plans_of,
    tell_means,
    tell_reason,
)
from tideover.repayment.plans.limits import plan_limits
from tideover.repayment.plans.refusals import NotAnAnswer
from tideover.repayment.plans.why import NEEDS, SENSITIVE, has_confided
from tideover.repayment.promises import held_back
from tideover.repayment.promises.offering import TALK_FIRST
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.help.cards import Card, card_of
from tideover.web.portal.help.forms import BudgetTyped
from tideover.web.portal.showing import show, words_for

HERE = "help"


@require_http_methods(["GET", "HEAD", "POST"])
@for_borrowers
def why(request: HttpRequest) -> HttpResponseBase:
    """What makes it hard? One tap; what is delicate is asked for leave first, and nothing is kept before that."""
    her, need = signed_in(request).person_id, request.POST.get("need", "")
    if request.method == "POST" and need in SENSITIVE:
        about: dict[str, object] = {"need": need, "consent": _consent(request)}
        return show(request, "portal/help/confide.html", about, here=HERE)
    wrong = False
    if request.method == "POST":
        try:
            tell_reason(person_id=her, need=need, at=now())
            return redirect("portal:help:options")
        except NotAnAnswer:
            wrong = True
    about = {"needs": (*NEEDS, *SENSITIVE), "wrong": wrong, "has_confided": has_confided(her)}
    return show(request, "portal/help/why.html", about, here=HERE, status=422 if wrong else 200)


@require_POST
@for_borrowers
def confidence(request: HttpRequest) -> HttpResponseBase:
    """Kept with the words she has just read; or not kept; or taken back."""
    her, need, answer, at = (
        signed_in(request).person_id,
        request.POST.get("need", ""),
        request.POST.get("answer"),
        now(),
    )
    if answer == "forget":
        forget_confidence(person_id=her, at=at)
        return redirect("portal:help:why")
    if need not in SENSITIVE:
        return redirect("portal:help:why")
    if answer == "yes":
        confide(person_id=her, need=need, words=_consent(request), language=words_for(request).tag, at=at)
    else:
        tell_reason(person_id=her, need=need, at=at)
    return redirect("portal:help:options")


def _consent(request: HttpRequest) -> str:
    us = settings.SENDER
    days = plan_limits(settings.CONTENT).confidence_days
    return words_for(request).say("help.consent", sender=us["public_name"] or us["name"], days=days)


@require_http_methods(["GET", "HEAD", "POST"])
@for_borrowers
def budget(request: HttpRequest) -> HttpResponseBase:
    """Three numbers in a minute, if she likes."""
    her, at = signed_in(request).person_id, now()
    loans = offerable(loans_of(her, at), her, at)[0]
    if not loans:
        return redirect("portal:help:options")
    currency = loans[0].currency
    typed = BudgetTyped.of(request.POST, currency, words_for(request).tag)
    wrong: tuple[str, ...] = ()
    if request.method == "POST" and not (wrong := typed.wrong):
        try:
            tell_means(
                person_id=her, comes_in=typed.comes_in, goes_out=typed.goes_out, payday=typed.payday, at=at
            )
            return redirect("portal:help:options")
        except Refused:
            wrong = ("comes_in",)
    about = {
        "typed": typed, "wrong": wrong, "currency": currency, "days": plan_limits(settings.CONTENT).budget_days,
    }  # fmt: skip
    return show(request, "portal/help/budget.html", about, here=HERE, status=422 if wrong else 200)


@require_safe
@for_borrowers
def options(request: HttpRequest) -> HttpResponseBase:
    """What helps with one loan, side by side; which loan is asked where there are several."""
    her, at = signed_in(request).person_id, now()
    loans, must_talk = offerable(loans_of(her, at), her, at)
    about: dict[str, object] = {"must_talk": must_talk, "loans": _named(loans)}
    chosen = next((it for it in loans if it.loan_id == request.GET.get("loan")), loans[0] if loans else None)
    if chosen is not None:
        means, running = means_of(her, at), open_plans_of(her)
        about |= {
            "cards": cards(chosen, her, at), "chosen": chosen.loan_id, "left": chosen.money(chosen.left),
            "spare": None if means.spare is None else Money(means.spare, chosen.currency),
            "plan": next((it for it in running if it.subject == chosen.loan_id), None),
        }  # fmt: skip
    return show(request, "portal/help/options.html", about, here=HERE)


def cards(loan: Loan, her: str, at: datetime) -> list[Card]:
    """The options of a loan as they are shown."""
    return [card_of(it, loan) for it in offered_for(loan, her, at, means_of(her, at))]


def offerable(loans: Sequence[Loan], her: str, at: datetime) -> tuple[list[Loan], bool]:
    """Those about which something may be agreed, the most pressing first; whether for some a person is spoken with first."""
    reasons = held_back(loans, her, at)
    found = [it for it in loans if it.loan_id not in reasons]
    return sorted(
        found, key=lambda it: (it.open_instalments[0].due_on, it.loan_id)
    ), TALK_FIRST in reasons.values()


def _named(loans: Sequence[Loan]) -> list[dict[str, object]]:
    return [
        {
            "loan_id": it.loan_id,
            "amount": it.money(it.open_instalments[0].left),
            "on": it.open_instalments[0].due_on,
        }
        for it in loans
    ]
