"""The local mailbox of a demo: a mail relay on this machine that keeps what it is given in a Maildir."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP, Envelope, Session

HERE = "127.0.0.1"


class TakesSeveral:
    """Says that several commands may come at once (RFC 2920), as relays do."""

    async def handle_EHLO(  # noqa: N802 - the library calls it so
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,
        envelope: Envelope,  # noqa: ARG002
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """Its answer with that line in it."""
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]


class Keeping(TakesSeveral, Mailbox):
    """Keeps every mail before it says that it has taken it."""


@contextmanager
def mailbox(folder: Path) -> Iterator[None]:
    """A relay on a free port, named in the environment for this process and those it starts."""
    with socket.socket() as free:
        free.bind((HERE, 0))
        port = free.getsockname()[1]
    relay = Controller(Keeping(folder), hostname=HERE, port=port)
    relay.start()
    os.environ["TIDEOVER_SMTP_URL"] = f"smtp://{HERE}:{port}"
    try:
        yield
    finally:
        relay.stop()
