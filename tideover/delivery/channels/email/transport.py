"""SMTP: one connection for one message after the other, and an honest answer when it breaks."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPServerDisconnected

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
from tideover.delivery.channels.email.relay import Relay
from tideover.delivery.channels.email.replies import refusal
from tideover.delivery.channels.email.settings import EmailSettings, read_settings
from tideover.delivery.channels.email.signing import signed

LOST = (SMTPServerDisconnected, OSError, TimeoutError)
GO_ON, GOODBYE = 354, 421
YES = {"MAIL": (250,), "RCPT": (250, 251), "DATA": (GO_ON,)}
Look = Callable[[], Awaitable[None]]


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
        self._relay: Relay | None = None
        self._turn = asyncio.Lock()

    async def send(self, outgoing: Outgoing, *, may_leave: MayLeave = freely) -> Accepted:
        self._clock.left(outgoing)
        mail = signed(mail_of(outgoing, self._clock.now()), self._settings.signature)
        stuffed = _stuffed(mail)
        async with self._turn:
            look = partial(self._clock.last_look, outgoing, may_leave)
            relay = await self._at_the_door(outgoing, len(mail), look)
            return await self._told(relay, outgoing, stuffed)

    async def close(self) -> None:
        async with self._turn:
            relay, self._relay = self._relay, None
            if relay is not None:
                await relay.quit(timeout=2)

    async def _at_the_door(self, outgoing: Outgoing, size: int, look: Look) -> Relay:
        """Everything that can still be taken back."""
        try:
            relay = await self._announced(outgoing, size, look)
            await look()  # nothing stands between this answer and the words
            relay.must_be_ready()
        except LOST as error:
            self._drop()
            said = type(error).__name__
            raise Busy("unreachable", retry_after=SOON, said=said, is_a_try=False) from None
        except BaseException:
            await self._undo()
            raise
        return relay

    async def _announced(self, outgoing: Outgoing, size: int, look: Look) -> Relay:
        """Everything up to "go on". A connection found dead between two messages is opened anew: nothing has left."""
        was_open = self._relay is not None and self._relay.is_open
        try:
            return await self._let_in(outgoing, size, look)
        except (*LOST, Busy):
            if not was_open or (self._relay is not None and self._relay.is_open):
                raise
            self._drop()
            return await self._let_in(outgoing, size, look)

    async def _let_in(self, outgoing: Outgoing, size: int, look: Look) -> Relay:
        relay = await self._connected()
        sender, to = (mailbox(it).addr_spec for it in (outgoing.sender_address, outgoing.to))
        options = [f"SIZE={size}"] if relay.takes_size else []
        if not (sender + to).isascii():
            if not relay.takes_utf8:
                raise Rejected("policy", permanent=True, said="the relay does not take SMTPUTF8 addresses")
            options.append("SMTPUTF8")
        envelope = " ".join([f"MAIL FROM:<{sender}>", *options]), f"RCPT TO:<{to}>"
        if relay.takes_several:
            await look()
            await self._said(relay, *envelope, "DATA")
            return relay
        for command in envelope:
            await self._said(relay, command)
        await look()
        await self._said(relay, "DATA")
        return relay

    async def _said(self, relay: Relay, *commands: str) -> None:
        """Commands, to each of which the relay says yes; the first no counts."""
        relay.has_begun = True
        replies = await relay.said([it.encode() for it in commands], timeout=self._settings.timeout)
        relay.goes_on = replies[-1].code == GO_ON
        for command, reply in zip(commands, replies, strict=False):
            if reply.code == GOODBYE:
                relay.close()
            if reply.code not in YES[command[:4]]:
                error = refusal(reply.code, reply.words, to_recipient=command.startswith("RCPT"))
                if isinstance(error, Busy):
                    error.is_a_try = command == "DATA"
                raise error
        if len(replies) < len(commands):
            raise SMTPServerDisconnected("the relay hung up")

    async def _told(self, relay: Relay, outgoing: Outgoing, stuffed: bytes) -> Accepted:
        """The words themselves. From the first byte on, a lost reply is Unknown."""
        try:
            reply = await relay.told(stuffed, timeout=self._settings.reply_timeout)
        except LOST as error:
            self._drop()
            raise Unknown(f"the reply was lost: {type(error).__name__}") from None
        except BaseException:
            self._drop()
            raise
        if reply.code // 100 != 2:
            if reply.code not in range(400, 600) or reply.code == GOODBYE:
                self._drop()
            if reply.code not in range(400, 600):
                raise Unknown(f"the reply made no sense: {reply.code}")
            raise refusal(reply.code, reply.words, to_recipient=False)
        return Accepted(reply.words[:200] or outgoing.message_id)

    async def _connected(self) -> Relay:
        if self._relay is not None and self._relay.is_open:
            return self._relay
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
            self._relay = Relay(client)
        except aiosmtplib.SMTPAuthenticationError as error:
            client.close()
            raise Busy("not_admitted", retry_after=AGAIN, said=error.message) from None
        except (SMTPException, OSError) as error:
            client.close()
            raise Busy("unreachable", retry_after=SOON, said=type(error).__name__) from None
        return self._relay

    async def _undo(self) -> None:
        """The envelope is taken back, so that the next message starts clean. After "go on" the only way back is to hang up."""
        relay = self._relay
        if relay is None or not relay.has_begun:
            return
        with suppress(*LOST):
            if not relay.goes_on and (await relay.said([b"RSET"], timeout=5))[0].code // 100 == 2:
                relay.has_begun = False
                return
        self._drop()

    def _drop(self) -> None:
        relay, self._relay = self._relay, None
        if relay is not None:
            relay.close()


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
