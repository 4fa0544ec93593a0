"""The stop button: one press, and nothing leaves. To let it go on takes two."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.strategy.lifting import agree_release, ask_release, keep_stopped, take_back_stop
from tideover.strategy.stops import ALL, RESTORED, stop_sending
from tideover.web.desk.signed_in import signed_in
from tideover.web.desk.stops import scopes, standing_stops
from tideover.web.ui.refusals import said_on

GOES_ON = "It goes on. What waited is looked at again before it leaves."
DO: Mapping[str, tuple[Callable[..., object], str]] = {
    "ask": (ask_release, "Asked. It stays stopped until somebody else agrees."),
    "agree": (agree_release, GOES_ON),
    "keep": (keep_stopped, "It stays stopped."),
    "take_back": (take_back_stop, GOES_ON),
    "stop": (stop_sending, "Stopped. Nothing of it leaves from now on."),
}
"""Each thing that can be done about a scope, and what is said once it is done."""


@needs(Power.STOP_SENDING)
@require_http_methods(["GET", "HEAD", "POST"])
@said_on("desk:stop")
def stop(request: HttpRequest) -> HttpResponseBase:
    """What is stopped, since when and by whom; stop, ask to let it go on, agree."""
    staff, scope, at = signed_in(request), request.POST.get("scope", ""), now()
    known = scopes()
    if request.method == "POST" and scope in known:
        act, said = DO.get(request.POST.get("do", "stop"), DO["stop"])
        act(scope=scope, by=staff, at=at)
        messages.success(request, said)
        return redirect("desk:stop")
    stops = standing_stops(staff, at)
    is_all = any(it.scope in (ALL, RESTORED) for it in stops)
    context = {"stops": stops, "is_all": is_all, "scopes": known, "all": ALL, "restored": RESTORED, "at": at}
    return render(request, "desk/stop.html", context)
