"""A mail relay that can be held at its door: at RCPT, or between DATA and 354. It notes when the kernel took the words in."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field

SO_TIMESTAMPNS = 35
"""Of Linux: when the machine itself received the bytes, however late this process reads them."""


def _nothing(place: str, to: str) -> None:
    """Nobody is held."""


@dataclass
class Door:
    """What came to the door and what came through it, by address."""

    held: Callable[[str, str], None] = _nothing
    """Called with the place (`rcpt`, `data`) and the address; the relay answers once it returns."""

    arrived: dict[str, list[float]] = field(default_factory=dict)
    """When the first byte of each mail to an address was received, in epoch seconds."""

    by_message: dict[str, float] = field(default_factory=dict)
    """The same by the key in the Message-ID."""

    asked_data: set[str] = field(default_factory=set)
    takes_several: bool = True
    """Says that several commands may come at once (RFC 2920)."""

    port: int = 0

    def url(self, sessions: int) -> str:
        return f"smtp://127.0.0.1:{self.port}?sessions={sessions}&timeout=60"


@contextmanager
def door(*, takes_several: bool = True):
    """A relay on a free port, one thread a connection."""
    found = Door(takes_several=takes_several)
    listening = socket.create_server(("127.0.0.1", 0), backlog=100)
    found.port = listening.getsockname()[1]
    threading.Thread(target=_accepting, args=(listening, found), daemon=True).start()
    try:
        yield found
    finally:
        listening.close()


def _accepting(listening: socket.socket, found: Door) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        connection.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        threading.Thread(target=_talk, args=(connection, found), daemon=True).start()


def _talk(connection: socket.socket, found: Door) -> None:
    line = _Line(connection)
    try:
        line.say("220 door")
        _commands(line, found)
    except OSError:
        pass
    finally:
        connection.close()


def _commands(line: _Line, found: Door) -> None:
    to = ""
    while command := line.until(b"\r\n"):
        word = command[:4].upper()
        if word == b"RCPT":
            to = re.findall(rb"<(.*?)>", command)[0].decode()
            found.held("rcpt", to)
        elif word == b"DATA":
            found.asked_data.add(to)
            found.held("data", to)
            line.say("354 go on")
            line.received_at = 0.0
            mail = line.until(b"\r\n.\r\n")
            if not mail:
                return
            key = re.search(rb"(?im)^Message-ID:\s*<([^@>]*)", mail)
            found.by_message.setdefault(key[1].decode() if key else to, line.received_at)
            found.arrived.setdefault(to, []).append(line.received_at)
        if word == b"QUIT":
            line.say("221 bye")
            return
        if word == b"EHLO" and found.takes_several:
            line.say("250-PIPELINING")
        line.say("250 taken")


class _Line:
    """One connection, read in pieces, each with the moment at which it was received."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._kept, self.received_at = connection, b"", 0.0

    def say(self, text: str) -> None:
        self._connection.sendall(f"{text}\r\n".encode())

    def until(self, end: bytes) -> bytes:
        """Everything up to `end`; nothing where the other side hung up before."""
        while end not in self._kept:
            data, more, _, _ = self._connection.recvmsg(65_536, 256)
            if not data:
                return b""
            for _, kind, raw in more:
                if kind == SO_TIMESTAMPNS and not self.received_at:
                    seconds, nanoseconds = struct.unpack("qq", raw[:16])
                    self.received_at = seconds + nanoseconds / 1e9
            self._kept += data
        found, _, self._kept = self._kept.partition(end)
        return found + end
