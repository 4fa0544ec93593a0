"""The key by which push services know this lender, and the push services it talks to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from py_vapid import Vapid02, VapidException

from tideover.delivery.channels.contract import Limits
from tideover.delivery.channels.register import NotConnected

KEY_FILE, CONTACT, HOSTS = "TIDEOVER_PUSH_KEY_FILE", "TIDEOVER_PUSH_CONTACT", "TIDEOVER_PUSH_HOSTS"
# An address comes from a browser, so it is posted to only where it belongs to a push service.
USUAL_HOSTS = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)

USUAL = Limits(sessions=8, longest=3_000, many_providers=True)


@dataclass(frozen=True, slots=True)
class PushSettings:
    """One VAPID key."""

    key: Vapid02 = field(repr=False)
    contact: str
    """`mailto:` or https: whom a push service tells when something is wrong."""
    hosts: tuple[str, ...] = USUAL_HOSTS
    """An address must be on one of these hosts or below it."""
    timeout: float = 10.0
    limits: Limits = USUAL


def read_settings(environ: Mapping[str, str]) -> PushSettings:
    """Raises NotConnected."""
    file, contact = environ.get(KEY_FILE, ""), environ.get(CONTACT, "")
    if not file or not contact.startswith(("mailto:", "https://")):
        raise NotConnected(
            f"Set {KEY_FILE} to a P-256 key in PEM, and {CONTACT} to mailto:someone@your.domain."
        )
    try:
        key = Vapid02.from_file(file)
    except (OSError, ValueError, VapidException):
        raise NotConnected(
            f"The key that {KEY_FILE} names is no P-256 key in PEM, or cannot be read."
        ) from None
    more = tuple(host.strip() for host in environ.get(HOSTS, "").split(",") if host.strip())
    return PushSettings(key, contact, hosts=(*USUAL_HOSTS, *more))
