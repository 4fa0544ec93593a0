"""Her applications, and the way of each."""

from __future__ import annotations

from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from tideover.access.clock import now
from tideover.book.applications.applying import can_take_back
from tideover.book.applications.lifecycle import DRAFT, IS_OPEN
from tideover.book.applications.tracking import Journey, journey_of, journeys_of
from tideover.book.applications.usual import usual_days
from tideover.engine.message import PageWords
from tideover.repayment.terms.before import newest_terms
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import show, words_for
from tideover.web.portal.tracker.said import asking, documents_of, product_of, way_of


@for_borrowers
@require_safe
def every(request: HttpRequest) -> HttpResponseBase:
    """All of them, the newest first."""
    words = words_for(request)
    shown = [
        (it, product_of(it, words), words.say(_told(words, "short", it.step)))
        for it in journeys_of(signed_in(request).person_id, now())
    ]
    return show(request, "portal/tracker/every.html", {"journeys": shown}, here="more")


@for_borrowers
@require_safe
def one(request: HttpRequest, key: str) -> HttpResponseBase:
    """One with its steps, what is missing, and what comes next."""
    at, words = now(), words_for(request)
    journey = hers(request, key, at)
    kept, usual = journey.application, usual_days(journey.product, at)
    about = {
        "journey": journey,
        "product": product_of(journey, words),
        "way": way_of(journey, usual, words),
        "says_no_usual": not usual and any(it.state == "next" for it in journey.way),
        "now": _told(words, "now", journey.step),
        "reply_by_on": _promised(journey, at),
        "missing": documents_of(journey.missing, words) if kept and kept.state in IS_OPEN else [],
        "sent": [it for it in documents_of(journey.documents, words) if it.state in ("received", "accepted")],
        "is_draft": journey.step == DRAFT,
        "has_terms": kept is not None and newest_terms(key) is not None,
        "may_withdraw": kept is not None and kept.state in IS_OPEN,
        "may_undo": kept is not None and can_take_back(kept, at),
        **asking(key, "tracker"),
    }
    return show(request, "portal/tracker/one.html", about, here="more")


def _promised(journey: Journey, at: datetime) -> date | None:
    """The day by which she hears from us, while she waits for us and it has not passed."""
    kept = journey.application
    if kept is None or kept.reply_by_on is None or journey.step not in ("received", "under_review"):
        return None
    return kept.reply_by_on if kept.reply_by_on >= at.date() else None


def _told(words: PageWords, what: str, step: str) -> str:
    """The words of a step; a step of another system that we do not know is told as one on its way."""
    key = f"tracker.{what}.{step}"
    return key if words.has(key) else f"tracker.{what}.received"


def hers(request: HttpRequest, key: str, at: datetime) -> Journey:
    """The application of who is signed in; not there for anybody else."""
    found = journey_of(key, signed_in(request).person_id, at)
    if found is None:
        raise Http404
    return found
