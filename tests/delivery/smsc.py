"""A message centre on this machine: SMPP 3.4 over a real connection, its bytes read and written by smpplib, not by us."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from smpplib import consts, smpp

MODES = (
    "accept",
    "throttle",
    "reject",  # invalid destination
    "drop",  # takes the message and hangs up before submit_sm_resp
    "stall",  # takes the message and says nothing
    "second_part",  # takes one part, refuses the next
    "no_bind",
)


class Sequence:
    """smpplib asks its client for numbers and settings."""

    sequence = 0

    def next_sequence(self):
        self.sequence += 1
        return self.sequence


@dataclass
class Centre:
    """What arrived, in the order in which it did."""

    mode: str = "accept"
    submits: list = field(default_factory=list)
    binds: list = field(default_factory=list)
    enquiries: int = 0
    acknowledged: list[int] = field(default_factory=list)
    """The status of each deliver_sm_resp we were given."""
    port: int = 0
    to_deliver: list[dict] = field(default_factory=list)
    """What is handed to whoever binds as receiver."""
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    unbinds: int = 0
    asked: int = 0
    """How many submit_sm came, taken or not."""
    refuses: dict[int, int] = field(default_factory=dict)
    """With which status those are refused, by their number."""
    says: bytes | None = None
    """The whole body of a submit_sm_resp, where smpplib would not write it so."""
    loop: asyncio.AbstractEventLoop | None = None
    receiver: asyncio.StreamWriter | None = None

    @property
    def url(self) -> str:
        return f"smpp://system:pass@127.0.0.1:{self.port}?timeout=2&reply_timeout=0.5"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        try:
            while True:
                size = await reader.readexactly(4)
                rest = await reader.readexactly(int.from_bytes(size, "big") - 4)
                got = smpp.parse_pdu(size + rest, client=Sequence(), allow_unknown_opt_params=True)
                if not await self._answered(got, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answered(self, got, writer) -> bool:
        if got.command.startswith("bind_"):
            self.binds.append(got)
            refused = self.mode == "no_bind"
            self._say(writer, got, status=consts.SMPP_ESME_RINVPASWD if refused else 0, system_id="centre")
            if got.command == "bind_receiver" and not refused:
                self.receiver = writer
                for it in self.to_deliver:
                    self._hand_over(writer, it)
        elif got.command == "submit_sm":
            return await self._submitted(got, writer)
        elif got.command == "deliver_sm_resp":
            self.acknowledged.append(got.status)
        elif got.command == "enquire_link":
            self.enquiries += 1
            self._say(writer, got)
        elif got.command == "unbind":
            self.unbinds += 1
            self._say(writer, got)
            return False
        return True

    async def _submitted(self, got, writer) -> bool:
        status = {"throttle": consts.SMPP_ESME_RTHROTTLED, "reject": consts.SMPP_ESME_RINVDSTADR}.get(
            self.mode, 0
        )
        if self.mode == "second_part" and self.submits:
            status = consts.SMPP_ESME_RSUBMITFAIL
        self.asked += 1
        status = self.refuses.get(self.asked, status)
        if status == 0:
            self.submits.append(got)
        if self.mode == "drop":
            return False
        if self.says is not None:
            head = (16 + len(self.says), 0x80000004, status, got.sequence)
            writer.write(b"".join(it.to_bytes(4, "big") for it in head) + self.says)
        elif self.mode != "stall":
            self._say(writer, got, status=status, message_id=f"id{len(self.submits)}")
        return True

    def _say(self, writer, got, *, status=0, **fields) -> None:
        reply = smpp.make_pdu(f"{got.command}_resp", client=Sequence(), status=status, **fields)
        reply.sequence = got.sequence
        writer.write(reply.generate())

    def _hand_over(self, writer, fields: dict | bytes) -> None:
        if isinstance(fields, bytes):  # what smpplib would not write
            writer.write(fields)
            return
        numbers = Sequence()
        numbers.sequence = 100 + len(self.acknowledged)
        writer.write(smpp.make_pdu("deliver_sm", client=numbers, **fields).generate())

    def hand_over(self, raw: bytes = b"", **fields) -> int:
        """From another thread: to whoever is bound as receiver. The status it was acknowledged with."""
        before = len(self.acknowledged)
        until(lambda: self.receiver is not None)
        self.loop.call_soon_threadsafe(self._hand_over, self.receiver, raw or fields)
        until(lambda: len(self.acknowledged) > before)
        return self.acknowledged[-1]

    def hang_up(self) -> None:
        """From another thread: every line is cut."""
        self.receiver = None
        for writer in self.writers:
            self.loop.call_soon_threadsafe(writer.close)


def until(holds, seconds=10):
    """Wait for something that another thread or process does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


@contextmanager
def message_centre_beside(mode: str = "accept"):
    """The same in a thread of its own, for tests that are not coroutines."""
    started, ends = threading.Event(), []

    async def run():
        async with message_centre(mode) as centre:
            centre.loop = asyncio.get_running_loop()
            done = asyncio.Event()
            ends.extend((centre, done))
            started.set()
            await done.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    started.wait(5)
    centre, done = ends
    try:
        yield centre
    finally:
        centre.loop.call_soon_threadsafe(done.set)
        thread.join(5)


@asynccontextmanager
async def message_centre(mode: str = "accept"):
    centre = Centre(mode)
    server = await asyncio.start_server(centre.serve, "127.0.0.1", 0)
    centre.port = server.sockets[0].getsockname()[1]
    try:
        yield centre
    finally:
        server.close()
        for writer in centre.writers:
            writer.close()
