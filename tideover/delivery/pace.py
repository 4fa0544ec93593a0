"""How fast a provider is given messages: so many a second at most, whatever sessions and rounds they come from."""

from __future__ import annotations

import asyncio
import time
from functools import lru_cache


class Pace:
    """Turns that are evenly spaced. Of one process; where several work, each has its own."""

    def __init__(self, per_second: float | None) -> None:
        self._seconds_each = 1 / per_second if per_second else 0.0
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for it."""
        if not self._seconds_each:
            return
        now = time.monotonic()
        mine = max(self._next, now)
        self._next = mine + self._seconds_each
        if mine > now:
            await asyncio.sleep(mine - now)

    def took(self, more: int) -> None:
        """So many turns more than the one that was waited for: the next is as much later."""
        self._next += more * self._seconds_each


@lru_cache(maxsize=64)
def pace_of(channel: str, per_second: float | None) -> Pace:
    """The pace of a channel, which goes on from round to round."""
    del channel
    return Pace(per_second)
