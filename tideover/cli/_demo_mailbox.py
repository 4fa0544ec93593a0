"""The local mailbox of a demo: a mail relay on this machine that keeps what it is given in a Maildir."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

HERE = "127.0.0.1"


@contextmanager
def mailbox(folder: Path) -> Iterator[None]:
    """A relay on a free port, named in the environment for this process and those it starts."""
    with socket.socket() as free:
        free.bind((HERE, 0))
        port = free.getsockname()[1]
    relay = Controller(Mailbox(folder), hostname=HERE, port=port)
    relay.start()
    os.environ["TIDEOVER_SMTP_URL"] = f"smtp://{HERE}:{port}"
    try:
        yield
    finally:
        relay.stop()
