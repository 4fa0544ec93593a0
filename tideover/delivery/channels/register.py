"""Which channels there are, and how one is opened from the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from tideover.delivery.channels.contract import Channel
from tideover.kit.errors import Refused

GROUP = "tideover.channels"
OURS = ("app", "push", "email", "sms", "letter", "call", "visit")

Opening = Callable[[Mapping[str, str]], Channel]


class NotConnected(Refused):
    """A channel lacks a setting, or one of its settings cannot be read."""


def channel_names() -> list[str]:
    """Every channel that could be opened: ours, and those of installed packages."""
    return sorted({*OURS, *_installed()})


def open_channel(name: str, environ: Mapping[str, str]) -> Channel:
    """The channel of that name. An installed package of the same name takes the place of ours. Raises NotConnected."""
    found = _installed().get(name)
    if found is None and name not in OURS:
        raise NotConnected(f"There is no channel '{name}'. There are: {', '.join(channel_names())}.")
    opening: Opening = found.load() if found else import_module(f"{__package__}.{name}").open_channel
    return opening(environ)


def _installed() -> dict[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=GROUP):
        if entry.name in found:
            raise NotConnected(f"Two installed packages offer the channel '{entry.name}'. Keep one of them.")
        found[entry.name] = entry
    return found
