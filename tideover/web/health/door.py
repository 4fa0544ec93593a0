"""Who may read the numbers: they name nobody, and tell how much a lender sends."""

from __future__ import annotations

import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""Any of these says that the request came through a proxy, which may stand on this machine for the whole world."""


def may_read_metrics(request: HttpRequest) -> bool:
    """Is the token shown, or was it asked on this machine itself?"""
    return _shows_token(request) or _is_from_here(request)


def _shows_token(request: HttpRequest) -> bool:
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    token = settings.METRICS_TOKEN
    return bool(token) and kind.lower() == "bearer" and hmac.compare_digest(shown.encode(), token.encode())


def _is_from_here(request: HttpRequest) -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(str(request.META.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False
