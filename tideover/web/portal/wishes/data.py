"""Her own data: see it, say what is wrong, take it with her, ask that it be deleted."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from tideover.access.actors import person_actor
from tideover.access.clock import now
from tideover.book.surrogates import surrogate_of
from tideover.delivery.answers import receive
from tideover.delivery.privacy.collecting import collected
from tideover.delivery.privacy.exporting import export_subject
from tideover.delivery.privacy.subject import subject_of
from tideover.web.portal.door import for_borrowers, for_proven, signed_in
from tideover.web.portal.forms import MOST, plain
from tideover.web.portal.showing import show

ASKS = ("correct", "delete")


@for_borrowers
def data(request: HttpRequest) -> HttpResponseBase:
    """By topic, how much there is; all of it to take with her."""
    sections = collected(subject_of(signed_in(request).person_id))
    about = {
        "sections": [(name.replace("_", " "), len(rows)) for name, rows in sections.items() if rows],
        "once": secrets.token_urlsafe(9), "done": request.GET.get("done", ""),
    }  # fmt: skip
    return show(request, "portal/wishes/data.html", about, here="more")


@require_POST
@for_proven
def download(request: HttpRequest) -> HttpResponseBase:
    """Everything about her and nobody else: a page to read, JSON and tables."""
    person, at = signed_in(request).person_id, now()
    with tempfile.TemporaryDirectory() as place:
        (packed,) = export_subject(
            person, Path(place) / "my-data.zip", at=at, by=person_actor(surrogate_of(person))
        )
        body = packed.read_bytes()
    return HttpResponse(
        body,
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="my-data.zip"'},
    )


@require_http_methods(["POST"])
@for_proven
def ask(request: HttpRequest, what: str) -> HttpResponseBase:
    """Something is wrong, or should go: a person sees to it, and answers."""
    borrower, text = signed_in(request), plain(request.POST.get("text", ""))[:MOST]
    if what in ASKS and (text or what == "delete"):
        receive(
            person_id=borrower.person_id, channel="app", kind="help", text=f"[{what}] {text}".strip(), at=now(),
            outside_id=f"data:{what}:{borrower.person_id}:{request.POST.get('once', '')[:40]}", language=borrower.language,
        )  # fmt: skip
    return HttpResponseRedirect(f"/me/data/?done={what if what in ASKS else ''}")
