"""Signatures as Standard Webhooks has them: id, moment and body under the secret of the endpoint."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret with 256 bits of chance."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, *, event_id: str, moment: int, body: str) -> str:
    """What the receiver computes too, and compares in constant time."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    told = f"{event_id}.{moment}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()


def headers(secret: str, *, event_id: str, at: datetime, body: str) -> dict[str, str]:
    """What goes with an event. A receiver refuses what is older than five minutes."""
    moment = int(at.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Tideover",
        "webhook-id": event_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": signature(secret, event_id=event_id, moment=moment, body=body),
    }
