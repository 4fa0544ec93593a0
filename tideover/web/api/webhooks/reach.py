"""Where an event may be sent: outside, never inside. A name is resolved once, and just that address is connected to.

What counts as inside: this machine, private and link-local networks, the metadata services of clouds, and every IPv6
form of those. `TIDEOVER_WEBHOOK_INSIDE` lists networks that a lender allows all the same, such as fd12:3456::/32.
"""

from __future__ import annotations

import math
import re
import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import httpcore
import structlog
from django.conf import settings

from tideover.kit.errors import Refused
from tideover.web.api.webhooks.in_time import Deadline, InTime

log = structlog.get_logger()
Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

NAME = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII)
METADATA = frozenset({ip_address("168.63.129.16")})
"""Addresses of the net that clouds answer from within: Azure's."""
ALSO_INSIDE = (ip_network("192.0.0.0/24"), ip_network("192.88.99.0/24"))
"""Special uses (RFC 6890) that not every Python counts as private; a cloud's own service among them."""
TRANSLATED = ip_network("64:ff9b::/96")
ALSO_TRANSLATED = ip_network("64:ff9b:1::/48")
COMPATIBLE = ip_network("::/96")


class UrlRefused(Refused):
    """Events cannot be sent to this address."""


class Inside(UrlRefused):
    """The address leads inside: to this machine, a private network, or a cloud's own service."""


def resolved(host: str, port: int) -> list[str]:
    """Every address a name stands for now."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UrlRefused("The name of the host leads to no address.") from None
    return list(dict.fromkeys(str(it[4][0]) for it in found))


def check_url(url: str, *, resolve: Resolve = resolved) -> str:
    """The URL, if events may go there. Raises UrlRefused, Inside."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlRefused("This is not an address of the web.") from None
    schemes = ("https", "http") if settings.DEMO else ("https",)
    if parts.scheme not in schemes:
        raise UrlRefused("Events go over https only.")
    if (
        parts.username is not None
        or parts.password is not None
        or parts.fragment
        or not url.isascii()
        or not url.isprintable()
    ):
        raise UrlRefused("The address has a user, a fragment or characters that do not belong there.")
    host = parts.hostname or ""
    if " " in url or "\\" in url or not (NAME.fullmatch(host) or _is_address(host)):
        raise UrlRefused("The address names no host.")
    allowed_addresses(host, port or (443 if parts.scheme == "https" else 80), resolve)
    return url


def allowed_addresses(host: str, port: int, resolve: Resolve = resolved) -> list[str]:
    """What the name stands for, if all of it is outside: one address inside is one too many. Raises Inside."""
    found = [host] if _is_address(host) else list(resolve(host, port))
    if not found:
        raise UrlRefused("The name of the host leads to no address.")
    for it in found:
        address = ip_address(it.split("%", 1)[0])
        if "%" in it or is_inside(address):
            if any(address in network for network in _opened()):
                log.info("webhook_inside_allowed", network_opened=True)
                continue
            raise Inside("The address leads inside, to a network that events may not reach.")
    return found


def is_inside(address: Address) -> bool:
    """Anything that is not an address of the open net, in whatever form it is written."""
    if isinstance(address, IPv6Address):
        if any(is_inside(it) for it in _within(address)):
            return True
        if address in ALSO_TRANSLATED or address in COMPATIBLE:
            return True
    special = address in METADATA or any(address in it for it in ALSO_INSIDE)
    return special or not address.is_global or address.is_multicast or address.is_reserved


def _within(address: IPv6Address) -> Iterable[IPv4Address]:
    """The IPv4 addresses that an IPv6 address carries: mapped, 6to4, Teredo, translated."""
    teredo = address.teredo or ()
    found = [address.ipv4_mapped, address.sixtofour, *teredo]
    if address in TRANSLATED:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [it for it in found if it is not None]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _opened() -> list[IPv4Network | IPv6Network]:
    return [ip_network(it) for it in settings.WEBHOOK_INSIDE]


class Outside(httpcore.NetworkBackend):
    """Connects to the address that was looked at, and to no other: the name is not asked again in between.

    All that is said over a connection is said within so many seconds of when this was made.
    """

    def __init__(self, resolve: Resolve = resolved, *, within: float = math.inf) -> None:
        self._resolve, self._plain = resolve, httpcore.SyncBackend()
        self._deadline = Deadline(within)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        (first, *_) = allowed_addresses(host, port, self._resolve)
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        stream = self._plain.connect_tcp(
            first, port, timeout=left, local_address=local_address, socket_options=socket_options
        )
        return InTime(stream, self._deadline)
