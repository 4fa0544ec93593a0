"""Her wishes and needs, each on or off with one press, and undone with one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from tideover.access.clock import now
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import show, words_for
from tideover.web.portal.wishes.wished import (
    ASKED,
    CHOICES,
    NO,
    ONE_OF,
    SWITCHES,
    YES,
    agree,
    agreed_of,
    wish,
    wishes_of,
)


@for_borrowers
def wishes(request: HttpRequest) -> HttpResponseBase:
    """Everything she can wish for, as it stands."""
    person = signed_in(request).person_id
    known, agreed = wishes_of(person), agreed_of(person)
    about = {
        "choices": [(name, [it for it in CHOICES[name] if it in known.get(name, "").split(",")]) for name in CHOICES],
        "switches": [(name, known.get(name) == YES) for name in SWITCHES],
        "kinds": [(kind, agreed[kind]) for kind in ASKED],
        "done": request.GET.get("done", "") if request.GET.get("done", "") in (*CHOICES, *SWITCHES, *ASKED) else "",
    }  # fmt: skip
    return show(request, "portal/wishes/wishes.html", about, here="more")


@require_POST
@for_borrowers
def switch(request: HttpRequest, name: str) -> HttpResponseBase:
    """One wish on or off."""
    if name not in SWITCHES:
        raise Http404
    value = YES if request.POST.get("on") == YES else NO
    wish(person_id=signed_in(request).person_id, name=name, value=value, at=now())
    return HttpResponseRedirect(f"/me/wishes/?done={name}")


@require_http_methods(["GET", "HEAD", "POST"])
@for_borrowers
def choose(request: HttpRequest, name: str) -> HttpResponseBase:
    """Channels, an hour of the day, quiet days."""
    if name not in CHOICES:
        raise Http404
    person = signed_in(request).person_id
    if request.method != "POST":
        chosen = wishes_of(person).get(name, "").split(",")
        about = {
            "name": name,
            "is_one": name in ONE_OF,
            "options": [(it, it in chosen) for it in CHOICES[name]],
        }
        return show(request, "portal/wishes/choose.html", about, here="more")
    picked = [it for it in CHOICES[name] if it in request.POST.getlist("chosen")]
    wish(person_id=person, name=name, value=",".join(picked[:1] if name in ONE_OF else picked), at=now())
    return HttpResponseRedirect(f"/me/wishes/?done={name}")


@require_POST
@for_borrowers
def kind(request: HttpRequest, name: str) -> HttpResponseBase:
    """Agree to a kind of message, or take it back."""
    if name not in ASKED:
        raise Http404
    borrower, words = signed_in(request), words_for(request)
    agree(
        person_id=borrower.person_id, kind=name, is_on=request.POST.get("on") == YES, text=words.say(f"wishes.consent.{name}"),
        language=words.tag, at=now(),
    )  # fmt: skip
    return HttpResponseRedirect(f"/me/wishes/?done={name}")
