"""The address of a provider as one setting: scheme://user:password@host:port?name=value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from tideover.delivery.channels.register import NotConnected

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class ProviderAddress:
    """A setting taken apart. Never shown: it holds a password."""

    scheme: str
    host: str
    port: int | None
    user: str = field(repr=False)
    password: str = field(repr=False)
    path: str
    options: Mapping[str, str] = field(repr=False)


def provider_address(
    environ: Mapping[str, str], name: str, *, schemes: tuple[str, ...], options: frozenset[str]
) -> ProviderAddress:
    """The setting called `name`. Raises NotConnected, without repeating what was written."""
    written = environ.get(name, "")
    if not written:
        raise NotConnected(f"{name} is not set. It looks like {schemes[0]}://user:password@host:port.")
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError:
        raise NotConnected(f"{name} cannot be read as an address.") from None
    if parts.scheme not in schemes or not parts.hostname:
        raise NotConnected(
            f"{name} must begin with {' or '.join(f'{it}://' for it in schemes)} and name a host."
        )
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(given.keys() - options):
        raise NotConnected(
            f"{name} does not know {', '.join(unknown)}. It knows: {', '.join(sorted(options))}."
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return ProviderAddress(parts.scheme, parts.hostname, port, user, password, parts.path, given)


def number(options: Mapping[str, str], name: str, usual: float, *, setting: str) -> float:
    """A positive number among the options. Raises NotConnected."""
    written = options.get(name, str(usual))
    try:
        found = float(written)
    except ValueError:
        found = -1.0
    if not 0 < found < float("inf"):
        raise NotConnected(f"{setting}: {name} must be a number above 0.")
    return found
