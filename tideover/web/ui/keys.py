"""Keys in addresses: `<key:person_id>` takes any key, where `<str:person_id>` has no address for one with a slash."""

from __future__ import annotations

from tideover.kit.paths import from_path, in_path


class KeyConverter:
    """One part of a path as a key, and back: for pages."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The key."""
        return from_path(value)

    def to_url(self, value: object) -> str:
        """As it stands in a path, before Django quotes it."""
        return in_path(str(value))


class AnyKeyConverter:
    """A key as other systems quote it, once: its slashes are slashes by the time it is here."""

    regex = r"[\s\S]+"

    def to_python(self, value: str) -> str:
        """The key."""
        return value

    def to_url(self, value: object) -> str:
        """As it was."""
        return str(value)
