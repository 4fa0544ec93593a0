"""A mail server on this machine that keeps every byte it was given, and can behave badly on request."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ssl import SSLContext
from typing import cast

from aiosmtpd.smtp import SMTP

MODES = (
    "accept",
    "reject",  # 550 to RCPT
    "reject_message",  # 550 to the message
    "full",  # 552 5.2.2 to RCPT
    "defer",  # 451 to RCPT
    "drop",  # takes the message and hangs up before 250
    "stall",  # takes the message and says nothing
    "refuse_sender",
)
TAKES_SEVERAL = True
"""Does a sink say that it takes several commands at once (RFC 2920), where a test does not say?"""


@dataclass
class Sink:
    """What arrived, in the order in which it did."""

    mode: str = "accept"
    messages: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    at_rcpt: asyncio.Event | None = None
    """When given, RCPT is answered only once it is set."""
    takes_several: bool = False

    @property
    def url(self) -> str:
        return f"smtp://localhost:{self.port}?timeout=2&reply_timeout=0.5"

    @property
    def mails(self) -> list[EmailMessage]:
        return [cast(EmailMessage, message_from_bytes(it, policy=default)) for it in self.messages]

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 - the library calls it so
        session.host_name = hostname
        return [responses[0], *["250-PIPELINING"] * self.takes_several, *responses[1:]]

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - the library calls it so
        if self.mode == "refuse_sender":
            return "550 5.7.1 sender not allowed by policy"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - the library calls it so
        if self.at_rcpt is not None:
            await self.at_rcpt.wait()
        refusals = {
            "reject": "550 5.1.1 no such user here",
            "full": "552 5.2.2 mailbox full",
            "defer": "451 4.7.1 greylisted, try again later",
        }
        if self.mode in refusals:
            return refusals[self.mode]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the library calls it so
        if self.mode == "reject_message":
            return "550 5.7.1 message looks like spam"
        self.messages.append(envelope.content)
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        if self.mode == "drop":
            server.transport.abort()
        if self.mode == "stall":
            await asyncio.sleep(30)
        return f"250 OK queued as {len(self.messages)}"


@asynccontextmanager
async def smtp_sink(
    mode: str = "accept", *, starttls: SSLContext | None = None, tls: SSLContext | None = None
):
    sink = Sink(mode, takes_several=TAKES_SEVERAL)

    def connected() -> SMTP:
        sink.connections += 1
        loop = asyncio.get_running_loop()
        return SMTP(sink, hostname="sink.example", enable_SMTPUTF8=True, loop=loop, tls_context=starttls)

    server = await asyncio.get_running_loop().create_server(connected, "localhost", 0, ssl=tls)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
