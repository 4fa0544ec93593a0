"""What gateways and providers post: receipts, answers and payments, signed with the secret that they share with us."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tideover.access.clock import now
from tideover.delivery.channels.sms.receipts import Forged, read_webhook
from tideover.delivery.channels.sms.settings import webhook_secret
from tideover.delivery.inbound import take_receipt, take_text
from tideover.delivery.incoming.received import Answered, Receipt
from tideover.repayment.ways import contract
from tideover.repayment.ways.hearing import take_post
from tideover.web.counted import times

WAIT, TIMES, A_DAY = 30, 5, 86_400
"""Seconds until a gateway should tell a receipt again, how often it is asked to, and within which time."""


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
    early = [it for it in told if _taken(it, at) == "early" and isinstance(it, Receipt)]
    asked_again = [_may_be_asked_again(it) for it in early]
    if any(asked_again):
        return HttpResponse(
            "Please tell it again.\n", status=503, content_type="text/plain", headers={"Retry-After": WAIT}
        )
    return HttpResponse("taken\n", content_type="text/plain")


def _taken(told: Receipt | Answered, at: datetime) -> str:
    return take_receipt(told, at=at) if isinstance(told, Receipt) else take_text(told, at=at)


def _may_be_asked_again(receipt: Receipt) -> bool:
    """A gateway can be quicker than our books. It is asked a few times, and then believed to speak of another's message."""
    known = hashlib.sha256(f"{receipt.ours} {receipt.reference}".encode()).hexdigest()[:32]
    return times(f"early-{known}", within=A_DAY) <= TIMES


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
