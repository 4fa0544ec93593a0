"""One SMPP connection: requests matched to replies by their number, the line kept awake."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from tideover.delivery.channels.contract import AGAIN, SOON, Busy
from tideover.delivery.channels.sms import pdu
from tideover.delivery.channels.sms.pdu import Pdu
from tideover.delivery.channels.sms.settings import SmsSettings

Heard = Callable[[Pdu], Awaitable[int]]
"""What to do with a deliver_sm; the status to reply with."""

REFUSED_FOR_NOW = 0x64  # ESME_RX_T_APPN: keep it and try us again
UNKNOWN_COMMAND = 0x03


class Gone(ConnectionError):
    """The connection ended while a reply was awaited."""


class Closed(ConnectionError):
    """The connection had ended before anything was asked."""


class Link:
    """A bound connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: Heard | None
    ) -> None:
        self._reader, self._writer, self._heard = reader, writer, heard
        self._number = 0
        self._waiting: dict[int, asyncio.Future[Pdu]] = {}
        self.reading = asyncio.create_task(self._read())

    async def ask(self, command: int, body: bytes = b"", *, within: float) -> Pdu:
        """The reply to one request. Raises Closed when nothing was sent, else Gone or TimeoutError."""
        if self.reading.done():
            raise Closed("the connection has ended")
        self._number = self._number % 0x7FFFFFFF + 1
        number = self._number
        self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            self._writer.write(bytes(Pdu(command, number, body=body)))
            async with asyncio.timeout(within):
                await self._writer.drain()
                return await self._waiting[number]
        finally:
            del self._waiting[number]

    async def close(self) -> None:
        with suppress(OSError, TimeoutError):
            await self.ask(pdu.UNBIND, within=1)
        self.reading.cancel()
        with suppress(asyncio.CancelledError, OSError, pdu.Broken):
            await self.reading
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _read(self) -> None:
        try:
            while True:
                length, command, status, sequence = pdu.header(await self._reader.readexactly(16))
                body = await self._reader.readexactly(length)
                await self._take(Pdu(command, sequence, status, body))
        except (asyncio.IncompleteReadError, OSError):
            raise Gone("the connection ended") from None
        finally:
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(Gone("the connection ended"))

    async def _take(self, got: Pdu) -> None:
        if got.command & pdu.REPLY:
            waiting = self._waiting.get(got.sequence)
            if waiting is not None and not waiting.done():
                waiting.set_result(got)
            return
        if got.command == pdu.DELIVER_SM and self._heard is not None:
            self._answer(got, await self._heard(got), b"\x00")
        elif got.command in (pdu.ENQUIRE_LINK, pdu.UNBIND):
            self._answer(got, 0)
        else:
            self._writer.write(bytes(Pdu(pdu.GENERIC_NACK, got.sequence, UNKNOWN_COMMAND)))

    def _answer(self, got: Pdu, status: int, body: bytes = b"") -> None:
        self._writer.write(bytes(Pdu(got.command | pdu.REPLY, got.sequence, status, body)))


@asynccontextmanager
async def bound(settings: SmsSettings, command: int, heard: Heard | None = None) -> AsyncIterator[Link]:
    """A connection that has introduced itself. Raises Busy: so far nothing has been sent."""
    context = ssl.create_default_context() if settings.tls else None
    try:
        async with asyncio.timeout(settings.timeout):
            reader, writer = await asyncio.open_connection(settings.host, settings.port, ssl=context)
    except (OSError, TimeoutError) as error:
        raise Busy("unreachable", retry_after=SOON, said=type(error).__name__) from None
    link = Link(reader, writer, heard)
    try:
        body = pdu.bind_body(settings.user, settings.password, settings.system_type)
        try:
            reply = await link.ask(command, body, within=settings.timeout)
        except (OSError, TimeoutError) as error:
            raise Busy("unreachable", retry_after=SOON, said=type(error).__name__) from None
        if reply.status:
            raise Busy("not_admitted", retry_after=AGAIN, said=f"bind status 0x{reply.status:08X}")
        yield link
    finally:
        await link.close()


async def keep_awake(link: Link, settings: SmsSettings) -> None:
    """Until the connection ends: a question now and then, so that a dead line is noticed. Raises Gone, TimeoutError."""
    while not link.reading.done():
        await asyncio.wait({link.reading}, timeout=settings.enquire_every)
        if not link.reading.done():
            await link.ask(pdu.ENQUIRE_LINK, within=settings.reply_timeout)
    raise Gone("the connection ended")
