"""The stop button: one press, and nothing leaves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tideover.access.allowed import may, needs
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.strategy.stops import ALL, RESTORED, release_sending, stop_sending
from tideover.web.desk.signed_in import signed_in
from tideover.web.desk.stops import scopes, standing_stops
from tideover.web.ui.refusals import said_on

GOES_ON = "It goes on. What waited is looked at again before it leaves."
SECOND_PERSON = "Asked for. Another person who may agree presses the same button."


@needs(Power.STOP_SENDING)
@require_http_methods(["GET", "HEAD", "POST"])
@said_on("desk:stop")
def stop(request: HttpRequest) -> HttpResponseBase:
    """What is stopped, since when; stop everything or one channel; let it go on."""
    staff, scope = signed_in(request), request.POST.get("scope", "")
    if request.method == "POST" and scope in scopes():
        if "lift" in request.POST:
            goes_on = release_sending(scope=scope, by=staff, at=now())
            messages.success(request, GOES_ON if goes_on else SECOND_PERSON)
        else:
            stop_sending(scope=scope, by=staff, at=now())
            messages.success(request, "Stopped. Nothing of it leaves from now on.")
        return redirect("desk:stop")
    stops = standing_stops()
    is_all = any(it.scope in (ALL, RESTORED) for it in stops)
    context = {
        "stops": stops,
        "is_all": is_all,
        "scopes": scopes(),
        "all": ALL,
        "restored": RESTORED,
        "at": now(),
    }
    lifts, agrees = may(staff, Power.RELEASE_SENDING), may(staff, Power.APPROVE_RELEASE)
    return render(request, "desk/stop.html", {**context, "may_lift": lifts, "may_agree": agrees})
