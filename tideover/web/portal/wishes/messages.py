"""What we sent her, and why."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from tideover.delivery.models import Message
from tideover.delivery.shown import kept, why
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import show, words_for

LEFT = ("accepted", "unknown")
SECRET = ("sign_in_code",)
"""What is of use for minutes and to nobody afterwards."""
MOST = 50


@for_borrowers
@require_safe
def inbox(request: HttpRequest) -> HttpResponseBase:
    """Everything that left, the newest first."""
    words = words_for(request)
    rows = _hers(request).order_by("-send_at", "-pk")[:MOST]
    told = [
        {"pk": it.pk, "said": kept(it), "channel": words.language.channels[it.channel].name, "on": (it.ended_at or it.send_at).date()}
        for it in rows
    ]  # fmt: skip
    return show(request, "portal/wishes/inbox.html", {"messages_sent": told}, here="more")


@for_borrowers
@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One message as it left."""
    found = _one(request, pk)
    about = {
        "pk": pk,
        "said": kept(found),
        "code": found.code,
        "on": (found.ended_at or found.send_at).date(),
    }
    return show(request, "portal/wishes/message.html", about, here="more")


@for_borrowers
@require_safe
def message_why(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Why this, and why then, in her language."""
    explained = why(_one(request, pk))
    about = {"pk": pk, "told": explained.borrower if explained else None}
    return show(request, "portal/wishes/why.html", about, here="more")


def _hers(request: HttpRequest) -> QuerySet[Message]:
    sent = Message.objects.filter(person_id=signed_in(request).person_id, state__in=LEFT)
    return sent.exclude(purpose__in=SECRET)


def _one(request: HttpRequest, pk: int) -> Message:
    found = _hers(request).filter(pk=pk).select_related("decision").first()
    if found is None:
        raise Http404
    return found
