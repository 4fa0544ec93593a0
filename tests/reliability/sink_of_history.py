"""A provider as they are: busy, slow, losing replies, and told of changes while it dials. It keeps what reached a person, and when."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from asgiref.sync import sync_to_async

from tests.reliability.oracle import Sent
from tideover.access.clock import now
from tideover.delivery import outbox
from tideover.delivery.channels import (
    Accepted,
    Busy,
    Limits,
    MayLeave,
    Outgoing,
    Rejected,
    TooLate,
    Unknown,
    Withdrawn,
)
from tideover.delivery.models import Message


class Killed(BaseException):
    """The worker dies here, whatever it was about to do."""


class Sink:
    """One channel of a history. What happens to a message depends on the seed, the message and its try alone."""

    limits = Limits(sessions=1)

    def __init__(self, name: str, history) -> None:
        self.name, self.history, self.tries = name, history, history.tries

    @asynccontextmanager
    async def session(self, *, at) -> AsyncIterator["Sink"]:
        yield self

    async def send(self, outgoing: Outgoing, *, may_leave: MayLeave) -> Accepted:
        async with (
            self.history.one_at_a_time
        ):  # so that no other channel moves the clock between the last look and the sink
            message = await sync_to_async(self._before)(outgoing)
            if not await may_leave():
                raise Withdrawn
            if now() >= outgoing.use_by:
                raise TooLate
            return await sync_to_async(self._taken)(outgoing, message)

    def _before(self, outgoing: Outgoing) -> Message:
        message = Message.objects.get(pk=int(outgoing.intent_id))
        self.tries[message.contact_id] += 1
        chance = random.Random(f"{self.history.seed}:{message.contact_id}:{self.tries[message.contact_id]}")
        luck = chance.random()
        if luck < 0.02:
            raise Busy("rate", retry_after=timedelta(seconds=chance.choice([60, 900, 5_400])))
        if luck < 0.04:
            self.history.strike(message.person_id, chance)
        elif luck < 0.08:
            self._dial_slowly(chance.choice([60, 600, 1_800]))
        return message

    def _dial_slowly(self, seconds: int) -> None:
        """The worker lives on and holds its leases while the provider takes its time."""
        for _ in range(0, seconds, 20):
            at = self.history.clock.move(20)
            outbox.renew(
                list(Message.objects.filter(state="claimed").only("pk")), worker=self.history.worker, at=at
            )

    def _taken(self, outgoing: Outgoing, message: Message) -> Accepted:
        luck = random.Random(
            f"{message.contact_id}:{self.tries[message.contact_id]}:{self.history.seed}"
        ).random()
        outcome = "unknown" if luck < 0.04 else "rejected" if luck > 0.98 else "accepted"
        sent = Sent(
            at=int(now().timestamp()), person=message.person_id, to=outgoing.to, channel=self.name, purpose=message.purpose,
            about=message.subject, use_by=int(outgoing.use_by.timestamp()), outcome=outcome, intent=outgoing.intent_id,
            cover=f"{outgoing.subject}\n{outgoing.preview}", text=outgoing.text + outgoing.html,
        )  # fmt: skip
        self.history.reached(sent)
        if luck < 0.003:
            raise Killed
        if outcome == "unknown":
            raise Unknown("reply lost")
        if outcome == "rejected":
            raise Rejected("full", permanent=False)
        return Accepted(outgoing.intent_id)


class AtOnce:
    """Lanes that send one after the other in this thread, so that a seed gives the same history every time."""

    is_busy = False

    def __init__(self, channels, worker):
        self._channels, self._worker, self._sent = channels, worker, 0

    def start(self, *, at):
        from tideover.delivery.jobs import send

        self._sent = send(self._channels, worker=self._worker, at=at)

    def finished(self, *, within):
        return self._sent
