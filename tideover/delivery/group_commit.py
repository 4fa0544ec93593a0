"""Group commit: what the sessions of a round have to write down goes into one transaction for all of them.

A session asks before its message leaves and waits for the answer, unless it was among those whose turn was near when
others asked; what became of a message is handed in and waits for nobody. So a commit serves every session that asks at
that moment, those that will ask soon, and a handful of outcomes. When a worker is killed, what stands as leaving is
unknown: never more than `MANY` and what its sessions had under way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from tideover.delivery import outbox
from tideover.delivery.addresses import mark_bounced
from tideover.delivery.numbers import number_frees_at, shared_numbers
from tideover.delivery.outbox import Ended
from tideover.strategy.gate import GATE
from tideover.strategy.shares import hashes_in_force
from tideover.strategy.stops import scopes_over, stopped

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tideover.delivery.guards import Verdict
    from tideover.delivery.line import Line
    from tideover.delivery.models import Message

log = structlog.get_logger()
MANY = 32
"""Outcomes that are written down at once, however young; and so many messages at most are written down as leaving ahead of their turn."""

FEW = 6
"""When no more stand ready to leave, the next are written down."""

MOST_WAIT = 0.05
"""Seconds that an outcome waits for others."""

SOON = timedelta(seconds=5)
AGAIN = {
    "stopped": timedelta(minutes=1),
    "facts_changed": SOON,
    "release_changed": SOON,
    "time_passed": timedelta(),
}
"""After which a message that was held up is looked at again."""

MOST_TRIES = 20
"""After which an outcome that cannot be written down is left to the lease: its message ends unknown."""

Clock = Callable[[], datetime]


class GroupCommit:
    """What one round writes down while it sends."""

    def __init__(self, clock: Clock, *, judged_at: datetime, lines: Mapping[str, Line]) -> None:
        self.clock, self._judged_at, self._lines = clock, judged_at, lines
        self._answers: dict[Message, asyncio.Future[bool]] = {}
        self._asked: list[Verdict] = []
        self.leaving: dict[Message, Verdict] = {}
        """What stands as leaving, its outcome not known yet."""
        self._ended: list[Ended] = []
        self._wake = asyncio.Event()
        self._is_over = False
        self._tries = 0

    async def may_begin(self, verdict: Verdict) -> bool:
        """May this message leave, as things stand? Then it stands as leaving. A fault of ours lets nothing leave."""
        if verdict.message not in self._answers:
            if verdict.message in self.leaving:
                return True
            self._will_ask(verdict)
        if len(self._answers) <= FEW:
            self._wake.set()
        try:
            return await self._answers[verdict.message]
        finally:
            self._answers.pop(verdict.message, None)

    def _will_ask(self, verdict: Verdict) -> None:
        self._answers[verdict.message] = asyncio.get_running_loop().create_future()
        self._asked.append(verdict)

    def stood_at_the_door(self, message: Message) -> bool:
        """Did it ask, and was let go? Others stand as leaving because their turn is near."""
        return message in self.leaving and message not in self._answers

    def no_longer(self, message: Message) -> None:
        """What is to be known of it is known."""
        self.leaving.pop(message, None)
        self._answers.pop(message, None)

    def is_still_the_hour(self) -> bool:
        """Is it the quarter of an hour for which the guards judged?"""
        return _quarter(self.clock()) == _quarter(self._judged_at)

    def hold_up(self, verdict: Verdict) -> None:
        """It may not leave after all: why, is written down, and it is looked at again."""
        at = self.clock()
        changed = "facts_changed" if self.is_still_the_hour() else "time_passed"
        because = _held_up([verdict], hashes_in_force()).get(verdict.message, changed)
        outbox.postpone([verdict.message], until=at + AGAIN[because], because=because)

    def ended(self, it: Ended) -> None:
        """Take down what became of a message."""
        self._ended.append(it)
        if len(self._ended) >= MANY:
            self._wake.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[GroupCommit]:
        """Writes while the sessions send, and the rest when they are done."""
        task = asyncio.create_task(self._keep_writing())
        try:
            yield self
        finally:
            self._is_over = True
            self._wake.set()
            await task

    async def _keep_writing(self) -> None:
        while self._asked or self._ended or not self._is_over:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), MOST_WAIT)
            self._wake.clear()
            if self._asked or self._ended:
                await self._write()

    async def _write(self) -> None:
        """One transaction for what there is to write. Where it fails nothing leaves, and outcomes are written one by one."""
        for near in (it for line in self._lines.values() for it in line.soon()):
            is_new = near.message not in self._answers and near.message not in self.leaving
            if is_new and len(self.leaving) + len(self._asked) < MANY:
                self._will_ask(near.verdict)
        asked, self._asked = self._asked, []
        most = 1 if self._tries else MANY * 4
        ended, self._ended = self._ended[:most], self._ended[most:]
        begun: set[Message] = set()
        try:
            begun = await sync_to_async(_written)(asked, ended, self.clock(), self._judged_at)
            self._tries = 0 if not self._ended else self._tries
        except Exception as error:  # noqa: BLE001 - whatever it is, what cannot be written down does not leave
            await met_anew()
            log.error("not_written_down", error=type(error).__name__, outcomes=len(ended))  # noqa: TRY400
            self._tries += 1
            if len(ended) > 1 or self._tries <= MOST_TRIES:
                self._ended = [*ended, *self._ended]
            await asyncio.sleep(MOST_WAIT * min(self._tries, MOST_TRIES))
        finally:
            for it in asked:
                if (answer := self._answers.get(it.message)) and not answer.done():
                    answer.set_result(it.message in begun)
                    if it.message in begun:
                        self.leaving[it.message] = it


async def met_anew() -> None:
    """Let go of the connection by which is written while sending: a server that came back is met by a new one."""
    with suppress(Exception):
        await sync_to_async(_let_go)()


def _let_go() -> None:
    """Asked for in the thread that writes: each thread has a connection of its own, and this is that one's."""
    connection.close()


