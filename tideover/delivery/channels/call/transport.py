"""A call by a person: what is sent is a task."""

from __future__ import annotations

from collections.abc import Mapping

from tideover.delivery.channels.contract import Channel
from tideover.delivery.channels.kept import KeptChannel


def open_channel(_environ: Mapping[str, str]) -> Channel:
    """There is nothing to set."""
    return KeptChannel("call")
