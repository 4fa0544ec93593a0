"""The door of every operation: size, key, scope, rate. What is written happens once, and whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TypeVar

from django.db import OperationalError
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from ninja.decorators import decorate_view
from ninja.security import HttpBearer
from pydantic import BaseModel

from tideover.access.clock import now
from tideover.web.api.clients import client_with
from tideover.web.api.models import Client
from tideover.web.api.once import once
from tideover.web.api.problems import Problem
from tideover.web.api.scopes import Scope

MOST_BYTES = 2_000_000
"""Of one request; a book of files comes in by import."""

BUSY = "The database is busy or away. Nothing was done; ask again in a few seconds, under the same Idempotency-Key."

Run = Callable[..., HttpResponse]
Operation = TypeVar("Operation", bound=Callable[..., object])


class ClientKey(HttpBearer):
    """The key of a client, as `Authorization: Bearer tdo_...`."""

    openapi_description = "The key of a client, made with the scopes and branches it needs."

    def authenticate(self, request: HttpRequest, token: str) -> Client | None:  # noqa: ARG002
        """Whoever came through the door; an operation without one is closed."""
        found = getattr(request, "api_client", None)
        return found if isinstance(found, Client) else None


def through(
    scope: Scope, *, writes: bool, asks: type[BaseModel] | None = None
) -> Callable[[Operation], Operation]:
    """An operation for clients that hold a scope; `asks` are the fields that may follow the question mark."""
    fields = frozenset(asks.model_fields) if asks else frozenset()

    def gate(run: Run) -> Run:
        @wraps(run)
        def guarded(request: HttpRequest, **given: object) -> HttpResponse:
            try:
                answer = _answered(request, scope, fields, lambda: run(request, **given), writes=writes)
            except Problem as problem:
                answer = problem.response()
            except OperationalError:  # nothing was done: each request is one transaction
                answer = Problem(503, "database_busy", BUSY).response()
                answer.headers["Retry-After"] = "5"
            answer.headers["Cache-Control"] = "no-store"
            return answer

        return guarded

    decorate: Callable[[Operation], Operation] = decorate_view(gate)
    return decorate


def _answered(
    request: HttpRequest,
    scope: Scope,
    fields: frozenset[str],
    run: Callable[[], HttpResponse],
    *,
    writes: bool,
) -> HttpResponse:
    at = now()
    _check_size(request)
    client = _entered(request, scope, at)
    _check_query(request, fields)
    return once(request, client, run, at=at) if writes else run()


def client_of(request: HttpRequest) -> Client:
    """Who asks."""
    found: object = getattr(request, "api_client", None)
    if not isinstance(found, Client):
        raise Problem(401, "no_key", "This operation was asked without a key.")
    return found


def _check_size(request: HttpRequest) -> None:
    told = request.META.get("CONTENT_LENGTH") or "0"
    try:
        size = max(int(told) if told.isdecimal() else MOST_BYTES + 1, len(request.body))
    except RawPostDataException:
        size = 0
    if size > MOST_BYTES:
        raise Problem(413, "too_large", f"A request may have {MOST_BYTES} bytes; send the rows in several.")


def _check_query(request: HttpRequest, fields: frozenset[str]) -> None:
    """A field that is not known is refused: what was meant by it would be lost in silence."""
    if set(request.GET) - fields:
        known = f"; there are {', '.join(sorted(fields))}" if fields else ""
        raise Problem(
            422, "unknown_field", f"After the question mark stands a field that is not known{known}."
        )


def _entered(request: HttpRequest, scope: Scope, at: datetime) -> Client:
    given = request.headers.get("Authorization", "")
    kind, _, key = given.partition(" ")
    client = client_with(key.strip()) if kind.lower() == "bearer" else None
    if client is None:
        raise Problem(
            401,
            "no_key",
            "Send the key of a client as 'Authorization: Bearer tdo_...'; it may have been revoked.",
        ).with_header("WWW-Authenticate", "Bearer")
    _count(client, at)
    if scope not in client.scopes:
        raise Problem(403, "no_scope", f"This key has not the scope '{scope}'.", scope=str(scope))
    request.api_client = client  # type: ignore[attr-defined]
    return client


def _count(client: Client, at: datetime) -> None:
    """One more request in this minute, counted in the database: it holds over all processes."""
    moment = int(at.timestamp())
    minute = moment // 60
    row = Client.objects.filter(pk=client.pk)
    more = {"used": F("used") + 1, "last_used_at": moment}
    if not row.filter(minute=minute).update(**more):
        begun = row.exclude(minute=minute).update(minute=minute, used=1, last_used_at=moment)
        if not begun:  # another request began the minute just now
            row.update(**more)
    used = row.values_list("used", flat=True).get()
    if used > client.a_minute:
        wait = str(60 - moment % 60)
        raise Problem(
            429, "too_many", f"This key may ask {client.a_minute} times a minute; wait {wait} seconds."
        ).with_header("Retry-After", wait)
