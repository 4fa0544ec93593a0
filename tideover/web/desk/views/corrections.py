"""Corrections: what was wrong, who got it, and how far putting it right has come."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tideover.access.allowed import may, needs
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.delivery.corrections import agree_correction, ask_correction, carry_on, turn_down_correction
from tideover.delivery.models import Correction
from tideover.delivery.progress import about, corrections_page, one_of, samples, standing_of, unreached
from tideover.delivery.shown import kept
from tideover.delivery.wrong import Wrong, reach_of
from tideover.kit.errors import Refused
from tideover.web.desk.corrections import choices, wrong_in
from tideover.web.desk.signed_in import signed_in
from tideover.web.ui.refusals import said_on


@needs(Power.SEE_REPORTS)
@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """Every correction with how far it has come."""
    page, rows = corrections_page(request.GET.get("page"), now())
    may_ask = may(signed_in(request), Power.CORRECT)
    return render(request, "desk/corrections.html", {"page": page, "rows": rows, "may_ask": may_ask})


@needs(Power.CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Name what was wrong, see whom it reached, then ask for the correction."""
    staff, at = signed_in(request), now()
    typed = (request.POST if request.method == "POST" else request.GET).dict()
    context: dict[str, object] = {"typed": typed, **choices(at)}
    try:
        wrong = wrong_in(typed)
        if wrong is not None and request.method == "POST":
            made = ask_correction(wrong=wrong, says=typed.get("says", ""), by=staff, at=at)
            messages.success(request, "Asked. Nothing is sent until somebody else agrees.")
            return redirect("desk:correction", made.pk)
        if wrong is not None:
            example = one_of(wrong, staff)
            context |= {"reach": reach_of(wrong), "about": about(wrong), "samples": samples(wrong, at)}
            context |= {"example": kept(example) if example else None}
    except Refused as refused:
        context |= {"wrong": str(refused)}
    return render(request, "desk/new_correction.html", context)


@needs(Power.SEE_REPORTS)
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One correction: what was wrong, who asked, who agreed, what became of it."""
    staff, at = signed_in(request), now()
    found = get_object_or_404(
        Correction.objects.select_related("request__asked_by", "request__approved_by"), pk=pk
    )
    (row,) = standing_of([found], at)
    wrong, is_own = Wrong.of(found), found.request.asked_by_id == staff.pk
    context = {
        "row": row, "correction": found, "is_own": is_own, "reach": reach_of(wrong), "samples": samples(wrong, at),
        "unreached": unreached(found, staff), "may_agree": settings.ONE_PERSON if is_own else may(staff, Power.APPROVE_CORRECTION),
        "may_carry_on": may(staff, Power.CORRECT),
    }  # fmt: skip
    return render(request, "desk/correction.html", context)


@needs(Power.SEE_REPORTS)
@require_POST
@said_on("desk:correction", "pk")
def act(request: HttpRequest, pk: int, do: str) -> HttpResponseBase:
    """Agree, turn it down, or ask again about those who were not told."""
    staff, at = signed_in(request), now()
    found = get_object_or_404(Correction, pk=pk)
    if do == "agree":
        agree_correction(correction=found, by=staff, at=at)
        messages.success(request, "Agreed. It goes to everybody who got what was wrong, and to nobody else.")
    elif do == "turn-down":
        turn_down_correction(correction=found, by=staff, at=at)
        messages.success(request, "Nothing is sent.")
    elif do == "carry-on":
        carry_on(correction=found, by=staff, at=at)
        messages.success(request, "Asked again about those who were not told. Nobody is told twice.")
    else:
        raise Http404
    return redirect("desk:correction", pk)
