"""A relay that has let us in: commands go out, several at once where it takes that, and replies come back in their order.

Connecting, TLS and signing in are aiosmtplib's. From there on the connection is ours, for the library waits for each reply before
the next command, and drops what comes sooner. RFC 5321, 4.2 (replies) and RFC 2920 (command pipelining).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from aiosmtplib import SMTP, SMTPServerDisconnected

LONGEST_LINE, MOST_LINES = 2_000, 100


@dataclass(frozen=True, slots=True)
class Reply:
    """Three digits, and words that nobody standardised."""

    code: int
    words: str


class Relay(asyncio.Protocol):
    """One connection, for one message after the other. Raises SMTPServerDisconnected and TimeoutError."""

    def __init__(self, client: SMTP) -> None:
        """Take over the connection of a client that was greeted and let in. Raises SMTPServerDisconnected."""
        transport = client.transport
        if not isinstance(transport, asyncio.Transport) or transport.is_closing():
            raise SMTPServerDisconnected("the connection is gone")
        self.takes_several = client.supports_extension("pipelining")
        self.takes_size = client.supports_extension("size")
        self.takes_utf8 = client.supports_extension("smtputf8")
        self.has_begun = self.goes_on = False  # an envelope was begun; the relay said "go on"
        self._client, self._transport = client, transport
        self._rest, self._words, self._replies = b"", list[str](), list[Reply]()
        self._asked, self._waiting = 0, cast("asyncio.Future[None] | None", None)
        self._timeout, self._late = 0.0, cast("asyncio.TimerHandle | None", None)
        transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        return not self._transport.is_closing()

    async def said(self, commands: Sequence[bytes], *, timeout: float) -> list[Reply]:
        """A reply to each command within its `timeout` in seconds; fewer where the relay hangs up or stops in between.

        Where there is none at all: SMTPServerDisconnected, TimeoutError.
        """
        if any(b"\r" in it or b"\n" in it or b"\0" in it for it in commands):
            raise ValueError("A command is one line.")
        return await self._answered(b"".join(b"%s\r\n" % it for it in commands), len(commands), timeout)

    async def told(self, message: bytes, *, timeout: float) -> Reply:
        """The words of a message, its last full stop among them, and what the relay made of it."""
        self.has_begun = self.goes_on = False
        return (await self._answered(message, 1, timeout))[0]

    async def _answered(self, sent: bytes, replies: int, timeout: float) -> list[Reply]:
        self.must_be_ready()
        self._asked, self._timeout = replies, timeout
        self._waiting = asyncio.get_running_loop().create_future()
        self._wait_for_the_next()
        try:
            self._transport.write(sent)
            await self._waiting
        except BaseException:
            self._transport.abort()  # a reply that comes later would answer something else
            self.close()
            raise
        finally:
            self._stop_waiting()
            self._asked, self._waiting = 0, None
        answered, self._replies = self._replies, []
        return answered

    def _wait_for_the_next(self) -> None:
        """Each reply has its own time."""
        self._stop_waiting()
        self._late = asyncio.get_running_loop().call_later(self._timeout, self._is_late)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()

    def _is_late(self) -> None:
        """What was answered until then still counts."""
        self._transport.abort()
        self._end(None if self._replies else TimeoutError("the relay said nothing in time"))

    def must_be_ready(self) -> None:
        """For the next thing that is said. Raises SMTPServerDisconnected, also after half a reply that nobody had asked for."""
        if self._rest or self._words:
            self.close()
        if not self.is_open:
            raise SMTPServerDisconnected("the connection is gone")

    def close(self) -> None:
        """Hang up."""
        self._transport.close()
        self._client.close()

    async def quit(self, *, timeout: float) -> None:
        """Say goodbye."""
        with suppress(SMTPServerDisconnected, OSError):
            await self.said([b"QUIT"], timeout=timeout)
        self.close()

    # --- what the connection tells

    def data_received(self, data: bytes) -> None:
        """Lines, of which the last of a reply has no hyphen behind its code."""
        before = len(self._replies)
        *lines, self._rest = (self._rest + data).split(b"\n")
        is_clear = len(self._rest) <= LONGEST_LINE and all(map(self._is_understood, lines))
        # Nobody had asked for one reply more: perhaps it is a goodbye.
        if not is_clear or len(self._replies) > self._asked:
            self.close()
        if len(self._replies) >= self._asked:
            del self._replies[self._asked :]
            self._end(None)
        elif not is_clear:
            self._end(SMTPServerDisconnected("what came is no reply"))
        elif len(self._replies) > before:
            self._wait_for_the_next()

    def _is_understood(self, line: bytes) -> bool:
        code, mark = line[:3], line[3:4].strip()
        if not code.isdigit() or mark not in (b"", b"-") or len(self._words) > MOST_LINES:
            return False
        self._words.append(line[4:].strip().decode("utf-8", "replace"))
        if mark != b"-":
            self._replies.append(Reply(int(code), "\n".join(self._words)))
            self._words = []
        return True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why is nothing to us
        """What was answered until then still counts."""
        self._end(None if self._replies else SMTPServerDisconnected("the relay hung up"))

    def _end(self, error: Exception | None) -> None:
        waiting = self._waiting
        if waiting is not None and not waiting.done():
            waiting.set_exception(error) if error else waiting.set_result(None)
