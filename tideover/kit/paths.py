"""Keys of other systems as one part of a path, whatever stands in them."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

DOTS = (".", "..")
"""What browsers take for a step in the path."""
HELD = re.compile("%(?:25|2[FE])", re.IGNORECASE)


def in_path(key: str) -> str:
    """The key without a slash, still to be quoted like any other text: servers and browsers undo one quoting on the way."""
    held = key.replace("%", "%25").replace("/", "%2F")
    return held.replace(".", "%2E") if held in DOTS else held


def quoted_in_path(key: str) -> str:
    """The key as it stands in a link."""
    return quote(in_path(key), safe="")


def from_path(part: str) -> str:
    """The key that a part of a path stands for. Nothing is undone but what `in_path` does."""
    return HELD.sub(lambda it: unquote(it.group()), part)
