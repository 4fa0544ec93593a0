"""SMTP: one connection for one message after the other, and an honest answer when it breaks."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPResponse, SMTPServerDisconnected

from tideover.delivery.channels.contract import (
    AGAIN,
    SOON,
    Accepted,
    Busy,
    Clock,
    Limits,
    MayLeave,
    Outgoing,
    Rejected,
    Unknown,
    freely,
)
from tideover.delivery.channels.email.mail import mail_of, mailbox
from tideover.delivery.channels.email.replies import refusal
from tideover.delivery.channels.email.settings import EmailSettings, read_settings
from tideover.delivery.channels.email.signing import signed

LOST = (SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError, TimeoutError)


def open_channel(environ: Mapping[str, str]) -> EmailChannel:
    """The relay named by TIDEOVER_SMTP_URL. Raises NotConnected, also for a key that cannot sign."""
    settings = read_settings(environ)
    signed(b"From: someone@example.org\r\n\r\n", settings.signature)
    return EmailChannel(settings)


@dataclass(frozen=True)
class EmailChannel:
    """E-mail by the lender's relay."""

    settings: EmailSettings
    name: str = "email"

    @property
    def limits(self) -> Limits:
        return self.settings.limits

    @asynccontextmanager
    async def session(self, *, at: datetime) -> AsyncIterator[EmailSession]:
        session = EmailSession(self.settings, Clock(at))
        try:
            yield session
        finally:
            await session.close()


class EmailSession:
    """One connection, opened at the first message and again when it was lost."""

    def __init__(self, settings: EmailSettings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._client: SMTP | None = None
        self._turn = asyncio.Lock()

    async def send(self, outgoing: Outgoing, *, may_leave: MayLeave = freely) -> Accepted:
        self._clock.left(outgoing)
        mail = signed(mail_of(outgoing, self._clock.now()), self._settings.signature)
        stuffed = _stuffed(mail)
        async with self._turn:
            client = await self._at_the_door(outgoing, len(mail), may_leave)
            return await self._told(client, outgoing, stuffed)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(*LOST, SMTPException):
                await client.quit(timeout=2)
            client.close()

    async def _at_the_door(self, outgoing: Outgoing, size: int, may_leave: MayLeave) -> SMTP:
        """Everything that can still be taken back."""
        try:
            client = await self._announced(outgoing, size)
            await self._clock.last_look(outgoing, may_leave)
        except (*LOST, SMTPException) as error:
            self._drop()
            raise Busy("unreachable", retry_after=SOON, said=type(error).__name__) from None
        except BaseException:
            await self._undo()
            raise
        try:
            await self._said(client, b"DATA", yes=(354,))
            await self._clock.last_look(
                outgoing, may_leave
            )  # nothing stands between this answer and the words
        except (*LOST, SMTPException) as error:
            self._drop()
            raise Busy("unreachable", retry_after=SOON, said=type(error).__name__) from None
        except BaseException:
            self._drop()  # after 354 the only way back is to hang up
            raise
        return client

    async def _announced(self, outgoing: Outgoing, size: int) -> SMTP:
        """Everything up to RCPT. A connection found dead between two messages is opened anew: nothing has left."""
        was_open = self._client is not None and self._client.is_connected
        try:
            client = await self._connected()
            await self._envelope(client, outgoing, size)
        except LOST:
            if not was_open:
                raise
            self._drop()
            client = await self._connected()
            await self._envelope(client, outgoing, size)
        return client

    async def _envelope(self, client: SMTP, outgoing: Outgoing, size: int) -> None:
        sender, to = (mailbox(it).addr_spec for it in (outgoing.sender_address, outgoing.to))
        options = [f"SIZE={size}"] if client.supports_extension("size") else []
        if not (sender + to).isascii():
            if not client.supports_extension("smtputf8"):
                raise Rejected(
                    "bad_address", permanent=True, said="the relay does not take SMTPUTF8 addresses"
                )
            options.append("SMTPUTF8")
        await self._said(client, b"MAIL", f"FROM:<{sender}>", *options)
        await self._said(client, b"RCPT", f"TO:<{to}>", yes=(250, 251))

    async def _said(self, client: SMTP, verb: bytes, *rest: str, yes: tuple[int, ...] = (250,)) -> None:
        """One command, to which the relay says yes."""
        words = (it.encode() for it in rest)
        reply = await client.execute_command(verb, *words, timeout=self._settings.timeout)
        if reply.code not in yes:
            raise refusal(reply.code, reply.message, to_recipient=verb == b"RCPT")

    async def _told(self, client: SMTP, outgoing: Outgoing, stuffed: bytes) -> Accepted:
        """The words themselves. From the first byte on, a lost reply is Unknown."""
        try:
            reply = await self._spoken(client, stuffed)
        except (*LOST, SMTPException) as error:
            self._drop()
            raise Unknown(f"the reply was lost: {type(error).__name__}") from None
        except BaseException:
            self._drop()
            raise
        if reply.code // 100 != 2:
            if reply.code not in range(400, 600) or reply.code == 421:
                self._drop()
            if reply.code not in range(400, 600):
                raise Unknown(f"the reply made no sense: {reply.code}")
            raise refusal(reply.code, reply.message, to_recipient=False)
        return Accepted(reply.message[:200] or outgoing.message_id)

    async def _spoken(self, client: SMTP, stuffed: bytes) -> SMTPResponse:
        protocol = client.protocol
        if protocol is None:
            raise SMTPServerDisconnected("Connection lost")
        protocol.write(stuffed)
        return await protocol.read_response(timeout=self._settings.reply_timeout)

    async def _connected(self) -> SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        given = self._settings
        client = SMTP(
            hostname=given.host,
            port=given.port,
            timeout=given.timeout,
            use_tls=given.tls == "implicit",
            start_tls=given.tls == "starttls",
            tls_context=None if given.tls == "none" else ssl.create_default_context(),
        )
        try:
            await client.connect()
            await _greet(client)
            if given.user:
                await client.login(given.user, given.password)
        except aiosmtplib.SMTPAuthenticationError as error:
            client.close()
            raise Busy("not_admitted", retry_after=AGAIN, said=error.message) from None
        except (SMTPException, OSError) as error:
            client.close()
            raise Busy("unreachable", retry_after=SOON, said=type(error).__name__) from None
        self._client = client
        return client

    async def _undo(self) -> None:
        """The envelope is taken back, so that the next message starts clean."""
        if self._client is not None:
            try:
                await self._client.rset(timeout=5)
            except (*LOST, SMTPException):
                self._drop()

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _stuffed(mail: bytes) -> bytes:
    """As it goes over the line: a full stop before every line that begins with one, and the last one alone."""
    lines = mail.replace(b"\r\n.", b"\r\n..")
    return (b"." if lines.startswith(b".") else b"") + lines + b".\r\n"


async def _greet(client: SMTP) -> None:
    """What the relay can do is asked before the first mail, not after it."""
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except aiosmtplib.SMTPHeloError:
            await client.helo()
