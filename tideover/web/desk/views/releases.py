"""Strategies as they were published: what differs, what it would do, and the second person's yes or no."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.strategy.models import Release
from tideover.strategy.own_content import not_yet_agreed
from tideover.strategy.publishing import approve, ask_for_whole, refuse
from tideover.strategy.ramp import hold, let_go, take_back
from tideover.strategy.reading import listed
from tideover.web.desk.releases import page_of
from tideover.web.desk.signed_in import signed_in
from tideover.web.ui.refusals import said_on

ACTS: dict[str, tuple[Callable[..., Release], str]] = {
    "whole": (ask_for_whole, "Asked. A second person has to agree."),
    "let-go": (let_go, "It goes on, a day from now at the earliest."),
}
WITH_WORDS: dict[str, tuple[Callable[..., Release], str]] = {
    "approve": (approve, "Approved."),
    "refuse": (refuse, "Refused. Whoever published it sees why."),
    "hold": (hold, "Held. Its share stays as it is."),
    "take-back": (take_back, "Taken back. What waits to be sent is looked at again before it leaves."),
}
"""What a person can do with a release, and what is said then. Each verb asks itself whether this person may."""


@needs(Power.SEE_REPORTS)
@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """Every release, what decides and what waits first."""
    about = {"rows": listed(), "at": now(), "not_agreed": not_yet_agreed()}
    return render(request, "desk/releases.html", about)


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
    if do in ACTS:
        verb, told = ACTS[do]
        verb(found, by=signed_in(request), at=now())
    elif do in WITH_WORDS:
        verb, told = WITH_WORDS[do]
        verb(found, by=signed_in(request), at=now(), why=request.POST.get("why", ""))
    else:
        raise Http404
    messages.success(request, told)
    return redirect("desk:release", pk)
