"""Lines held open beside the work: what networks tell us is kept at once, whatever the worker is sending meanwhile.

One line a channel over all workers. It runs in a thread of its own, with a connection of its own to the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

import structlog
from django.db import close_old_connections, connections

from tideover.access.clock import now
from tideover.delivery.channels import Channel, ChannelError
from tideover.delivery.channels.contract import Clock
from tideover.delivery.channels.hearing import Listen, NotYet
from tideover.delivery.incoming.received import Answered, Receipt
from tideover.delivery.told_again import take_in
from tideover.strategy.leases import freed, leased

log = structlog.get_logger()
LASTS = timedelta(seconds=60)
"""How long a worker that died keeps others from a line."""

FAILED = ("failed", "expired")
REMEMBERED = 10_000
Result = TypeVar("Result")


@dataclass(frozen=True)
class Pace:
    """Seconds between two looks at a lease, and between two tries to connect."""

    look: float = 15.0
    first_try: float = 1.0
    last_try: float = 300.0
    steady: float = 60.0
    """A line that held so long begins again with the first try."""


@contextlib.contextmanager
def lines_open(channels: Mapping[str, Channel], *, worker: str, pace: Pace | None = None) -> Iterator[None]:
    """While the block runs, whatever these channels hear is kept. At its end the lines are closed in good order."""
    heard = {name: listen for name, it in channels.items() if (listen := getattr(it, "listen", None))}
    if not heard:
        yield
        return
    lines = _Lines(heard, worker, pace or Pace())
    thread = threading.Thread(target=lines.run, name="lines", daemon=True)
    thread.start()
    try:
        yield
    finally:
        lines.close()
        thread.join(timeout=10)


@dataclass
class _Lines:
    heard: Mapping[str, Listen]
    worker: str
    pace: Pace
    _books: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "lines-database"))
    _asked_again: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _loop: asyncio.AbstractEventLoop | None = None
    _closing: asyncio.Event = field(default_factory=asyncio.Event)
    _told: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Until closed, in a thread of its own."""
        asyncio.run(self._run())
        self._books.submit(connections.close_all).result()
        self._books.shutdown()

    def close(self) -> None:
        """From another thread: hang up."""
        self._told.set()
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended already
                self._loop.call_soon_threadsafe(self._closing.set)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        if self._told.is_set():
            return
        await asyncio.gather(*(self._hold(name, listen) for name, listen in self.heard.items()))

    async def _hold(self, name: str, listen: Listen) -> None:
        """One line: taken over when it is free, dialled again when it breaks, ever more slowly while it does not hold."""
        wait = self.pace.first_try
        while not self._closing.is_set():
            if not await self._may_hold(name):
                await self._rest(self.pace.look)
                continue
            began = asyncio.get_running_loop().time()
            await self._heard_out(name, listen)
            held = asyncio.get_running_loop().time() - began
            wait = self.pace.first_try if held > self.pace.steady else min(wait * 2, self.pace.last_try)
            await self._rest(wait)
        with contextlib.suppress(Exception):  # the lease ends by itself
            await self._in_books(lambda: freed(_lease(name), by=self.worker))

    async def _heard_out(self, name: str, listen: Listen) -> None:
        """Until the connection ends, the lease is lost, or the worker is told to end."""
        line = asyncio.ensure_future(listen(self._keep, Clock(now())))
        ends = [asyncio.create_task(self._closing.wait()), asyncio.create_task(self._lease_lost(name))]
        await asyncio.wait({line, *ends}, return_when=asyncio.FIRST_COMPLETED)
        for it in (line, *ends):
            it.cancel()
        (why, *_) = await asyncio.gather(line, *ends, return_exceptions=True)
        if isinstance(why, ChannelError | OSError):  # ConnectionError and TimeoutError are OSErrors
            log.warning("line_ended", channel=name, error=str(why) or type(why).__name__)
        elif isinstance(why, Exception):
            log.error("line_error", channel=name, error=type(why).__name__)

    async def _lease_lost(self, name: str) -> None:
        while await self._may_hold(name):
            await asyncio.sleep(self.pace.look)

    async def _may_hold(self, name: str) -> bool:
        """In doubt not: two lines of one system can make a network hang up on both."""
        try:
            return await self._in_books(lambda: leased(_lease(name), by=self.worker, at=now(), lasts=LASTS))
        except Exception as error:  # noqa: BLE001 - the database is away; it is asked again
            log.error("line_lease_error", channel=name, error=type(error).__name__)  # noqa: TRY400
            return False

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)

    async def _keep(self, told: Receipt | Answered) -> None:
        await self._in_books(lambda: self._taken(told))

    def _taken(self, told: Receipt | Answered) -> None:
        became = take_in(told, at=now())
        if isinstance(told, Receipt) and became in ("early", "unmatched") and told.state in FAILED:
            self._once_more(told.reference)

    def _once_more(self, reference: str) -> None:
        """A receipt can be quicker than the reply to the send: it is asked for a second time, and then believed to be another's."""
        if reference in self._asked_again:
            return
        self._asked_again[reference] = None
        if len(self._asked_again) > REMEMBERED:
            self._asked_again.popitem(last=False)
        raise NotYet

    async def _in_books(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._books, _with_fresh_connection, work)


def _with_fresh_connection(work: Callable[[], Result]) -> Result:
    close_old_connections()
    return work()


def _lease(channel: str) -> str:
    return f"line:{channel}"