def _written(
    asked: Sequence[Verdict], ended: Sequence[Ended], at: datetime, judged_at: datetime
) -> set[Message]:
    """The outcomes, and of the messages that ask, their words kept, those that may leave.

    No stop is pressed, the release that was asked still decides, it is still the hour that was judged, a shared number
    has not had enough, and nobody wrote about the person.
    """
    with transaction.atomic():
        if ended:
            outbox.settle_all(ended, at=at)
            mark_bounced([it.message for it in ended if it.leads_nowhere], at=at)
        if not asked:
            return set()
        why = _held_up(asked, hashes_in_force())
        if _quarter(at) != _quarter(judged_at):
            why = {it.message: "time_passed" for it in asked} | why
        full = _full_numbers([it for it in asked if it.message not in why], at)
        for message, (until, because) in full.items():
            outbox.postpone([message], until=until, because=because)
        asked = [it for it in asked if it.message not in full]
        asking = {it.message: it.facts_version for it in asked if it.message not in why}
        outbox.keep_words(asking)
        begun = outbox.begin(asking, at=at) if asking else set()
        why |= {it: "facts_changed" for it in asking if it not in begun}
        for because in sorted(set(why.values())):
            messages = [it for it, said in why.items() if said == because]
            outbox.postpone(messages, until=at + AGAIN[because], because=because)
        return begun


def _full_numbers(asked: Sequence[Verdict], at: datetime) -> dict[Message, tuple[datetime, str]]:
    """Messages to numbers that several people share and that have had enough, or are just being written to."""
    capped = [it for it in asked if it.number_caps and it.message.address_id]
    shared = shared_numbers(it.message.address_id for it in capped) if capped else {}
    found, taken = {}, set[str]()
    for it in (it for it in capped if it.message.address_id in shared):
        full = number_frees_at(it, shared[it.message.address_id], at)
        if it.message.address_id in taken:
            full = full or (at + SOON, "shared_number")
        taken.add(it.message.address_id)
        if full:
            found[it.message] = full
    return found


def _quarter(at: datetime) -> int:
    """Hours and days of the rules begin and end on quarters of an hour."""
    return int(at.timestamp()) // 900


def _held_up(asked: Sequence[Verdict], decide: frozenset[str]) -> dict[Message, str]:
    """The messages over which a stop is pressed, or whose release decides no more."""
    scopes = stopped()
    gone = {it.message: "release_changed" for it in asked if it.release not in decide}
    return gone | {it.message: "stopped" for it in asked if scopes & scopes_of(it.message)}


def scopes_of(message: Message) -> frozenset[str]:
    """The stops that would cover this message."""
    decision = message.decision
    # What was asked for at the gate, such as the correction of what a strategy chose wrongly, no strategy chose.
    strategy_hash = decision.strategy_hash if decision and decision.policy != GATE else ""
    return scopes_over(channel=message.channel, purpose=message.purpose, strategy_hash=strategy_hash)
