"""Check a message by its code, or report one that is not ours. Open to everybody, signed in or not."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from tideover.access.borrowers.codes import network_of
from tideover.access.borrowers.session import borrower_of
from tideover.access.clock import now
from tideover.access.counted import times
from tideover.delivery.checking import checked, report, warning_now
from tideover.kit.cards import cover_cards
from tideover.kit.text import without_bidi_controls
from tideover.web.portal.door import quiet
from tideover.web.portal.doors.asking import address_from
from tideover.web.portal.showing import show, words_for

A_NETWORK, HOUR = 30, 3_600
"""Codes looked up an hour from one network: enough for a shop, too few to find one by guessing."""


@require_http_methods(["GET", "HEAD", "POST"])
def check_page(request: HttpRequest) -> HttpResponseBase:
    """What we sent under a code."""
    at = now()
    about: dict[str, object] = {
        "warning": warning_now(at), "once": secrets.token_urlsafe(12), "is_reported": "reported" in request.GET,
    }  # fmt: skip
    if request.method == "POST":
        about |= {"typed": request.POST.get("code", "")[:20]}
        known = borrower_of(request, at)
        found = (
            checked(str(about["typed"]), reader=known.person_id if known else "")
            if _may_look(request)
            else None
        )
        about |= {"is_unknown": found is None}
        if found is not None:
            channel = words_for(request).language.channels[found.channel].name
            about["found"] = {
                "on": found.left_at.date(), "minute": f"{found.left_at:%H:%M}", "channel": channel, "text": found.text,
                "language": found.language, "direction": found.direction, "is_whole": found.is_whole,
            }  # fmt: skip
    return quiet(show(request, "portal/doors/check.html", about))


@require_POST
def report_page(request: HttpRequest) -> HttpResponseBase:
    """Somebody holds a message for false: it is kept, a person looks at it, and others are warned."""
    at = now()
    known = borrower_of(request, at)
    text = cover_cards(without_bidi_controls(request.POST.get("text", "")[:4_000])).strip()
    if text and _may_look(request):
        report(
            text=text, sender=without_bidi_controls(request.POST.get("sender", "")[:200]), at=at,
            once=request.POST.get("once", "")[:64] or secrets.token_urlsafe(12), person_id=known.person_id if known else "",
        )  # fmt: skip
    return HttpResponseRedirect("/me/check/?reported")


def _may_look(request: HttpRequest) -> bool:
    return times(f"check-{network_of(address_from(request))}", within=HOUR) <= A_NETWORK
