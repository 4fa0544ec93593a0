"""What we sent her, and why each: the inbox of her account."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase

from tideover.access.clock import now
from tideover.delivery.models import Message
from tideover.delivery.queries import messages_of
from tideover.delivery.shown import kept, why
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import show

SENT = ("accepted", "unknown", "sending")


@for_borrowers
def messages(request: HttpRequest) -> HttpResponseBase:
    """The newest first."""
    found = [
        it
        for it in messages_of(signed_in(request).person_id)
        if it.message.state in SENT and it.shown.has_words
    ]
    return show(request, "portal/wishes/messages.html", {"found": found}, here="more")


@for_borrowers
def message(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of them, with the answer to "why did I get this?"."""
    rows = Message.objects.filter(pk=pk, person_id=signed_in(request).person_id, state__in=SENT)
    found = rows.select_related("decision").first()
    if found is None:
        raise Http404
    told = why(found)
    about = {
        "it": found,
        "shown": kept(found),
        "why": told.borrower if told else None,
        "at": (found.ended_at or now()).date(),
    }
    return show(request, "portal/wishes/message.html", about, here="more")
