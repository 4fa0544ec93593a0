"""What a channel promises that is told things on a line of its own: receipts, and the words people send back.

Such a channel has an attribute `listen`; None, or no such attribute: it is told nothing that way.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tideover.delivery.channels.contract import Clock
from tideover.delivery.incoming.received import Answered, Receipt


class NotYet(Exception):
    """What was heard cannot be placed now, and may be later: whoever said it is asked to say it again."""


Keep = Callable[[Receipt | Answered], Awaitable[None]]
"""Keeps what was heard for good. Only when it has returned may a channel say that it was taken. Raises NotYet."""

Listen = Callable[[Keep, Clock], Awaitable[None]]
"""Hears what comes back until the connection ends. Raises Busy, ConnectionError or TimeoutError: the caller dials again."""
