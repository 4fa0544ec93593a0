"""A code of six digits, once, for ten minutes. Whoever asks is answered alike, known or not: the worker looks later.

Limits: three codes an hour and six a day to one address, ten an hour to one network (/24, /64), five tries a code: thirty
guesses a day of a million, a chance below one in ten thousand (NIST SP 800-63B asks for no more). And a number of codes an
hour in all, since somebody who asks for thousands runs up a bill (SMS pumping).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tideover.access.borrowers.models import SignInRequest

LASTS = timedelta(minutes=10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
A_DAY = 6
"""Codes a day to one address."""

A_ADDRESS, A_NETWORK, IN_ALL = 3, 10, 3_000
"""Codes an hour to one address, to one network, and to everybody."""
TRIES = 5
DIGITS = 6


def ask(*, index: str, channel: str, network: str, at: datetime) -> SignInRequest:
    """Note that a code is wanted. Beyond the limits it is noted too, and nothing is sent."""
    return SignInRequest.objects.create(
        key=secrets.token_urlsafe(24), index=index, channel=channel, network=network, asked_at=at, expires_at=at + LASTS
    )  # fmt: skip


def is_too_many(asked: SignInRequest) -> bool:
    """Whether this one is beyond what is sent within an hour."""
    lately = SignInRequest.objects.filter(asked_at__gt=asked.asked_at - HOUR, pk__lt=asked.pk)
    today = SignInRequest.objects.filter(
        asked_at__gt=asked.asked_at - DAY, pk__lt=asked.pk, index=asked.index
    )
    return (
        lately.filter(index=asked.index).count() >= A_ADDRESS
        or today.count() >= A_DAY
        or lately.filter(network=asked.network).count() >= A_NETWORK
        or lately.count() >= IN_ALL
    )


def issue(asked: SignInRequest, *, people: Sequence[str], at: datetime) -> str:
    """The code for those whose address it is; only its keyed hash is kept."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    asked.code_hash, asked.people, asked.handled_at = _hash(asked.key, code), list(people), at
    asked.expires_at = at + LASTS
    asked.save(update_fields=["code_hash", "people", "handled_at", "expires_at"])
    return code


@transaction.atomic
def redeem(*, key: str, code: str, at: datetime) -> tuple[str, ...]:
    """Whom the code lets in; nobody where it is wrong, over, used or tried too often. A try counts before it is looked at."""
    asked = SignInRequest.objects.select_for_update().filter(key=key).first()
    if asked is None or asked.used_at or asked.tries >= TRIES or at >= asked.expires_at:
        return ()
    asked.tries += 1
    # The same work whether or not a code was ever made.
    is_right = hmac.compare_digest(_hash(asked.key, code), asked.code_hash or "0" * 64)
    if is_right:
        asked.used_at = at
    asked.save(update_fields=["tries", "used_at"])
    return tuple(map(str, asked.people)) if is_right else ()


def network_of(address: str) -> str:
    """A fingerprint of the network somebody comes from: its first three numbers, or 64 bits of IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return _hash("network", address)[:32]
    bits = 24 if found.version == 4 else 64
    return _hash("network", str(ipaddress.ip_network(f"{found}/{bits}", strict=False)))[:32]


def _hash(key: str, told: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{key}|{told}".encode(), hashlib.sha256).hexdigest()


def forget_before(moment: datetime) -> None:
    """Requests older than that go."""
    SignInRequest.objects.filter(asked_at__lt=moment).delete()


def forget_person(person_id: str) -> None:
    """No code lets somebody in who is erased."""
    every = SignInRequest.objects.values_list("pk", "people")
    SignInRequest.objects.filter(pk__in=[pk for pk, people in every if person_id in people]).delete()
