"""A link that leads on: what is behind it asks who she is first, so the page itself shows nothing that others may not see."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language_from_request

from tideover.access.borrowers.session import borrower_of
from tideover.access.clock import now
from tideover.delivery.models import Message
from tideover.web.portal.showing import show, speaking

Page = Callable[[HttpRequest, Message, str], HttpResponse]

APPLICATION = (
    "application_received", "document_received", "documents_missing", "under_review", "approved", "declined", "disbursed"
)  # fmt: skip
BY_PURPOSE = {**dict.fromkeys(APPLICATION, "/me/applications/"), "lesson": "/me/lessons/"}
"""Where "see" leads, by what the message was about; else to where she stands."""

PLACES = {"pay": "/me/pay/", "promise": "/me/promise/", "send": "/me/applications/", "talk": "/me/talk/"}

LINK_PAGES: dict[str, Page] = {}
"""Links that open a page of their own before she comes in; other parts of the portal add theirs."""


def place_of(message: Message, does: str) -> str:
    """The page of hers to which a link leads."""
    return PLACES.get(does) or BY_PURPOSE.get(message.purpose, "/me/")


def lead_on(request: HttpRequest, message: Message, does: str, token: str) -> HttpResponse:
    """On to her page where she is signed in, or where anybody may look; else the question who she is."""
    if does in LINK_PAGES:
        return LINK_PAGES[does](request, message, token)
    known, place = borrower_of(request, now()), place_of(message, does)
    if does == "talk" or (known is not None and known.person_id == message.person_id):
        return HttpResponseRedirect(place)
    with_words = speaking(message.language or get_language_from_request(request))
    about = {**with_words, "go": f"/me/sign-in/?{urlencode({'next': place})}", "code": message.code}
    return show(request, "portal/doors/lead.html", about)
