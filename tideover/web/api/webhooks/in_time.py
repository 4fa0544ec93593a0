"""A connection that is over by a moment, however slowly the other side talks: a byte a second is no answer."""

from __future__ import annotations

import math
import ssl
import time
from typing import Any

import httpcore


class Deadline:
    """So many seconds from now."""

    def __init__(self, within: float) -> None:
        self._ends = time.monotonic() + within

    def left(self, timeout: float | None, late: type[httpcore.TimeoutException]) -> float | None:
        """The shorter of what is left and a timeout. Raises what says that it is too late."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise late
        return timeout if left == math.inf else min(left, math.inf if timeout is None else timeout)


class InTime(httpcore.NetworkStream):
    """A stream each step of which ends by the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return InTime(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
