"""The line before a channel: its messages in the order in which they leave, for as many sessions as it has."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from itertools import islice

from tideover.delivery.pace import Pace
from tideover.delivery.ready import Ready

MOST = 32
"""Messages whose turn is thought of as near."""

A_WHILE = 0.1
"""Seconds. As many as left within them, so many will leave within the next."""


class Line:
    """Sessions take the next one each; so one that is stuck holds up a single message."""

    def __init__(self, ready: Iterable[Ready], pace: Pace | None = None) -> None:
        self._waiting, self._pace = deque(ready), pace or Pace(None)
        self._left: deque[float] = deque(maxlen=MOST)

    def __bool__(self) -> bool:
        return bool(self._waiting)

    async def next(self) -> Ready:
        """Whoever's turn it is, as soon as the provider takes one more."""
        it = self._waiting.popleft()
        await self._pace.turn()
        return it

    def has_left(self, parts: int = 1) -> None:
        """One message was taken by the provider, who counts each of its parts."""
        self._left.append(time.monotonic())
        self._pace.took(parts - 1)

    def soon(self) -> list[Ready]:
        """Those whose turn comes within moments, as fast as the provider takes them now. Nobody, where it is slow.

        Who may share a number with others is looked at when her turn has come: those before her count.
        """
        since = time.monotonic() - A_WHILE
        near = islice(self._waiting, sum(it > since for it in self._left))
        return [it for it in near if not it.verdict.number_caps]

    def rest(self) -> list[Ready]:
        """Those whom nobody takes any more."""
        return list(self._waiting)
