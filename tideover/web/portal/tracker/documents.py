"""Documents she sends: by camera or from a file, checked while she waits, and seen again by her alone."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from tideover.access.clock import now
from tideover.book.applications.lifecycle import IS_OPEN
from tideover.book.applications.refusals import ApplicationRefused
from tideover.book.applications.sending import Sent, content_of, send_document, upload_of
from tideover.book.applications.uploads import LARGEST, UploadRefused
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import show, words_for
from tideover.web.portal.tracker.said import asking, document_of
from tideover.web.portal.tracker.tracking import hers
from tideover.web.ui.bounded import Bounded
from tideover.web.ui.handing_out import handed_out

ROOM = 100_000
"""Bytes that the rest of a form may take."""


@csrf_exempt
@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: HttpRequest, key: str, kind: str) -> HttpResponseBase:
    """One document: why it is asked for, and how to send it."""
    if _is_too_long(request):
        return _page(request, key, kind, wrong="too_large", status=413)
    # Its token is checked below, once whatever reads the body reads no more than fits.
    request.upload_handlers = [Bounded(request, LARGEST + 1)]
    return _document(request, key, kind)


@csrf_protect
def _document(request: HttpRequest, key: str, kind: str) -> HttpResponseBase:
    if request.method != "POST":
        return _page(request, key, kind)
    given = request.FILES.get("camera") or request.FILES.get("file")
    if given is None:
        return _page(request, key, kind, wrong="none_chosen", status=400)
    try:
        send_document(
            person_id=signed_in(request).person_id, application_id=key, kind=kind,
            sent=Sent(cast(BinaryIO, given.file), given.name or ""), at=now(),
        )  # fmt: skip
    except UploadRefused as refused:
        return _page(
            request, key, kind, wrong=refused.code, status=413 if refused.code == "too_large" else 400
        )
    except ApplicationRefused as refused:
        raise Http404 from refused
    return redirect("portal:tracker:document", key, kind)


def _page(request: HttpRequest, key: str, kind: str, *, wrong: str = "", status: int = 200) -> HttpResponse:
    journey, words = hers(request, key, now()), words_for(request)
    found = next((it for it in journey.documents if it.kind == kind), None)
    if found is None:
        raise Http404
    others = [document_of(it, words) for it in journey.missing if it.kind != kind]
    about = {
        "key": key, "it": document_of(found, words), "wrong": f"tracker.wrong.{wrong}" if wrong else "", "others": others,
        "uploads": list(found.uploads.order_by("pk")), "is_open": journey.step in IS_OPEN, "is_draft": journey.step == "draft",
        **asking(key, f"document-{kind}"),
    }  # fmt: skip
    return show(request, "portal/tracker/document.html", about, here="more", status=status)


@for_borrowers
@require_safe
def file(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    """What she sent, as we keep it."""
    found = upload_of(signed_in(request).person_id, key, pk)
    if found is None:
        raise Http404
    return handed_out(content_of(found), found.media_type, f"document-{found.pk}")


def _is_too_long(request: HttpRequest) -> bool:
    """By what the browser says of its length; nothing of it was read yet."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return said.isdigit() and int(said) > LARGEST + ROOM
