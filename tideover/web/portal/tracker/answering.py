"""Our answer with its reasons and another look at it; withdrawing; asking a person from the very page."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from tideover.access.clock import now
from tideover.book.applications.applying import ask_for_review, take_back, withdraw
from tideover.book.applications.lifecycle import DECLINED
from tideover.book.applications.models import Application
from tideover.book.applications.offered import in_english_else
from tideover.book.applications.refusals import ApplicationRefused
from tideover.engine.message import PageWords
from tideover.support.opening import ask_for_case
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import show, words_for
from tideover.web.portal.tracker.said import asking, offered, product_of
from tideover.web.portal.tracker.tracking import hers

REVIEW_CASE = "application_review"


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, key: str) -> HttpResponseBase:
    """A no with its reasons, the data it rests on, how to put it right; one press and a person looks again."""
    at, words = now(), words_for(request)
    journey = hers(request, key, at)
    kept = journey.application
    if kept is None or kept.state != DECLINED:
        raise Http404
    if request.method == "POST":
        asked = ask_for_review(person_id=kept.person_id, application_id=key, at=at)
        ask_for_case(
            kind=REVIEW_CASE, person_id=kept.person_id, subject=key, said=request.POST.get("said", ""),
            key=f"review-{key}-{asked.decided_at:%Y%m%d%H%M%S}", at=at,
        )  # fmt: skip
        return redirect("portal:tracker:answer", key)
    about = {
        "key": key, "product": product_of(journey, words), "reasons": _reasons(kept, words), "sources": _sources(kept, words),
        "is_asked": kept.review_asked_at is not None, **asking(key, "answer"),
    }  # fmt: skip
    return show(request, "portal/tracker/answer.html", about, here="more")


@for_borrowers
@require_POST
def withdrawn(request: HttpRequest, key: str) -> HttpResponseBase:
    """She wants it no longer, or takes that back."""
    do = take_back if request.POST.get("do") == "undo" else withdraw
    try:
        do(person_id=signed_in(request).person_id, application_id=key, at=now())
    except ApplicationRefused as refused:
        hers(request, key, now())
        messages.warning(request, words_for(request).say(f"tracker.wrong.{refused.code}"))
    return redirect("portal:tracker:one", key)


@for_borrowers
@require_POST
def ask(request: HttpRequest, key: str) -> HttpResponseBase:
    """A question about this very page goes to a person; she comes back to where she was."""
    at, said = now(), request.POST.get("said", "")
    journey, about = hers(request, key, at), request.POST.get("about", "")[:64]
    if said.strip():
        ask_for_case(
            kind="question", person_id=signed_in(request).person_id, subject=key, said=f"[{about}] {said}",
            key=f"ask-{key}-{request.POST.get('once', '')}", at=at,
        )  # fmt: skip
        messages.success(request, words_for(request).say("tracker.ask.done"))
    else:
        messages.warning(request, words_for(request).say("tracker.ask.empty"))
    if journey.step == "draft" and about != "tracker":
        return redirect("portal:tracker:resume", key)
    return redirect("portal:tracker:one", key)


def _reasons(application: Application, words: PageWords) -> list[tuple[str, str]]:
    """Why, and what could change it."""
    known = offered().reasons
    return [
        (in_english_else(known[it].says, words.tag), in_english_else(known[it].mend, words.tag))
        for it in application.reasons
        if it in known
    ]


def _sources(application: Application, words: PageWords) -> list[tuple[str, str]]:
    """Whose data was used, with how to reach those who are neither she nor we."""
    known = offered().sources
    told = json.loads(application.sources or "[]")
    return [
        (in_english_else(known[it["code"]], words.tag), it.get("reach", ""))
        for it in told
        if it["code"] in known
    ]
