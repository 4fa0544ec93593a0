"""Where text messages go: one address, whose scheme says how."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from tideover.delivery.channels.addresses import LOOPBACK, ProviderAddress, number, provider_address
from tideover.delivery.channels.contract import Limits
from tideover.delivery.channels.register import NotConnected

SMS_URL = "TIDEOVER_SMS_URL"
WEBHOOK_SECRET = "TIDEOVER_SMS_WEBHOOK_SECRET_FILE"  # noqa: S105 - the name of a setting
OPTIONS = frozenset(
    {
        "timeout",
        "reply_timeout",
        "sessions",
        "per_second",
        "long",
        "tls",
        "system_type",
        "enquire",
        "template_tag",
    }
)
LONG = ("udh", "payload")

USUAL = Limits(per_second=30, sessions=1, longest=1_530)


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """One provider."""

    scheme: Literal["smpp", "https", "http"]
    host: str
    port: int
    path: str = "/"
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    tls: bool = False
    timeout: float = 10.0
    reply_timeout: float = 30.0
    enquire_every: float = 30.0
    long: Literal["udh", "payload"] = "udh"
    """How a long message goes: in parts with a header each, or whole in `message_payload`."""
    system_type: str = ""
    template_tag: int = 0
    """The optional parameter in which a network expects the registered template's id; 0 sends none."""
    limits: Limits = USUAL


def read_settings(environ: Mapping[str, str]) -> SmsSettings:
    """From `smpp://system:password@host:port` or `https://user:password@host/path`. Raises NotConnected."""
    given = provider_address(environ, SMS_URL, schemes=("smpp", "https", "http"), options=OPTIONS)
    if given.scheme == "http" and given.host not in LOOPBACK:
        raise NotConnected(f"{SMS_URL}: without TLS, only to this machine. Write https://.")
    long = given.options.get("long", "udh")
    if long not in LONG:
        raise NotConnected(f"{SMS_URL}: long must be one of {', '.join(LONG)}.")
    if not given.user:
        raise NotConnected(f"{SMS_URL} names no user; write {given.scheme}://user:password@host.")
    return SmsSettings(
        scheme=cast('Literal["smpp", "https", "http"]', given.scheme),
        host=given.host,
        port=given.port or {"smpp": 2775, "https": 443}.get(given.scheme, 80),
        path=given.path or "/",
        user=given.user,
        password=given.password,
        tls=given.options.get("tls") == "implicit",
        timeout=_number(given, "timeout", 10.0),
        reply_timeout=_number(given, "reply_timeout", 30.0),
        enquire_every=_number(given, "enquire", 30.0),
        long=cast('Literal["udh", "payload"]', long),
        system_type=given.options.get("system_type", ""),
        template_tag=int(given.options.get("template_tag", "0"), 0),
        limits=Limits(
            per_second=_number(given, "per_second", 30.0),
            sessions=int(_number(given, "sessions", 1.0)) or 1,
            longest=1_530,
        ),
    )


def _number(given: ProviderAddress, name: str, usual: float) -> float:
    return number(given.options, name, usual, setting=SMS_URL)


def webhook_secret(environ: Mapping[str, str]) -> bytes:
    """The secret shared with the gateway for its webhooks. Raises NotConnected."""
    file = environ.get(WEBHOOK_SECRET, "")
    try:
        return Path(file).read_bytes().strip() if file else b""
    except OSError as error:
        raise NotConnected(
            f"The secret that {WEBHOOK_SECRET} names cannot be read: {error.strerror}."
        ) from None


def answers_come_back(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether an answer to a text reaches us: by SMPP always, by a gateway where its webhook is set; in a demo it is typed in."""
    url = environ.get(SMS_URL, "")
    return not url or url.startswith("smpp") or bool(environ.get(WEBHOOK_SECRET))
