"""Who posted this? HMAC-SHA256 over the moment, a full stop and the raw body; five minutes are the most it may be old."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from tideover.repayment.ways.contract import Forged

TOLERANCE = timedelta(minutes=5)
SHORTEST = 16
"""Bytes of a secret."""


def signature_of(body: bytes, signed_at: str, secret: bytes) -> str:
    """What stands beside a body that was signed at that second since 1970."""
    return hmac.new(secret, signed_at.encode() + b"." + body, hashlib.sha256).hexdigest()


def require_signature(
    body: bytes, *, signed_at: str, signatures: Iterable[str], secret: bytes, at: datetime
) -> None:
    """Raises Forged unless one of the signatures is that of the very bytes, made now."""
    if len(secret) < SHORTEST:
        raise Forged(f"Nothing is taken without a secret of at least {SHORTEST} bytes.")
    if not (signed_at.isascii() and signed_at.isdecimal() and len(signed_at) <= 12):
        raise Forged("It does not say when it was signed.")
    right = signature_of(body, signed_at, secret).encode()
    # Every one is compared, so that time tells nothing about which.
    if sum(hmac.compare_digest(right, it.encode()) for it in signatures) == 0:
        raise Forged("The signature is not that of this body.")
    if abs(at - datetime.fromtimestamp(int(signed_at), UTC)) > TOLERANCE:
        raise Forged("It was signed more than five minutes away from now.")
