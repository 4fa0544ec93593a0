"""Events leave: claimed for a minute, signed, sent to an address outside, tried again by a table for three days."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import httpcore
import structlog
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from tideover.web.api.models import Endpoint, Outgoing
from tideover.web.api.sight import seen_among
from tideover.web.api.webhooks.endpoints import close_endpoint
from tideover.web.api.webhooks.events import note_events
from tideover.web.api.webhooks.reach import Outside, Resolve, UrlRefused, check_url, resolved
from tideover.web.api.webhooks.signing import headers

log = structlog.get_logger()
WAITS = (
    timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
    timedelta(hours=6), timedelta(hours=12), timedelta(hours=24),
)  # fmt: skip
"""After each try that failed; the last one again and again."""
GIVE_UP = timedelta(days=3)
KEPT = timedelta(days=7)
LEASE = timedelta(minutes=2)
A_CLAIM = 20
SECONDS = 5.0
"""To connect, and to wait for any word of an answer."""
WITHIN = 10.0
"""Seconds for one event from first to last, however slowly its receiver talks."""
A_RUN = 30.0
"""Seconds after which what is left of a claim waits for the next run: the claim is held for longer than that."""
GONE = 410

Post = Callable[[str, dict[str, str], str], int]
"""Sends a body to a URL with headers, and says the status. Raises OSError or UrlRefused."""


def has_receivers() -> bool:
    """Does anybody want to be told anything?"""
    return _open_endpoints().exists()


def _open_endpoints() -> QuerySet[Endpoint]:
    return Endpoint.objects.filter(closed_at=None, client__revoked_at=None)


def deliver_due(at: datetime, *, post: Post | None = None) -> int:
    """Note what is new and send what is due. How many events were tried."""
    endpoints, ends = list(_open_endpoints().select_related("client")), time.monotonic() + A_RUN
    for endpoint in endpoints:
        note_events(endpoint, at=at)
    mine = _claimed([it.pk for it in endpoints], at) if endpoints else []
    slow: set[int] = set()
    for event in mine:
        if time.monotonic() > ends:
            _given_back(event)
        elif event.endpoint_id in slow:
            _later(event, at, "endpoint_is_slow", counts=False)
        elif not _tried(event, at, post or post_outside):
            slow.add(event.endpoint_id)
    Outgoing.objects.filter(made_at__lt=int((at - KEPT).timestamp())).exclude(state="waiting").delete()
    return len(mine)


def _given_back(event: Outgoing) -> None:
    Outgoing.objects.filter(pk=event.pk, state="waiting").update(lease_until=None)


def post_outside(
    url: str, told: dict[str, str], body: str, *, resolve: Resolve = resolved, within: float = WITHIN
) -> int:
    """Over the net, to the address that was checked; redirects are not followed, what is answered is not read."""
    check_url(url, resolve=resolve)
    limits = {"connect": SECONDS, "read": SECONDS, "write": SECONDS, "pool": SECONDS}
    with (
        httpcore.ConnectionPool(
            network_backend=Outside(resolve, within=within), max_keepalive_connections=0
        ) as pool,
        pool.stream(
            "POST", url, headers=list(told.items()), content=body.encode(), extensions={"timeout": limits}
        ) as answer,
    ):
        return int(answer.status)


def _claimed(endpoints: list[int], at: datetime) -> list[Outgoing]:
    moment, until = int(at.timestamp()), int((at + LEASE).timestamp()) + secrets.randbelow(30)
    with transaction.atomic():
        free = Q(lease_until=None) | Q(lease_until__lte=moment)
        due = Outgoing.objects.filter(free, state="waiting", due_at__lte=moment, endpoint__in=endpoints)
        due = due.order_by("due_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        mine = [it.pk for it in due[:A_CLAIM]]
        Outgoing.objects.filter(pk__in=mine).update(lease_until=until)
    return list(
        Outgoing.objects.filter(pk__in=mine).select_related("endpoint__client").order_by("due_at", "id")
    )


def _tried(event: Outgoing, at: datetime, post: Post) -> bool:
    """Send it once. False: the endpoint did not answer, so that others need not wait for it too."""
    endpoint = event.endpoint
    if not seen_among(endpoint.client, [event.person_id]):
        _ended(event, "given_up", "not_theirs")  # she went to another branch since it was put in line
        return True
    told = headers(endpoint.secret, event_id=event.event_id, at=at, body=event.body)
    try:
        status = post(endpoint.url, told, event.body)
    except UrlRefused as refused:
        _later(event, at, type(refused).__name__.lower())
        return False
    except (OSError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        _later(event, at, "no_answer")
        return False
    if status == GONE:
        close_endpoint(endpoint, at=at, because="gone")
        _ended(event, "given_up", "gone")
    elif 200 <= status < 300:
        _ended(event, "delivered", "")
    else:
        _later(event, at, f"status_{status}")
    return True


def _later(event: Outgoing, at: datetime, because: str, *, counts: bool = True) -> None:
    """By the table; given up where the next try would come after three days."""
    attempts = event.attempts + counts
    wait = WAITS[min(max(attempts, 1), len(WAITS)) - 1]
    if at + wait > event.made_at + GIVE_UP:
        log.info("webhook_given_up", event_id=event.event_id, endpoint=event.endpoint_id, because=because)
        _ended(event, "given_up", because, attempts)
        return
    Outgoing.objects.filter(pk=event.pk, state="waiting").update(
        attempts=attempts, because=because, due_at=int((at + wait).timestamp()), lease_until=None
    )


def _ended(event: Outgoing, state: str, because: str, attempts: int | None = None) -> None:
    Outgoing.objects.filter(pk=event.pk, state="waiting").update(
        state=state,
        because=because,
        lease_until=None,
        attempts=event.attempts + 1 if attempts is None else attempts,
    )
