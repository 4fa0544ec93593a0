"""One round of a worker: claim, guard, put into words, hand over, write down what came of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asgiref.sync import sync_to_async

from tideover.access.clock import now
from tideover.delivery import outbox
from tideover.delivery.addresses import Reached, addresses_of
from tideover.delivery.guards import Guarded, Verdict, guard, unchanged
from tideover.delivery.models import Message
from tideover.delivery.words import Composed, NothingToSay, compose_all
from tideover.strategy.stops import is_stopped, stopped

SOON = timedelta(seconds=5)
"""After which a message whose person changed meanwhile is guarded again."""


@dataclass
class Round:
    """What one round did, by outcome."""

    outcomes: dict[str, int] = field(default_factory=dict)

    def count(self, outcome: str) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    @property
    def total(self) -> int:
        """How many messages were looked at."""
        return sum(self.outcomes.values())


Send = Callable[[Composed, Reached], Awaitable["Outcome"]]


@dataclass(frozen=True)
class Outcome:
    """accepted, rejected, unknown, or busy with the moment of the next try."""

    state: str
    because: str = ""
    reference: str = ""
    again_at: datetime | None = None


def one_round(send: Send, *, worker: str, at: datetime, most: int = outbox.A_CLAIM) -> Round:
    """Everything that is due now, up to a claim. `send` is given by whoever holds the channels."""
    outbox.free_orphans(at=at)
    done, claimed = Round(), outbox.claim(worker=worker, at=at, most=most)
    if not claimed:
        return done
    try:
        guarded = guard(claimed, at=at)
    except Exception:  # noqa: BLE001 - a guard that cannot answer lets nothing leave
        for message in claimed:
            outbox.settle(message, "suppressed", at=at, because="guard_error")
            done.count("guard_error")
        return done
    leaving = [it for it in guarded.verdicts if _kept_back(it, done, at) is False]
    asyncio.run(_hand_over(send, leaving, guarded, done))
    return done


def _kept_back(verdict: Verdict, done: Round, at: datetime) -> bool:
    """Is it put off or stopped by the guards? Then that is written down."""
    if verdict.may_leave:
        return False
    if verdict.later is not None:
        outbox.postpone(verdict.message, until=verdict.later, because=verdict.because)
        done.count("postponed")
    else:
        outbox.settle(verdict.message, "suppressed", at=at, because=verdict.because)
        done.count("suppressed")
    return True


async def _hand_over(send: Send, leaving: Sequence[Verdict], guarded: Guarded, done: Round) -> None:
    """Channels side by side, so that a stuck one does not slow the others; within one, message after message."""
    composed = await sync_to_async(compose_all)(leaving, guarded)
    reached = await sync_to_async(addresses_of)([it.message for it in leaving], guarded)
    by_channel: dict[str, list[Verdict]] = {}
    for it in leaving:
        by_channel.setdefault(it.message.channel, []).append(it)

    async def drain(verdicts: list[Verdict]) -> None:
        for it in verdicts:
            key = it.message.contact_id
            await _leave(send, it, composed.get(key), reached.get(key), done)

    await asyncio.gather(*(drain(it) for it in by_channel.values()))


async def _leave(
    send: Send, verdict: Verdict, words: Composed | NothingToSay | None, address: Reached | None, done: Round
) -> None:
    message, at = verdict.message, now()
    if words is None or isinstance(words, NothingToSay) or address is None:
        because = "no_address" if address is None else str(words)
        await sync_to_async(outbox.settle)(message, "suppressed", at=at, because=because[:200])
        done.count("suppressed")
        return
    if not await sync_to_async(_may_begin)(verdict, words, address, at):
        done.count("guard_again")
        return
    outcome = await send(words, address)
    await sync_to_async(_end)(message, outcome)
    done.count(outcome.state)


def _may_begin(verdict: Verdict, words: Composed, address: Reached, at: datetime) -> bool:
    """The last look before the line: no stop pressed, nobody wrote about the person, the claim is still ours."""
    message = verdict.message
    strategy_hash = message.decision.strategy_hash if message.decision else ""
    if is_stopped(stopped(), channel=message.channel, purpose=message.purpose, strategy_hash=strategy_hash):
        outbox.postpone(message, until=at + timedelta(minutes=1), because="stopped")
        return False
    message.body, message.address_id, message.language = (
        json.dumps(words.kept),
        address.address_id,
        words.language,
    )
    if not unchanged(verdict):
        outbox.postpone(message, until=at + SOON, because="facts_changed")
        return False
    return outbox.begin(message, at=at)


def _end(message: Message, outcome: Outcome) -> None:
    if outcome.state == "busy":
        until = outcome.again_at or now() + timedelta(minutes=1)
        outbox.postpone(message, until=until, because=outcome.because or "provider_busy")
        return
    outbox.settle(message, outcome.state, at=now(), because=outcome.because, reference=outcome.reference)
