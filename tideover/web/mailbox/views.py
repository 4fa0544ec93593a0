"""The local mailbox of a demo: what left, as its reader sees it, why, and the borrower's side of the talk."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tideover.access.clock import now
from tideover.book.received import payment_received
from tideover.delivery.models import MOVES, Message
from tideover.delivery.queries import messages_page
from tideover.delivery.shown import shown, why_now
from tideover.strategy.telling import words
from tideover.web.mailbox.page import page_of
from tideover.web.ui.refusals import said_on

View = Callable[..., HttpResponseBase]
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A mail brings its styles with it, and may do nothing else."""
IN_A_NEW_WINDOW = '<base target="_blank">'


def in_a_demo(view: View) -> View:
    """Nobody signs in to the mailbox, so it is there for made-up people only."""

    @wraps(view)
    def shown_in_a_demo(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return shown_in_a_demo


@in_a_demo
@require_safe
def messages_list(request: HttpRequest) -> HttpResponse:
    """Messages of all channels, the newest first."""
    page, rows = messages_page(request.GET.dict(), request.GET.get("page"))
    context = {
        "page": page, "rows": rows, "wanted": request.GET.dict(), "channels": list(words().lists.channels),
        "languages": settings.LANGUAGES, "states": sorted(MOVES),
    }  # fmt: skip
    return render(request, "mailbox/list.html", context)


@in_a_demo
@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message, with why."""
    return render(request, "mailbox/message.html", page_of(_found(pk), now()))


@in_a_demo
@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """The e-mail itself, for its frame."""
    html = shown(_found(pk), now()).html.replace("<head>", f"<head>{IN_A_NEW_WINDOW}", 1)
    return HttpResponse(
        html, headers={"Content-Security-Policy": MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    )


@in_a_demo
@require_POST
@said_on("mailbox:message", "pk")
def reply(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The person answers, in the channel that the message came by."""
    from tideover.delivery import answers  # noqa: PLC0415 - answers looks at the cases above it when it is loaded

    found, text = _found(pk), request.POST.get("text", "").strip()
    if not text:
        messages.warning(request, "Write something first.")
        return redirect("mailbox:message", pk)
    answers.receive(
        person_id=found.person_id, channel=found.channel, text=text, at=now(), message=found,
        outside_id=f"mailbox:{pk}:{secrets.token_hex(8)}",
    )  # fmt: skip
    messages.success(request, "The answer has arrived.")
    return redirect("mailbox:message", pk)


@in_a_demo
@require_POST
@said_on("mailbox:message", "pk")
def paid(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The person pays, and the bank tells."""
    found = _found(pk)
    payment_received(
        loan_id=found.subject, text=request.POST.get("amount", ""), way="transfer", source="mailbox", at=now()
    )
    messages.success(request, "The payment is in the book. Decide again to see what follows.")
    return redirect("mailbox:message", pk)


@in_a_demo
@require_POST
@said_on("mailbox:message", "pk")
def again(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What would be decided about this person now."""
    found = _found(pk)
    context = page_of(found, now())
    return render(request, "mailbox/message.html", {**context, "next": why_now(found.person_id, now())})


def _found(pk: int) -> Message:
    return get_object_or_404(Message.objects.select_related("decision"), pk=pk)
