"""From a link, without signing in: two taps choose a day. No name and no amount is shown, only days.

The token is the leave to choose, as for the other answers behind a link.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tideover.access.clock import now
from tideover.delivery.models import Message
from tideover.kit.errors import Refused
from tideover.repayment.loans import Loan, loans_of
from tideover.repayment.promises import held_back, may_undo, promise_of, promise_to_pay, withdraw
from tideover.repayment.promises.models import Promise
from tideover.repayment.promises.suggesting import suggested
from tideover.web.portal.promise.forms import Typed, code_of
from tideover.web.portal.showing import show, speaking


def day_from_link(request: HttpRequest, message: Message, token: str) -> HttpResponse:
    """GET asks and changes nothing; a press writes the day down, and is answered with a receipt and an undo."""
    at = now()
    if request.method == "POST" and "undo" in request.POST:
        return _undone(request, message, token, at)
    loans = _offered(message, at)
    if request.method == "POST":
        return _chosen(request, message, loans, token, at)
    promise = _made_here(request.GET.get("done", ""), message)
    if promise is not None:
        return _shown(request, message, token, {"promise": promise, "may_undo": may_undo(promise, at)})
    return _asked(request, message, loans, token, at)


def _offered(message: Message, at: datetime) -> list[Loan]:
    """The loans that the message was about, where they are hers and a day may be chosen."""
    about = {message.subject, *(str(it) for it, _ in message.occasion.get("topics", []))}
    loans = [it for it in loans_of(message.person_id, at) if it.loan_id in about]
    reasons = held_back(loans, message.person_id, at)
    return [it for it in loans if it.loan_id not in reasons]


def _chosen(
    request: HttpRequest, message: Message, loans: list[Loan], token: str, at: datetime
) -> HttpResponse:
    try:
        made = promise_to_pay(
            person_id=message.person_id, loan_ids=[it.loan_id for it in loans], on=Typed.of(request.POST).day(),
            origin="self", at=at,
        )  # fmt: skip
    except Refused as refused:
        return _asked(request, message, loans, token, at, wrong=code_of(refused))
    return redirect(f"{reverse('portal:answer', args=[token])}?done={made.promise.pk}")


def _asked(
    request: HttpRequest, message: Message, loans: list[Loan], token: str, at: datetime, *, wrong: str = ""
) -> HttpResponse:
    days = suggested(message.person_id, loans, at) if loans else ()
    return _shown(request, message, token, {"days": days, "wrong": wrong})


def _undone(request: HttpRequest, message: Message, token: str, at: datetime) -> HttpResponse:
    promise = _made_here(request.POST["undo"], message)
    if promise is None or not may_undo(promise, at):
        return redirect("portal:answer", token)
    withdraw(promise_id=promise.pk, person_id=message.person_id, at=at)
    return _shown(request, message, token, {"undone": True})


def _made_here(key: str, message: Message) -> Promise | None:
    """A promise of the person whom the message went to, made since it was sent."""
    promise = (
        promise_of(int(key), message.person_id) if key.isascii() and key.isdigit() and len(key) < 19 else None
    )
    return promise if promise is not None and promise.made_at >= message.send_at else None


def _shown(request: HttpRequest, message: Message, token: str, about: dict[str, object]) -> HttpResponse:
    """In the language of the message."""
    frame = {**speaking(message.language), "token": token}
    status = 422 if about.get("wrong") else 200
    return show(request, "portal/promise/from_link.html", {**frame, **about}, status=status)
