"""What gateways and providers post: receipts, answers and payments, signed with the secret that they share with us."""

from __future__ import annotations

import os
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tideover.access.clock import now
from tideover.delivery.channels.hearing import NotYet
from tideover.delivery.channels.sms.receipts import Forged, read_webhook
from tideover.delivery.channels.sms.settings import webhook_secret
from tideover.delivery.incoming.received import Answered, Receipt
from tideover.delivery.told_again import may_be_asked_again, take_in
from tideover.repayment.ways import contract
from tideover.repayment.ways.hearing import take_post

WAIT = 30
"""Seconds until a gateway should tell something again."""


@csrf_exempt  # the signature says who posts; there is no cookie
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """Everything a webhook tells is taken in before it is answered; what it may tell twice changes nothing twice."""
    at = now()
    try:
        told = read_webhook(
            request.body, signed_at=request.headers.get("X-Timestamp", ""), signature=request.headers.get("X-Signature", ""),
            secret=webhook_secret(os.environ), at=at,
        )  # fmt: skip
    except Forged:
        return HttpResponse("This is not signed by our gateway.\n", status=403, content_type="text/plain")
    asked_again = [_is_to_be_told_again(it, at) for it in told]
    if any(asked_again):
        return HttpResponse(
            "Please tell it again.\n", status=503, content_type="text/plain", headers={"Retry-After": WAIT}
        )
    return HttpResponse("taken\n", content_type="text/plain")


def _is_to_be_told_again(told: Receipt | Answered, at: datetime) -> bool:
    """A gateway can be quicker than our books. It is asked a few times, and then believed to speak of another's message."""
    try:
        return take_in(told, at=at) == "early" and may_be_asked_again(told)
    except NotYet:
        return True


@csrf_exempt  # the signature says who posts; there is no cookie
@require_POST
def pay(request: HttpRequest, way: str) -> HttpResponse:
    """What a provider tells of payments: believed as a whole or refused; kept before it is answered."""
    try:
        take_post(way=way, body=request.body, headers=request.headers, at=now())
    except contract.NotConnected:
        return HttpResponse("There is no such way to pay here.\n", status=404, content_type="text/plain")
    except contract.Forged:
        return HttpResponse("This is not signed by our provider.\n", status=403, content_type="text/plain")
    return HttpResponse("taken\n", content_type="text/plain")
