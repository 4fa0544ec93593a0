"""A mail relay of our own that keeps what it is given: real SMTP over loopback."""

import socket
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Sink:
    """Keeps every message; `reply` is what it answers after the last dot."""

    def __init__(self, reply="250 taken"):
        self.reply, self.mails = reply, []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the name aiosmtpd calls
        self.mails.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content, policy=policy.default)))
        return self.reply


class Relay(Controller):
    """A relay on a free port."""

    def __init__(self, sink):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        super().__init__(sink, hostname="127.0.0.1", port=port)

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"
