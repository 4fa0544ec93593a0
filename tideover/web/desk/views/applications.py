"""Applications: what waits, one with its answers and papers, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tideover.access.actors import staff_actor
from tideover.access.allowed import needs
from tideover.access.audit import note
from tideover.access.clock import now
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.applications import deciding
from tideover.book.applications.models import Application, Upload
from tideover.book.applications.offered import read_offered
from tideover.book.applications.sending import content_of
from tideover.book.surrogates import surrogate_of
from tideover.repayment.terms.before import offer_terms
from tideover.web.desk.application import listed, page_of
from tideover.web.desk.signed_in import signed_in
from tideover.web.desk.terms import wanted_of
from tideover.web.ui.handing_out import handed_out
from tideover.web.ui.refusals import said_on


@needs(Power.SEE_PEOPLE)
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    """Those that wait for us, by the day on which the person hears from us."""
    return render(
        request, "desk/applications.html", listed(signed_in(request), now(), request.GET.get("page"))
    )


@needs(Power.SEE_PEOPLE)
@require_safe
def application(request: HttpRequest, key: str) -> HttpResponse:
    """One application."""
    staff = signed_in(request)
    found = get_object_or_404(Application.objects.visible_to(staff), pk=key)
    return render(request, "desk/application.html", page_of(found, staff, now()))


@needs(Power.SEE_PEOPLE)
@require_safe
def file(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """A paper she sent; that somebody looked stands in the audit trail."""
    staff = signed_in(request)
    found = get_object_or_404(Application.objects.visible_to(staff), pk=key)
    upload = get_object_or_404(Upload, pk=pk, document__application=found)
    note(
        action="document_opened", by=staff_actor(staff), at=now(), about=surrogate_of(found.person_id),
        detail={"application": found.pk, "upload": upload.pk},
    )  # fmt: skip
    return handed_out(content_of(upload), upload.media_type, f"document-{upload.pk}")


@needs(Power.RECORD_FACTS)
@require_POST
@said_on("desk:application", "key")
def act(request: HttpRequest, key: str, do: str) -> HttpResponseBase:
    """Ask, look, review, yes, no, pay out."""
    if do not in ACTS:
        raise Http404
    staff = signed_in(request)
    found = get_object_or_404(Application.objects.visible_to(staff), pk=key)
    messages.success(request, ACTS[do](request, found, staff))
    return redirect("desk:application", key)


def _ask_for(request: HttpRequest, found: Application, staff: Staff) -> str:
    kinds = request.POST.getlist("kind")
    deciding.ask_for(
        application=found, kinds=kinds, offered=read_offered(settings.CONTENT), by=staff, at=now()
    )
    return "Asked. She is told what is missing and how to send it."


def _look_at(request: HttpRequest, found: Application, staff: Staff) -> str:
    is_fine = request.POST.get("is") == "fine"
    kind, words = request.POST.get("kind", ""), request.POST.get("words", "")
    deciding.look_at(application=found, kind=kind, is_fine=is_fine, words=words, by=staff, at=now())
    return (
        "Written down."
        if is_fine
        else "Written down; she reads your words. Ask for it when you have looked at all."
    )


def _review(_: HttpRequest, found: Application, staff: Staff) -> str:
    deciding.review(application=found, offered=read_offered(settings.CONTENT), by=staff, at=now())
    return "She is told that a person looks at it."


def _approve(request: HttpRequest, found: Application, staff: Staff) -> str:
    deciding.approve(application=found, loan_id=request.POST.get("loan", ""), by=staff, at=now())
    return "Yes. She is told, with all the terms."


def _decline(request: HttpRequest, found: Application, staff: Staff) -> str:
    sources = [
        {"code": code, "reach": request.POST.get(f"reach-{code}", "").strip()}
        for code in request.POST.getlist("source")
    ]
    deciding.decline(
        application=found, reasons=request.POST.getlist("reason"), sources=sources,
        offered=read_offered(settings.CONTENT), by=staff, at=now(),
    )  # fmt: skip
    return "No. She is told why, whose data was used, and how to have it looked at again."


def _offer_terms(request: HttpRequest, found: Application, staff: Staff) -> str:
    offer_terms(application=found, wanted=wanted_of(request.POST, found, now().date()), by=staff, at=now())
    return "Written down. She reads all of it on her page before she agrees."


def _pay_out(request: HttpRequest, found: Application, staff: Staff) -> str:
    deciding.pay_out(application=found, loan_id=request.POST.get("loan", ""), by=staff, at=now())
    return "She is told that the money is on its way."


ACTS: dict[str, Callable[[HttpRequest, Application, Staff], str]] = {
    "ask-for": _ask_for,
    "look-at": _look_at,
    "review": _review,
    "approve": _approve,
    "decline": _decline,
    "offer-terms": _offer_terms,
    "pay-out": _pay_out,
}
"""What can be done, and what is said then. Each verb asks itself whether this person may."""
