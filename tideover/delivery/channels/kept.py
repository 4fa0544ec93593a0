"""Channels in which accepting is keeping: the row that holds the message is the delivery, or the task for a person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from tideover.delivery.channels.contract import Accepted, Clock, Limits, MayLeave, Outgoing, freely

MANY = Limits(sessions=1_000)


@dataclass(frozen=True)
class KeptSession:
    """Nothing leaves the house, so a reply cannot be lost."""

    clock: Clock

    async def send(self, outgoing: Outgoing, *, may_leave: MayLeave = freely) -> Accepted:
        await self.clock.last_look(outgoing, may_leave)
        return Accepted(outgoing.intent_id)


@dataclass(frozen=True)
class KeptChannel:
    """A channel whose reference is the intent itself."""

    name: str
    limits: Limits = MANY

    @asynccontextmanager
    async def session(self, *, at: datetime) -> AsyncIterator[KeptSession]:
        yield KeptSession(Clock(at))
