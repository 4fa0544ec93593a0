"""Lanes: each channel sends in a thread of its own, so that one whose provider is stuck holds up no other."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from types import TracebackType

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections

from tideover.delivery import outbox
from tideover.delivery.channels import Channel

log = structlog.get_logger()
Send = Callable[[str, datetime, int], int]
"""Sends what is due in one channel, up to so many at once; says how much that was."""

A_WHILE = 3.0
"""Seconds that a claim should take, where a channel is fast: what a claim costs whatever its size is shared by more."""

MOST = 2_000
"""People claimed at once at most; a slow channel claims `outbox.A_CLAIM`, and leaves the rest to other workers."""


class Lanes:
    """The channels of one worker. A lane that is under way is left alone until it is done."""

    def __init__(self, channels: Mapping[str, Channel], send: Send) -> None:
        self._channels, self._send = channels, send
        self._pool = ThreadPoolExecutor(max_workers=max(len(channels), 1), thread_name_prefix="lane")
        self._going: dict[str, Future[int]] = {}
        self._most = dict.fromkeys(channels, outbox.A_CLAIM)

    def __enter__(self) -> Lanes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True)

    @property
    def is_busy(self) -> bool:
        """Is any lane under way?"""
        return bool(self._going)

    def start(self, *, at: datetime) -> None:
        """Set off every lane that stands still and in which something is due."""
        for name in self._channels:
            if name not in self._going and outbox.is_anything_due(at=at, channels=[name]):
                self._going[name] = self._pool.submit(self._run, name, at)

    def finished(self, *, within: float) -> int:
        """Wait for a lane to be done, so many seconds at most. How much the lanes that are done have sent."""
        done, _ = wait(self._going.values(), timeout=within, return_when=FIRST_COMPLETED)
        names = [name for name, future in self._going.items() if future in done]
        return sum(_sent(name, self._going.pop(name)) for name in names)

    def _run(self, name: str, at: datetime) -> int:
        close_old_connections()
        begun = time.monotonic()
        sent = self._send(name, at, self._most[name])
        in_a_while = int(A_WHILE * sent / max(time.monotonic() - begun, 0.001))
        self._most[name] = min(max(in_a_while, outbox.A_CLAIM), MOST)
        return sent


def _sent(name: str, lane: Future[int]) -> int:
    """How much a lane has sent. A fault of its own ends no worker: it is set off again, and the others go on meanwhile."""
    try:
        return lane.result()
    except (OperationalError, InterfaceError):  # the database is away from all of them
        raise
    except Exception as error:  # noqa: BLE001 - no traceback: it may hold what a person wrote
        log.error("lane_failed", lane=name, error=type(error).__name__)  # noqa: TRY400
        return 0
