"""One round of a worker: claim, guard, put into words, hand over, write down what came of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
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
from tideover.delivery.guards import Verdict, guard, unchanged, warm
from tideover.delivery.models import Message
from tideover.delivery.numbers import number_frees_at
from tideover.delivery.words import Composed, NothingToSay, compose_all
from tideover.strategy.stops import is_stopped, stopped

log = structlog.get_logger()
SOON = timedelta(seconds=5)
"""After which a message whose person changed meanwhile is guarded again."""

AGAIN = timedelta(minutes=5)
"""After which messages are looked at again whose guards all failed."""

A_QUARTER = 900
"""Seconds for which the hours and days of the rules cannot change: they begin and end on quarters of an hour."""

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
    if not outbox.is_anything_due(at=at, channels=list(channels)):
        return Round()
    warm(at)
    done, claimed = Round(), outbox.claim(worker=worker, at=at, most=most, channels=list(channels))
    if not claimed:
        return done
    failed: list[Message] = []
    ready = [it for judged in _judged(claimed, failed, at) for it in _whole(judged, done, at)]
    _guard_failed(failed, done, at, all_of_them=len(failed) == len(claimed) > 1)
    asyncio.run(_hand_over(channels, ready, done, at, worker))
    return done


@dataclass(frozen=True)
class _Judged:
    """Messages with what the guards say of them, their words and addresses."""

    verdicts: Sequence[Verdict]
    composed: Mapping[str, Composed | NothingToSay]
    reached: Mapping[str, Reached]


def _judged(messages: Sequence[Message], failed: list[Message], at: datetime) -> list[_Judged]:
    """Judged together; where that fails, half by half, until what fails stands alone and is the only one not to leave."""
    try:
        guarded = guard(messages, at=at)
        leaving = [it for it in guarded.verdicts if it.may_leave]
        reached = addresses_of([it.message for it in leaving], guarded)
        return [_Judged(guarded.verdicts, compose_all(leaving, guarded), reached)]
    except Exception as error:  # noqa: BLE001 - whatever it is, a guard that cannot answer lets nothing leave
        if len(messages) > 1:
            half = len(messages) // 2
            return [*_judged(messages[:half], failed, at), *_judged(messages[half:], failed, at)]
        # No traceback: it may hold what a person wrote.
        log.error("guard_error", message=messages[0].pk, error=type(error).__name__)  # noqa: TRY400
        failed.extend(messages)
        return []


def _guard_failed(failed: Sequence[Message], done: Round, at: datetime, *, all_of_them: bool) -> None:
    """One that fails beside others is not sent. Where all fail the fault is ours, and they are looked at again."""
    for message in failed:
        if all_of_them:
            outbox.postpone(message, until=at + AGAIN, because="guard_error")
        else:
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
    judged_at: datetime


def _whole(judged: _Judged, done: Round, at: datetime) -> Iterable[_Ready]:
    """Those that may leave and have words and an address; what becomes of the others is written down."""
    for verdict in judged.verdicts:
        if _is_kept_back(verdict, done, at):
            continue
        words = judged.composed[verdict.message.contact_id]
        address = judged.reached.get(verdict.message.contact_id)
        if isinstance(words, NothingToSay) or address is None:
            because = "no_address" if address is None else str(words)
            outbox.settle(verdict.message, "suppressed", at=at, because=because[:200])
            done.count("suppressed")
        else:
            yield _Ready(verdict, words, address, at)


async def _hand_over(
    channels: Mapping[str, Channel], ready: Sequence[_Ready], done: Round, at: datetime, worker: str
) -> None:
    """Channels side by side, so that a stuck one does not slow the others; in one, as many sessions as it allows."""
    by_channel: dict[str, list[_Ready]] = {}
    for it in ready:
        by_channel.setdefault(it.verdict.message.channel, []).append(it)

    async def drain(name: str, waiting: list[_Ready]) -> None:
        sessions = min(channels[name].limits.sessions, len(waiting))
        shares = [waiting[number::sessions] for number in range(sessions)]
        await asyncio.gather(*(_in_one_session(channels[name], share, done, at) for share in shares))

    holding = asyncio.create_task(_hold_on([it.verdict.message for it in ready], worker))
    try:
        await asyncio.gather(*(drain(name, waiting) for name, waiting in by_channel.items()))
    finally:
        holding.cancel()


async def _hold_on(messages: Sequence[Message], worker: str) -> None:
    """While they wait for a provider the leases go on; when this process stops or sleeps, they do not."""
    while True:
        await asyncio.sleep(outbox.lease().total_seconds() / 3)
        await sync_to_async(outbox.renew)(messages, worker=worker, at=now())


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
    except Exception as error:  # noqa: BLE001 - a channel with a fault of its own must not take the others with it
        log.error("channel_error", channel=message.channel, message=message.pk, error=type(error).__name__)  # noqa: TRY400
        outcome = await sync_to_async(_failed)(message, Unknown("channel error"))
    else:
        await sync_to_async(outbox.settle)(message, "accepted", at=now(), reference=accepted.reference)
        outcome = "accepted"
    done.count(outcome)


def _may_begin(it: _Ready) -> bool:
    """The last look: no stop pressed, the hour still the one that was judged, nobody wrote about the person, the claim is ours.

    Then it is written down as leaving.
    """
    message, at = it.verdict.message, now()
    strategy_hash = message.decision.strategy_hash if message.decision else ""
    if is_stopped(stopped(), channel=message.channel, purpose=message.purpose, strategy_hash=strategy_hash):
        outbox.postpone(message, until=at + timedelta(minutes=1), because="stopped")
        return False
    if int(at.timestamp()) // A_QUARTER != int(it.judged_at.timestamp()) // A_QUARTER:
        outbox.postpone(message, until=at, because="time_passed")
        return False
    if not unchanged(it.verdict):
        outbox.postpone(message, until=at + SOON, because="facts_changed")
        return False
    if full := number_frees_at(it.verdict, it.address.address_id, at):
        outbox.postpone(message, until=full[0], because=full[1])
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
