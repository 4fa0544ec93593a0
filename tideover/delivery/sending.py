"""One round of a worker: claim, guard, put into words, hand over, write down what came of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asgiref.sync import sync_to_async

from tideover.access.clock import now
from tideover.delivery import outbox
from tideover.delivery.addresses import Reached, addresses_of
from tideover.delivery.channels import (
    Busy,
    Channel,
    ChannelError,
    Outgoing,
    Rejected,
    Session,
    TooLate,
    Unknown,
    Withdrawn,
)
from tideover.delivery.guards import Verdict, guard, unchanged
from tideover.delivery.models import Message
from tideover.delivery.words import Composed, NothingToSay, compose_all
from tideover.strategy.stops import is_stopped, stopped

SOON = timedelta(seconds=5)
"""After which a message whose person changed meanwhile is guarded again."""

MOST_TRIES = 5
"""A message that a provider keeps putting off this often is a person's to look at, and holds up nobody else."""


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


def one_round(
    channels: Mapping[str, Channel], *, worker: str, at: datetime, most: int = outbox.A_CLAIM
) -> Round:
    """Everything that is due now in these channels, up to one claim."""
    outbox.free_orphans(at=at)
    done, claimed = Round(), outbox.claim(worker=worker, at=at, most=most, channels=list(channels))
    if not claimed:
        return done
    try:
        guarded = guard(claimed, at=at)
        leaving = [it for it in guarded.verdicts if not _is_kept_back(it, done, at)]
        composed, reached = (
            compose_all(leaving, guarded),
            addresses_of([it.message for it in leaving], guarded),
        )
    except Exception:  # a guard that cannot answer lets nothing leave
        _guard_failed(claimed, done, at)
        raise
    ready = list(_whole(leaving, composed, reached, done, at))
    asyncio.run(_hand_over(channels, ready, done, at))
    return done


def _guard_failed(claimed: Sequence[Message], done: Round, at: datetime) -> None:
    for message in claimed:
        outbox.settle(message, "suppressed", at=at, because="guard_error")
        done.count("guard_error")


def _is_kept_back(verdict: Verdict, done: Round, at: datetime) -> bool:
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


@dataclass(frozen=True)
class _Ready:
    """A message that the guards let through, in words, with its address."""

    verdict: Verdict
    words: Composed
    address: Reached


def _whole(
    leaving: Sequence[Verdict],
    composed: Mapping[str, Composed | NothingToSay],
    reached: Mapping[str, Reached],
    done: Round,
    at: datetime,
) -> Iterable[_Ready]:
    """Those that have words and an address; the others are not sent, and that is written down."""
    for verdict in leaving:
        words, address = composed[verdict.message.contact_id], reached.get(verdict.message.contact_id)
        if isinstance(words, NothingToSay) or address is None:
            because = "no_address" if address is None else str(words)
            outbox.settle(verdict.message, "suppressed", at=at, because=because[:200])
            done.count("suppressed")
        else:
            yield _Ready(verdict, words, address)


async def _hand_over(
    channels: Mapping[str, Channel], ready: Sequence[_Ready], done: Round, at: datetime
) -> None:
    """Channels side by side, so that a stuck one does not slow the others; in one, as many sessions as it allows."""
    by_channel: dict[str, list[_Ready]] = {}
    for it in ready:
        by_channel.setdefault(it.verdict.message.channel, []).append(it)

    async def drain(name: str, waiting: list[_Ready]) -> None:
        sessions = min(channels[name].limits.sessions, len(waiting))
        shares = [waiting[number::sessions] for number in range(sessions)]
        await asyncio.gather(*(_in_one_session(channels[name], share, done, at) for share in shares))

    await asyncio.gather(*(drain(name, waiting) for name, waiting in by_channel.items()))


async def _in_one_session(channel: Channel, share: Sequence[_Ready], done: Round, at: datetime) -> None:
    try:
        async with channel.session(at=at) as session:
            for it in share:
                await _leave(session, it, done)
    except ChannelError:  # no session at all: nothing of the rest left
        for it in share:
            until = now() + timedelta(minutes=1)
            if await sync_to_async(outbox.postpone)(it.verdict.message, until=until, because="unreachable"):
                done.count("busy")


async def _leave(session: Session, it: _Ready, done: Round) -> None:
    async def may_leave() -> bool:
        return await sync_to_async(_may_begin)(it)

    message = it.verdict.message
    try:
        accepted = await session.send(_outgoing(it), may_leave=may_leave)
    except Withdrawn:
        done.count("withdrawn")
        return
    except ChannelError as error:
        outcome = await sync_to_async(_failed)(message, error)
    else:
        await sync_to_async(outbox.settle)(message, "accepted", at=now(), reference=accepted.reference)
        outcome = "accepted"
    done.count(outcome)


def _may_begin(it: _Ready) -> bool:
    """The last look: no stop pressed, nobody wrote about the person, the claim is ours. Then it is written down as leaving."""
    message, at = it.verdict.message, now()
    strategy_hash = message.decision.strategy_hash if message.decision else ""
    if is_stopped(stopped(), channel=message.channel, purpose=message.purpose, strategy_hash=strategy_hash):
        outbox.postpone(message, until=at + timedelta(minutes=1), because="stopped")
        return False
    if not unchanged(it.verdict):
        outbox.postpone(message, until=at + SOON, because="facts_changed")
        return False
    message.body, message.address_id, message.language = (
        json.dumps(it.words.kept),
        it.address.address_id,
        it.words.language,
    )
    return outbox.begin(message, at=at)


def _failed(message: Message, error: ChannelError) -> str:
    """What an error of the channel means for the message."""
    at = now()
    if isinstance(error, Busy) and message.attempts + 1 < MOST_TRIES:
        outbox.postpone(
            message, until=at + error.retry_after * 2**message.attempts, because=f"busy_{error.reason}"
        )
        return "busy"
    state = (
        "unknown"
        if isinstance(error, Unknown)
        else "suppressed"
        if isinstance(error, TooLate)
        else "rejected"
    )
    because = error.kind if isinstance(error, Rejected) else type(error).__name__.lower()
    outbox.settle(message, state, at=at, because=because)
    return state


def _outgoing(it: _Ready) -> Outgoing:
    message, words = it.verdict.message, it.words.words
    # The channel adds the one-click post of RFC 8058 where the address is https.
    headers = {"List-Unsubscribe": f"<{it.words.unsubscribe}>"} if message.channel == "email" else {}
    return Outgoing(
        intent_id=str(message.pk), person=str(message.pk), to=it.address.value, message_id=it.words.message_id, use_by=message.use_by,
        sender_name=it.words.sender_name, sender_address=it.words.sender_address, subject=words.subject, preview=words.preview,
        text=words.text, html=it.words.html, language=words.language, direction=words.direction, headers=headers,
        template_id=it.words.template_id,
    )  # fmt: skip
