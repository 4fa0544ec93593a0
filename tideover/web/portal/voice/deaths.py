"""Someone has died: told once, by anybody, signed in or not. The answer is the same whoever is named."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from tideover.access.clock import now
from tideover.support.voice.deaths import NobodyNamed, someone_close_died, tell_death
from tideover.web.portal.door import for_borrowers, quiet, signed_in
from tideover.web.portal.showing import show, words_for
from tideover.web.portal.voice.asked import may_tell, once, once_of, typed

FIELDS = ("who", "reference", "her_address", "told_by", "reach")
IN_PEACE = timedelta(days=30)


@require_http_methods(["GET", "HEAD", "POST"])
def death(request: HttpRequest) -> HttpResponseBase:
    """Who has died, and how we may reach whoever tells it."""
    about: dict[str, object] = {"once": once(), "is_told": "told" in request.GET}
    if request.method != "POST":
        return quiet(show(request, "portal/voice/death.html", about, here="more"))
    told = typed(request, *FIELDS)
    if not may_tell(request):
        return quiet(
            show(request, "portal/voice/death.html", {**about, "told": told, "wrong": "often"}, status=429)
        )
    try:
        tell_death(**told, at=now(), once=once_of(request), language=words_for(request).tag)
    except NobodyNamed:
        return quiet(
            show(request, "portal/voice/death.html", {**about, "told": told, "wrong": "missing"}, status=422)
        )
    return HttpResponseRedirect("/me/death/?told")


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def someone_close(request: HttpRequest) -> HttpResponseBase:
    """Somebody close to her: she is left in peace for a while."""
    at = now()
    about = {"once": once(), "is_told": "told" in request.GET, "until": (at + IN_PEACE).date()}
    if request.method != "POST":
        return show(request, "portal/voice/someone_close.html", about, here="more")
    said = typed(request, "said")["said"]
    someone_close_died(
        person_id=signed_in(request).person_id, at=at, until=at + IN_PEACE, said=said, once=once_of(request)
    )  # fmt: skip
    return HttpResponseRedirect("/me/death/close/?told")
