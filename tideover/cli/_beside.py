"""Work that waits for others, beside the turns: one run at a time, in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from types import TracebackType

from django.db import close_old_connections

Work = Callable[[datetime], int]


class Beside:
    """A piece of work that a turn sets off and does not wait for. When this ends, the run at hand is finished first."""

    def __init__(self, work: Work, *, is_needed: Callable[[], bool]) -> None:
        self._work, self._is_needed = work, is_needed
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")
        self._going: Future[int] | None = None

    def __enter__(self) -> Beside:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True)

    def __call__(self, at: datetime) -> int:
        """Set off the next run, where the last one is done. What that one did; raises what it raised."""
        last, self._going = self._going, None
        if last is not None and not last.done():
            self._going = last
            return 0
        if last is None and self._is_needed():
            self._going = self._pool.submit(self._run, at)
        return last.result() if last is not None else 0

    def _run(self, at: datetime) -> int:
        close_old_connections()
        return self._work(at)
