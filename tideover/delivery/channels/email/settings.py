"""Where the relay is and how mail is signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from tideover.delivery.channels.addresses import LOOPBACK, number, provider_address
from tideover.delivery.channels.contract import Limits
from tideover.delivery.channels.register import NotConnected

SMTP_URL = "TIDEOVER_SMTP_URL"
DKIM = ("TIDEOVER_DKIM_DOMAIN", "TIDEOVER_DKIM_SELECTOR", "TIDEOVER_DKIM_KEY_FILE")
OPTIONS = frozenset({"tls", "timeout", "reply_timeout", "sessions", "per_second"})
TLS = ("starttls", "implicit", "none")

USUAL = Limits(sessions=4)


@dataclass(frozen=True, slots=True)
class Signature:
    """A DKIM key of the lender's domain."""

    domain: str
    selector: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """One relay."""

    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    timeout: float = 30.0
    reply_timeout: float = 600.0
    """After the final dot a relay may take ten minutes (RFC 5321 4.5.3.2.6); giving up sooner makes duplicates."""
    limits: Limits = USUAL
    signature: Signature | None = None


def read_settings(environ: Mapping[str, str]) -> EmailSettings:
    """From `smtp://user:password@host:port?tls=starttls`. Raises NotConnected."""
    given = provider_address(environ, SMTP_URL, schemes=("smtp", "smtps"), options=OPTIONS)
    usual = "implicit" if given.scheme == "smtps" else "none" if given.host in LOOPBACK else "starttls"
    tls = given.options.get("tls", usual)
    if tls not in TLS:
        raise NotConnected(f"{SMTP_URL}: tls must be one of {', '.join(TLS)}.")
    rate = given.options.get("per_second")
    return EmailSettings(
        host=given.host,
        port=given.port or {"starttls": 587, "implicit": 465}.get(tls, 25),
        user=given.user,
        password=given.password,
        tls=cast('Literal["starttls", "implicit", "none"]', tls),
        timeout=number(given.options, "timeout", 30.0, setting=SMTP_URL),
        reply_timeout=number(given.options, "reply_timeout", 600.0, setting=SMTP_URL),
        limits=Limits(
            per_second=number(given.options, "per_second", 1.0, setting=SMTP_URL) if rate else None,
            sessions=int(number(given.options, "sessions", 4.0, setting=SMTP_URL)) or 1,
        ),
        signature=_signature(environ),
    )


def _signature(environ: Mapping[str, str]) -> Signature | None:
    domain, selector, file = (environ.get(name, "") for name in DKIM)
    if not (domain or selector or file):
        return None
    if not (domain and selector and file):
        raise NotConnected(
            f"To sign mail, set all of {', '.join(DKIM)}; leave all of them out where the relay signs."
        )
    try:
        return Signature(domain, selector, Path(file).read_bytes())
    except OSError as error:
        raise NotConnected(f"The key that {DKIM[2]} names cannot be read: {error.strerror}.") from None
