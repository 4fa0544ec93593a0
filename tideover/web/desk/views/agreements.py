"""Promises and plans made with a person on the phone or at the counter: one question a page, within the limits of the role."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.kit.errors import Refused
from tideover.repayment.loans import Loan
from tideover.repayment.plans import accept, confided, means_of
from tideover.repayment.promises import promise_to_pay
from tideover.support.offering import offer_options
from tideover.web.desk.agreements import chosen, days_for, open_loans, options_of
from tideover.web.desk.readable import NEEDS, leaving
from tideover.web.desk.signed_in import signed_in
from tideover.web.portal.promise.forms import Typed
from tideover.web.ui.refusals import said_on


@needs(Power.RECORD_FACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: HttpRequest, person_id: str) -> HttpResponseBase:
    """Which day suits her? It is written down as hers, made with staff."""
    staff, at = signed_in(request), now()
    person, loans, loan = _asked(request, staff, person_id, at)
    if loan is None:
        return _which(request, person, loans, "A day of her own", "Which loan is it for?")
    wrong, typed = "", Typed.of(request.POST)
    if request.method == "POST":
        try:
            made = promise_to_pay(
                person_id=person.pk, loan_ids=[loan.loan_id], on=typed.day(), origin="agent", at=at,
                amount=typed.money([loan], "en"), by=staff,
            )  # fmt: skip
        except Refused as refused:
            wrong = str(refused)
        else:
            messages.success(
                request, f"Written down: {made.promise.on:%A %d %B %Y}. Reminders rest until then."
            )
            return redirect("desk:person", person.pk)
    about = {"person": person, "wrong": wrong, "typed": typed, **days_for(person.pk, loan, at)}
    return render(request, "desk/new_promise.html", about, status=422 if wrong else 200)


@needs(Power.RECORD_FACTS)
@require_http_methods(["GET", "HEAD"])
def options(request: HttpRequest, person_id: str) -> HttpResponse:
    """What helps with this loan, side by side, to be read to her."""
    staff, at = signed_in(request), now()
    person, loans, loan = _asked(request, staff, person_id, at)
    if loan is None:
        return _which(request, person, loans, "What helps", "Which loan is it about?")
    about = {"person": person, "loan": loan, "options": options_of(person.pk, loan, staff, at)}
    return render(request, "desk/options.html", about)


@needs(Power.RECORD_FACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def option(request: HttpRequest, person_id: str, key: str) -> HttpResponseBase:
    """All of one option; a press agrees to it with her."""
    staff, at = signed_in(request), now()
    person, _, loan = _asked(request, staff, person_id, at)
    if loan is None:
        raise Http404
    wrong = ""
    if request.method == "POST":
        try:
            accept(
                person_id=person.pk,
                loan_id=loan.loan_id,
                key=key,
                at=at,
                means=means_of(person.pk, at),
                by=staff,
            )
        except Refused as refused:
            wrong = str(refused)
        else:
            messages.success(
                request, "Agreed. It is written down for her, and she is told where a way is open."
            )
            return redirect("desk:person", person.pk)
    found = next((it for it in options_of(person.pk, loan, staff, at) if it.card.key == key), None)
    if found is None:
        messages.warning(
            request, wrong or "Something has changed since you looked. Look at the options once more."
        )
        return redirect(f"{reverse('desk:options', args=[person.pk])}?{urlencode({'loan': loan.loan_id})}")
    about = {"person": person, "loan": loan, "it": found, "wrong": wrong}
    return render(request, "desk/option.html", about, status=422 if wrong else 200)


@needs(Power.ANSWER)
@require_POST
@said_on("desk:person", "person_id")
def offer(request: HttpRequest, person_id: str) -> HttpResponseBase:
    """She is told by message that there are ways."""
    staff, at = signed_in(request), now()
    person, _, loan = _asked(request, staff, person_id, at)
    if loan is None:
        raise Http404
    sent = offer_options(person_id=person.pk, loan_id=loan.loan_id, by=staff, at=at)
    messages.success(request, leaving(sent))
    return redirect("desk:person", person.pk)


@needs(Power.ANSWER)
@require_POST
@said_on("desk:person", "person_id")
def told_in_confidence(request: HttpRequest, person_id: str) -> HttpResponseBase:
    """What she let us keep for those who help her. It is asked for with a press, for the reading is written down."""
    staff = signed_in(request)
    person = get_object_or_404(Person.objects.visible_to(staff), pk=person_id)
    told = [NEEDS[it] for it in confided(person_id=person.pk, by=staff, at=now())]
    response = render(request, "desk/confided.html", {"person": person, "told": told})
    response["Cache-Control"] = "no-store"
    return response


def _asked(
    request: HttpRequest, staff: Staff, person_id: str, at: datetime
) -> tuple[Person, list[Loan], Loan | None]:
    """The person, her loans about which something may be agreed, and the one that was chosen."""
    person = get_object_or_404(Person.objects.visible_to(staff), pk=person_id)
    loans = open_loans(person.pk, at)
    return person, loans, chosen(loans, request.POST.get("loan") or request.GET.get("loan", ""))


def _which(
    request: HttpRequest, person: Person, loans: list[Loan], title: str, question: str
) -> HttpResponse:
    rows = [(it, it.money(it.open_instalments[0].left), it.open_instalments[0].due_on) for it in loans]
    about = {"person": person, "rows": rows, "title": title, "question": question}
    return render(request, "desk/which_loan.html", about)
