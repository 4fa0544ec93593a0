"""Strategies as they were published: what differs, what it would do, and the second person's yes or no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.strategy.models import Release
from tideover.strategy.publishing import approve, ask_for_whole, refuse
from tideover.strategy.ramp import hold, let_go, take_back
from tideover.strategy.reading import listed
from tideover.web.desk.releases import page_of
from tideover.web.desk.signed_in import signed_in
from tideover.web.ui.refusals import said_on

Act = Callable[[Release, Staff, datetime, str], Release]
ACTS: dict[str, tuple[Act, str]] = {
    "approve": (lambda it, by, at, why: approve(it, by=by, at=at), "Approved."),
    "refuse": (
        lambda it, by, at, why: refuse(it, by=by, at=at, why=why),
        "Refused. Whoever published it sees why.",
    ),
    "whole": (
        lambda it, by, at, why: ask_for_whole(it, by=by, at=at),
        "Asked. A second person has to agree.",
    ),
    "hold": (lambda it, by, at, why: hold(it, by=by, at=at, why=why), "Held. Its share stays as it is."),
    "let-go": (
        lambda it, by, at, why: let_go(it, by=by, at=at),
        "It goes on, a day from now at the earliest.",
    ),
    "take-back": (
        lambda it, by, at, why: take_back(it, by=by, at=at, why=why),
        "Taken back. What waits to be sent is looked at again before it leaves.",
    ),
}
"""What a person can do with a release, and what is said then. Each verb asks itself whether this person may."""


@needs(Power.SEE_REPORTS)
@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """Every release, what decides and what waits first."""
    return render(request, "desk/releases.html", {"rows": listed(), "at": now()})


@needs(Power.SEE_REPORTS)
@require_safe
def release(request: HttpRequest, pk: str) -> HttpResponse:
    """One release."""
    found = get_object_or_404(Release, pk=pk)
    return render(request, "desk/release.html", page_of(found, signed_in(request), now()))


@needs(Power.SEE_REPORTS)
@require_POST
@said_on("desk:release", "pk")
def act(request: HttpRequest, pk: str, do: str) -> HttpResponseBase:
    """Yes, no, hold, go on, back."""
    found = get_object_or_404(Release, pk=pk)
    if do not in ACTS:
        raise Http404
    verb, told = ACTS[do]
    verb(found, signed_in(request), now(), request.POST.get("why", ""))
    messages.success(request, told)
    return redirect("desk:release", pk)
