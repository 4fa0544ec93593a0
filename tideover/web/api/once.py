"""A request made twice happens once: the answer is kept in the transaction of what was done, under the client's own key.

An answer that did nothing is not kept: whoever mends the request may use the key again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from tideover.web.api.models import Client, Kept
from tideover.web.api.problems import Problem

KEPT_FOR = timedelta(hours=72)
IN_FLIGHT = timedelta(minutes=2)
"""Longer than requests take: after it the process that had it is taken for dead. If it is not, what it did is undone."""
KEY = re.compile(r"[\x21-\x7e]{1,255}")


BEGINS_TROUBLE = 300


def once(
    request: HttpRequest, client: Client, run: Callable[[], HttpResponse], *, at: datetime
) -> HttpResponse:
    """Run it, or give the answer it had before. Raises Problem: in flight, or the key was used for something else."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return _whole_or_nothing(run)
    if not KEY.fullmatch(key):
        raise Problem(400, "bad_key", "Idempotency-Key is 1 to 255 visible ASCII characters, such as a UUID.")
    Kept.objects.filter(client=client, begun_at__lt=int((at - KEPT_FOR).timestamp())).delete()
    mine, asked = hashlib.sha256(key.encode()).hexdigest(), _hash_of(request)
    row, is_new = Kept.objects.get_or_create(
        client=client, key_hash=mine, defaults={"asked_hash": asked, "begun_at": at}
    )
    if not is_new:
        return _again(row, asked, at, lambda: _kept(row, at, run))
    return _kept(row, at, run)


def _again(row: Kept, asked: str, at: datetime, run: Callable[[], HttpResponse]) -> HttpResponse:
    if row.asked_hash != asked:
        raise Problem(422, "key_used", "This Idempotency-Key was used for another request; choose a new one.")
    if row.status is not None:
        answer = HttpResponse(bytes(row.body), status=row.status, content_type=row.kind)
        answer.headers["Idempotency-Hit"] = "true"
        return answer
    late = Kept.objects.filter(
        pk=row.pk,
        status=None,
        begun_at=int(row.begun_at.timestamp()),
        begun_at__lt=int((at - IN_FLIGHT).timestamp()),
    )
    if not late.update(begun_at=int(at.timestamp())):
        raise Problem(409, "in_flight", "The same request is being worked on; ask again in a moment.")
    return run()


def _kept(row: Kept, at: datetime, run: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer and what was done, together or not at all: whoever was taken over meanwhile does nothing."""
    mine = Kept.objects.filter(pk=row.pk, begun_at=int(at.timestamp()), status=None)

    def run_and_keep() -> HttpResponse:
        answer = run()
        if answer.status_code < BEGINS_TROUBLE and not mine.update(
            status=answer.status_code, kind=answer.headers["Content-Type"], body=answer.content
        ):
            raise Problem(
                409, "in_flight", "It took so long that the same request took over; ask again in a moment."
            )
        return answer

    try:
        return _whole_or_nothing(run_and_keep)
    finally:
        mine.delete()


def _whole_or_nothing(run: Callable[[], HttpResponse]) -> HttpResponse:
    with transaction.atomic():
        answer = run()
        if answer.status_code >= BEGINS_TROUBLE:
            transaction.set_rollback(True)
    return answer


def _hash_of(request: HttpRequest) -> str:
    told = hashlib.sha256()
    for part in ((request.method or "").encode(), request.get_full_path().encode(), request.body):
        told.update(len(part).to_bytes(8, "big"))
        told.update(part)
    return told.hexdigest()
