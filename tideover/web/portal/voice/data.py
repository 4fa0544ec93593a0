"""What we keep about her: seen, corrected, taken along, let go."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tideover.access.actors import person_actor
from tideover.access.clock import now
from tideover.book.surrogates import surrogate_of
from tideover.delivery.privacy.exporting import export_subject
from tideover.delivery.privacy.retention import retention
from tideover.support.voice.own_data import (
    ADDRESSES,
    CORRECTABLE,
    WITHIN,
    Kept,
    NothingNew,
    ask_correction,
    ask_erasure,
    kept_about,
)
from tideover.web.portal.door import for_borrowers, for_proven, signed_in
from tideover.web.portal.showing import show
from tideover.web.portal.voice.asked import once, once_of, typed

HOME = "/me/data/"
FILE = "my-data.zip"


@for_borrowers
@require_safe
def data(request: HttpRequest) -> HttpResponseBase:
    """By topic, in words."""
    kept = kept_about(signed_in(request).person_id)
    addresses = [(f"voice.data.{kind}", value) for kind, value in kept.addresses]
    counts = [(f"voice.data.{topic}", many) for topic, many in kept.counts.items()]
    done = next((it for it in ("correct", "erase") if it in request.GET), "")
    about = {
        "name": kept.name,
        "addresses": addresses,
        "counts": counts,
        "done": done,
        "by": (now() + WITHIN).date(),
    }
    return show(request, "portal/voice/data.html", about, here="more")


@for_borrowers
@require_safe
def what_is_wrong(request: HttpRequest) -> HttpResponseBase:
    """Which of it."""
    what = [(it, f"voice.correct.{it}") for it in CORRECTABLE]
    return show(request, "portal/voice/what_is_wrong.html", {"what": what}, here="more")


def correct(request: HttpRequest, what: str) -> HttpResponseBase:
    """One thing that is wrong. Of an address she shows once more who she is."""
    if what not in CORRECTABLE:
        raise Http404
    return (for_proven if what in ADDRESSES else for_borrowers)(_correct)(request, what)


@require_http_methods(["GET", "HEAD", "POST"])
def _correct(request: HttpRequest, what: str) -> HttpResponseBase:
    at, her = now(), signed_in(request).person_id
    old = _old(kept_about(her), what)
    about: dict[str, object] = {
        "what": f"voice.correct.{what}",
        "old": old,
        "is_address": what in ADDRESSES,
        "once": once(),
    }
    if request.method != "POST":
        return show(request, "portal/voice/correct.html", about, here="more")
    new = typed(request, "new")["new"]
    try:
        ask_correction(person_id=her, what=what, old=", ".join(old), new=new, at=at, once=once_of(request))
    except NothingNew:
        return show(request, "portal/voice/correct.html", {**about, "wrong": True}, here="more", status=422)
    return HttpResponseRedirect(f"{HOME}?correct")


@for_proven
@require_POST
def download(request: HttpRequest) -> HttpResponseBase:
    """Everything in one file; that she took it is in the trail."""
    her = signed_in(request).person_id
    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        (path,) = export_subject(her, Path(folder) / FILE, at=now(), by=person_actor(surrogate_of(her)))
        packed = path.read_bytes()
    response = HttpResponse(packed, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return response


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponseBase:
    """She asks that it goes; what stays, and for how long, is said before."""
    at = now()
    if request.method == "POST":
        ask_erasure(person_id=signed_in(request).person_id, at=at)
        return HttpResponseRedirect(f"{HOME}?erase")
    years = max(it.years for it in retention(settings.CONTENT))
    return show(request, "portal/voice/erase.html", {"by": (at + WITHIN).date(), "years": years}, here="more")


def _old(kept: Kept, what: str) -> list[str]:
    return (
        [kept.name]
        if what == "name" and kept.name
        else [value for kind, value in kept.addresses if kind == what]
    )
