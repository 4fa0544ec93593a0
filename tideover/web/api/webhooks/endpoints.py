"""Verbs about endpoints: added with a secret that is shown once, closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tideover.access.audit import note
from tideover.kit.errors import Refused
from tideover.web.api.models import Client, Endpoint
from tideover.web.api.webhooks.events import EVENTS, READ_BY
from tideover.web.api.webhooks.reach import Resolve, check_url, resolved
from tideover.web.api.webhooks.signing import new_secret

MOST = 20


class NoSuchEvent(Refused):
    """It is none of the events."""


class NotToRead(Refused):
    """An event tells what the client may not read."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"To hear of this the key needs the scope '{scope}'.")
        self.scope = scope


class TooManyEndpoints(Refused):
    """A client has as many endpoints as it may."""


def add_endpoint(
    *, client: Client, url: str, events: Iterable[str], at: datetime, resolve: Resolve = resolved
) -> tuple[Endpoint, str]:
    """Send events there from now on; with it comes the secret, the only time it is shown. Raises UrlRefused, NoSuchEvent, NotToRead."""
    wanted = sorted(set(events))
    if strange := [it for it in wanted if it not in EVENTS]:
        raise NoSuchEvent(f"There is no event '{strange[0][:64]}'; there are {', '.join(EVENTS)}.")
    if lacking := sorted({READ_BY[it] for it in wanted} - set(client.scopes)):
        raise NotToRead(lacking[0])
    checked, secret = check_url(url, resolve=resolve), new_secret()
    with transaction.atomic():
        if Endpoint.objects.filter(client=client, closed_at=None).count() >= MOST:
            raise TooManyEndpoints(f"A client may have {MOST} endpoints; close one first.")
        made = Endpoint.objects.create(client=client, url=checked, secret=secret, events=wanted, made_at=at)
        note(action="endpoint_added", by=client.actor, at=at, detail={"endpoint": made.pk, "events": wanted})
    return made, secret


@transaction.atomic
def close_endpoint(endpoint: Endpoint, *, at: datetime, because: str = "asked") -> None:
    """Nothing is sent there any more."""
    Endpoint.objects.filter(pk=endpoint.pk, closed_at=None).update(
        closed_at=int(at.timestamp()), closed_because=because
    )
    detail: dict[str, str | int] = {"endpoint": endpoint.pk, "because": because}
    note(action="endpoint_closed", by=endpoint.client.actor, at=at, detail=detail)
