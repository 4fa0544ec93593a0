"""Messages that people hold for false: read what they say, tell everybody, or say that it was nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.delivery.checking import dismiss, reported_now, warn_of
from tideover.delivery.models import Reported
from tideover.web.desk.signed_in import signed_in
from tideover.web.ui.refusals import said_on


@needs(Power.STOP_SENDING)
@require_http_methods(["GET", "HEAD", "POST"])
@said_on("desk:reported")
def reported(request: HttpRequest) -> HttpResponseBase:
    """Each with what was done about it."""
    at = now()
    if request.method != "POST":
        return render(request, "desk/reported.html", {"found": reported_now(signed_in(request)), "at": at})
    pk = request.POST.get("pk", "")[:18]
    found = get_object_or_404(Reported, pk=pk if pk.isdecimal() else 0)
    words = request.POST.get("words", "").strip()
    if request.POST.get("do") == "dismiss":
        dismiss(found, by=signed_in(request), at=at)
        messages.success(request, "Written down. Nobody is told about it any more.")
    elif words:
        warn_of(found, words=words, by=signed_in(request), at=at)
        messages.success(request, "Everybody reads it where they come in and where messages are checked.")
    else:
        messages.warning(request, "Write what people should look out for.")
    return redirect("desk:reported")
