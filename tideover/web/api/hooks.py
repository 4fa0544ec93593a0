"""Endpoints for events: added, listed, closed by their client."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status

from tideover.access.clock import now
from tideover.web.api.answers import may_answer
from tideover.web.api.door import client_of, through
from tideover.web.api.models import Endpoint
from tideover.web.api.problems import Problem, not_found
from tideover.web.api.schemas import EndpointAdded, EndpointGiven, EndpointPage, EndpointTold
from tideover.web.api.scopes import Scope
from tideover.web.api.webhooks.endpoints import (
    NoSuchEvent,
    NotToRead,
    TooManyEndpoints,
    add_endpoint,
    close_endpoint,
)
from tideover.web.api.webhooks.reach import UrlRefused

router = Router(tags=["webhooks"])
LARGEST = 2**63 - 1


# No answer is kept here by idempotency key: it holds a secret, which is shown once and lies nowhere in the open.
@router.post("/webhooks", response=may_answer(201, EndpointAdded), operation_id="add_webhook")
@through(Scope.MANAGE_WEBHOOKS, writes=False)
def add_webhook(request: HttpRequest, given: EndpointGiven) -> Status[dict[str, object]]:
    """Have events sent to an address outside, over https. The secret in the answer is shown this once."""
    client = client_of(request)
    try:
        made, secret = add_endpoint(client=client, url=given.url, events=given.events, at=now())
    except UrlRefused as refused:
        raise Problem(422, "url_refused", str(refused), field="url") from None
    except NoSuchEvent as refused:
        raise Problem(422, "unknown_code", str(refused), field="events") from None
    except NotToRead as refused:
        raise Problem(403, "no_scope", str(refused), scope=refused.scope) from None
    except TooManyEndpoints as refused:
        raise Problem(409, "too_many_endpoints", str(refused)) from None
    return Status(201, {**_told(made), "secret": secret})


@router.get("/webhooks", response=may_answer(200, EndpointPage), operation_id="list_webhooks")
@through(Scope.MANAGE_WEBHOOKS, writes=False)
def list_webhooks(request: HttpRequest) -> Status[dict[str, object]]:
    """Where events of this client go now."""
    rows = Endpoint.objects.filter(client=client_of(request), closed_at=None).order_by("pk")
    return Status(200, {"webhooks": [_told(it) for it in rows]})


@router.post(
    "/webhooks/{webhook_id}/close", response=may_answer(200, EndpointTold), operation_id="close_webhook"
)
@through(Scope.MANAGE_WEBHOOKS, writes=True)
def close_webhook(request: HttpRequest, webhook_id: int) -> Status[dict[str, object]]:
    """Send nothing there any more."""
    mine = Endpoint.objects.filter(client=client_of(request), closed_at=None)
    found = mine.filter(pk=webhook_id).first() if 0 < webhook_id < LARGEST else None
    if found is None:
        raise not_found("This client has no such webhook.")
    with transaction.atomic():
        close_endpoint(found, at=now())
    return Status(200, _told(found))


def _told(endpoint: Endpoint) -> dict[str, object]:
    return {"webhook_id": endpoint.pk, "url": endpoint.url, "events": endpoint.events}
