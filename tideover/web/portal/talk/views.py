"""A person, one step away: the number, a call at an hour of her choosing, or a few words in writing."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from tideover.access.borrowers.session import borrower_of
from tideover.access.clock import now
from tideover.delivery.answers import receive
from tideover.web.portal.door import SIGN_IN, quiet
from tideover.web.portal.forms import MOST, plain
from tideover.web.portal.showing import show

WHEN = ("any", "morning", "afternoon", "evening")


@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest) -> HttpResponseBase:
    """Anybody reads the number and the hours; whoever is signed in can ask to be called, or write."""
    at = now()
    known = borrower_of(request, at)
    if request.method != "POST":
        about = {
            "when": WHEN,
            "once": secrets.token_urlsafe(9),
            "done": request.GET.get("done", ""),
            "page": request.GET.get("page", ""),
        }
        return quiet(show(request, "portal/talk/talk.html", about))
    if known is None:
        return HttpResponseRedirect(f"{SIGN_IN}?next=/me/talk/")
    is_call, text = request.POST.get("do") == "call", plain(request.POST.get("text", ""))[:MOST]
    when = request.POST.get("when", "any")
    if is_call:
        text = f"{when if when in WHEN else 'any'}. {text}".strip()
    if is_call or text:
        receive(
            person_id=known.person_id, channel="app", kind="call_me" if is_call else "help", text=text, at=at,
            outside_id=f"talk:{known.person_id}:{request.POST.get('once', '')[:40]}", language=known.language,
        )  # fmt: skip
    done = "call" if is_call else "written" if text else "nothing"
    return HttpResponseRedirect(f"/me/talk/?done={done}")
