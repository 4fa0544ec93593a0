"""Notifications on a device of hers: allowed with one press, taken back with one. The words she agreed to are kept.

They need scripts; everything they say also comes by another way.
"""

from __future__ import annotations

import base64
import json
import os
from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_POST

from tideover.access.clock import now
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.consents import agreed_text
from tideover.book.models import Address
from tideover.book.newest import newest
from tideover.delivery.channels.push.settings import read_settings
from tideover.delivery.channels.register import NotConnected
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import words_for

LONGEST = 2_000


def public_key() -> str:
    """By which a browser knows us; empty where no key is set up, and then nobody is asked."""
    try:
        key = read_settings(os.environ).key.public_key
    except NotConnected:
        return ""
    raw = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@require_POST
@for_borrowers
def allow(request: HttpRequest) -> HttpResponseBase:
    """This device may show notifications."""
    given = _subscription(request.body)
    if given is None:
        return JsonResponse({"refused": True}, status=400)
    person, at = signed_in(request).person_id, now()
    _kept(person, given, words_for(request).tag, words_for(request).say("doors.push.consent"), at)
    return JsonResponse({"allowed": True})


@require_POST
@for_borrowers
def take_back(request: HttpRequest) -> HttpResponseBase:
    """No notification to any device of hers any more."""
    person, at = signed_in(request).person_id, now()
    told = {"person_id": person, "channel": "push", "purpose_class": "all", "withdrawn_at": at}
    record("consents", [told], source="person", at=at)
    return JsonResponse({"allowed": False})


@transaction.atomic
def _kept(person: str, given: str, language: str, text: str, at: datetime) -> None:
    key = f"push-{blind(given)}"
    Address.objects.get_or_create(
        address_id=key, defaults={"channel": "push", "value": given, "index": blind(given)}
    )
    point = {
        "contact_point_id": f"{person}-{key}"[:200], "person_id": person, "channel": "push", "address_id": key, "state": "ok",
        "verified_at": at, "since": at,
    }  # fmt: skip
    record("contact_points", [point], source="person", at=at)
    others = newest("contact_points", ~Q(address_id=key), person_id=person, channel="push")
    ended = [{**row.as_row, "until": at} for row in others if row.until is None]
    record("contact_points", ended, source="person", at=at)
    consent = {
        "person_id": person, "channel": "push", "purpose_class": "all", "granted_at": at,
        "text_hash": agreed_text(text, language=language, at=at), "shown_in": "portal",
    }  # fmt: skip
    record("consents", [consent], source="person", at=at)


def _subscription(body: bytes) -> str | None:
    """What a browser gives: an https address and two keys; None where it is anything else."""
    try:
        told = json.loads(body[: LONGEST + 1])
        endpoint, keys = str(told["endpoint"]), {it: str(told["keys"][it]) for it in ("p256dh", "auth")}
    except (ValueError, TypeError, KeyError):
        return None
    is_fine = endpoint.startswith("https://") and len(body) <= LONGEST
    return json.dumps({"endpoint": endpoint, "keys": keys}) if is_fine else None
