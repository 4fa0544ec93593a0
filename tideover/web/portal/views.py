"""Behind a link: opening it changes nothing, since scanners open links; a press commits, and says what became of it.

The token is the leave to answer, and no cookie is asked for, so a forged form could do no more than its sender may.
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tideover.access.clock import now
from tideover.delivery.answers import receive
from tideover.delivery.links import LEADS, opened
from tideover.delivery.models import Answer, Message
from tideover.delivery.taking_back import UNDOABLE, NothingToUndo, take_back
from tideover.engine.message import PORTAL_ANSWERS
from tideover.web.portal.leading import lead_on
from tideover.web.portal.page import over_page, page_of

ONCE = re.compile(r"[\w-]{6,40}", re.ASCII)
"""The mark of one page as it was opened: two presses on it are one answer."""


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The few answers that a message can have, one press each."""
    found = opened(token)
    if found is None:
        return _over(request)
    message, does = found
    if does in LEADS:
        return _quiet(lead_on(request, message, does, token))
    if request.method == "POST" and request.POST.get("undo") in UNDOABLE:
        return _undone(request, message, token, request.POST["undo"])
    if request.method == "POST" and (kind := request.POST.get("answer", "")) in PORTAL_ANSWERS:
        once = request.POST.get("once", "")
        _received(message, kind, once if ONCE.fullmatch(once) else "once")
        return redirect(f"{reverse('portal:answer', args=[token])}?done={kind}")
    done = request.GET.get("done", "")
    if done not in PORTAL_ANSWERS or not Answer.objects.filter(message=message, kind=done).exists():
        done = ""
    return _quiet(render(request, "portal/answer.html", page_of(message, does, token, done=done)))


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: the mail program posts, without a cookie, and that alone stops the messages."""
    found = opened(token)
    if found is None:
        return _over(request)
    message, does = found
    if request.method == "POST":
        _received(message, "stop", f"one-click-{now():%Y%m%d%H%M}")
        return _quiet(render(request, "portal/answer.html", page_of(message, does, token, done="stop")))
    return _quiet(render(request, "portal/answer.html", page_of(message, "stop", token)))


def _received(message: Message, kind: str, once: str) -> None:
    receive(
        person_id=message.person_id, channel=message.channel, text="", at=now(), message=message,
        outside_id=f"portal:{message.pk}:{kind}:{once}", kind=kind,
    )  # fmt: skip


def _undone(request: HttpRequest, message: Message, token: str, kind: str) -> HttpResponse:
    try:
        take_back(message=message, kind=kind, at=now())
    except NothingToUndo:
        return redirect("portal:answer", token)
    return _quiet(render(request, "portal/answer.html", page_of(message, "stop", token, undone=kind)))


def _over(request: HttpRequest) -> HttpResponse:
    return _quiet(
        render(request, "portal/over.html", over_page(request.headers.get("Accept-Language", "")), status=410)
    )


def _quiet(response: HttpResponse) -> HttpResponse:
    """The address of the page goes to nobody, and no search engine keeps it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
