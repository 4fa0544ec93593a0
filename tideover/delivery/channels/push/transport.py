"""Web push: the notification is sealed for the device (RFC 8291) and posted to the browser's push service."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import SplitResult, urlsplit

import httpx
from pywebpush import WebPusher, WebPushException

from tideover.delivery.channels.contract import (
    AGAIN,
    Accepted,
    Busy,
    ChannelError,
    Clock,
    Limits,
    MayLeave,
    Outgoing,
    Rejected,
    freely,
)
from tideover.delivery.channels.posting import posted
from tideover.delivery.channels.push.settings import PushSettings, read_settings

LONGEST_TTL = timedelta(days=28)


def open_channel(environ: Mapping[str, str]) -> PushChannel:
    """With the key named by TIDEOVER_PUSH_KEY_FILE. Raises NotConnected."""
    return PushChannel(read_settings(environ))


@dataclass(frozen=True)
class PushChannel:
    """Notifications by web push."""

    settings: PushSettings
    name: str = "push"

    @property
    def limits(self) -> Limits:
        return self.settings.limits

    @asynccontextmanager
    async def session(self, *, at: datetime) -> AsyncIterator[PushSession]:
        timeout, clock = httpx.Timeout(self.settings.timeout), Clock(at)
        async with httpx.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False) as client:
            yield PushSession(self.settings, clock, client)


@dataclass(frozen=True)
class PushSession:
    """One pool of connections to the push services."""

    settings: PushSettings
    clock: Clock
    client: httpx.AsyncClient

    async def send(self, outgoing: Outgoing, *, may_leave: MayLeave = freely) -> Accepted:
        left = min(self.clock.left(outgoing), LONGEST_TTL)
        endpoint, sealed = _sealed(outgoing, self.settings.hosts)
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(max(int(left.total_seconds()), 1)),  # a phone that is off hears nothing late
            "Topic": topic(outgoing.message_id),  # a repeat takes the place of the first
            **self._introduction(endpoint),
        }
        reply = await posted(
            self.client, endpoint.geturl(), content=sealed, headers=headers,
            look=lambda: self.clock.last_look(outgoing, may_leave),
        )  # fmt: skip
        if reply.is_success:
            return Accepted(reply.headers.get("location", "")[-200:] or outgoing.message_id)
        raise _refusal(reply.status_code)

    def _introduction(self, endpoint: SplitResult) -> dict[str, str]:
        until = int((self.clock.now() + timedelta(hours=12)).timestamp())
        claims = {"aud": f"{endpoint.scheme}://{endpoint.netloc}", "exp": until, "sub": self.settings.contact}
        signed: dict[str, str] = self.settings.key.sign(claims)
        return signed


def topic(message_id: str) -> str:
    """Thirty-two letters of the URL-safe alphabet (RFC 8030 5.4), the same for the same message."""
    return base64.urlsafe_b64encode(hashlib.sha256(message_id.encode()).digest())[:32].decode()


def _sealed(outgoing: Outgoing, hosts: tuple[str, ...]) -> tuple[SplitResult, bytes]:
    """Where to, and the notification as only the device can read it. Raises Rejected."""
    # The title and the line below it show on a locked phone: the subject and the preview, never the text.
    shown = {
        "title": outgoing.subject,
        "body": outgoing.preview,
        "lang": outgoing.language,
        "dir": outgoing.direction,
        "tag": topic(outgoing.message_id),
    }
    try:
        words = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise Rejected("malformed", permanent=True, said="the text holds half a character") from None
    if len(words) > 3_000:
        raise Rejected("too_big", permanent=True, said=f"{len(words)} bytes; at most 3000")
    try:
        device = json.loads(outgoing.to)
        endpoint = urlsplit(str(device["endpoint"]))
        sealed: bytes = WebPusher({"endpoint": str(device["endpoint"]), "keys": dict(device["keys"])}).encode(
            words
        )["body"]
    except (ValueError, TypeError, KeyError, IndexError, WebPushException):
        raise Rejected("bad_address", permanent=True, said="not a push subscription") from None
    host = endpoint.hostname or ""
    if endpoint.scheme != "https" and host not in hosts:
        raise Rejected("bad_address", permanent=True, said="a push address without TLS")
    if not any(host == it or host.endswith(f".{it}") for it in hosts):
        raise Rejected("policy", permanent=True, said="the address is not on a known push service")
    return endpoint, sealed


def _refusal(code: int) -> ChannelError:
    if code in (404, 410):
        return Rejected("bad_address", permanent=True, said=str(code))
    if code == 413:
        return Rejected("too_big", permanent=True, said="413")
    if code == 403:
        return Busy("not_admitted", retry_after=AGAIN, said="403")
    return Rejected("other", permanent=False, said=str(code))
