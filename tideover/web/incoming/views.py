"""What a text message gateway posts: receipts and answers, signed with the secret that it shares with us."""

from __future__ import annotations

import os

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tideover.access.clock import now
from tideover.delivery.channels.sms.receipts import Forged, read_webhook
from tideover.delivery.channels.sms.settings import webhook_secret
from tideover.delivery.inbound import take_receipt, take_text
from tideover.delivery.incoming.received import Receipt


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
    for each in told:
        _ = take_receipt(each, at=at) if isinstance(each, Receipt) else take_text(each, at=at)
    return HttpResponse("taken\n", content_type="text/plain")
