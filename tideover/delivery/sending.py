"""One round of a worker: claim, guard, put into words, hand over, write down what came of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog
from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError, close_old_connections

from tideover.access.clock import now
from tideover.delivery import outbox
from tideover.delivery.addresses import Reached, addresses_of
from tideover.delivery.channels import (
    Busy,
    Channel,
    ChannelError,
    Rejected,
    Session,
    TooLate,
    Unknown,
    Withdrawn,
)
from tideover.delivery.group_commit import GroupCommit, met_anew
from tideover.delivery.guards import Verdict, by_halves, guard, warm
from tideover.delivery.last_look import Ask, LastLook, asking
from tideover.delivery.line import Line
from tideover.delivery.models import Message
from tideover.delivery.outbox import Ended
from tideover.delivery.pace import pace_of
from tideover.delivery.ready import Ready
from tideover.delivery.restored import numbered
from tideover.delivery.words import Composed, NothingToSay, compose_all
from tideover.strategy.releases import NothingLive

log = structlog.get_logger()
AGAIN = timedelta(minutes=5)
"""After which messages are looked at again whose guards failed; later each time for one that fails beside others."""

GIVE_UP = 2
"""Messages in a row that find nobody there, after which a session lets the rest wait a minute."""

SAYS_NOTHING = 3
"""Messages in a row that get no reply, after which a session does the same: these are lost, and each next one would be."""

OF_THE_WAY = frozenset({"rate", "not_admitted"})
"""What a provider says of the way and not of a message: it is no try of it, and the others wait too."""

A_MOMENT = timedelta(seconds=2)

MOST_TRIES = 5
"""A message that a provider keeps putting off, or over which the guards keep failing, this often is a person's to look at."""


@dataclass
class Round:
    """What one round did, by outcome."""

    outcomes: dict[str, int] = field(default_factory=dict)

    def count(self, outcome: str, times: int = 1) -> None:
        """So many messages more ended like this."""
        if times:
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + times

    @property
    def total(self) -> int:
        """How many messages were looked at."""
        return sum(self.outcomes.values())


def one_round(
    channels: Mapping[str, Channel], *, worker: str, at: datetime, most: int = outbox.A_CLAIM
) -> Round:
    """Everything that is due now in these channels, up to one claim."""
    if not outbox.is_anything_due(at=at, channels=list(channels)):
        return Round()
    try:
        warm(at)
    except NothingLive:  # what was live was taken back: nobody is contacted
        return Round()
    done, claimed = Round(), outbox.claim(worker=worker, at=at, most=most, channels=list(channels))
    if not claimed:
        return done
    # A guard that cannot answer lets nothing leave.
    judged, failed = by_halves(claimed, partial(_judged, at=at), event="guard_error")
    ready = [it for some in judged for it in _whole(some, done, at)]
    outbox.survived(claimed)
    _guard_failed(failed, done, at, all_of_them=len(failed) == len(claimed) > 1)
    if ready:
        numbered([it.message for it in ready], at=at)
        asyncio.run(_hand_over(channels, ready, done, at, worker, asking()))
    return done


@dataclass(frozen=True)
class _Judged:
    """Messages with what the guards say of them, their words and addresses."""

    verdicts: Sequence[Verdict]
    composed: Mapping[str, Composed | NothingToSay]
    reached: Mapping[str, Reached]


def _judged(messages: Sequence[Message], at: datetime) -> _Judged:
    guarded = guard(messages, at=at)
    leaving = [it for it in guarded.verdicts if it.may_leave]
    reached = addresses_of([it.message for it in leaving], guarded)
    return _Judged(guarded.verdicts, compose_all(leaving, guarded), reached)


def _guard_failed(failed: Sequence[Message], done: Round, at: datetime, *, all_of_them: bool) -> None:
    """Where all fail the fault is ours. One that fails alone is tried a few times more, and then never sent."""
    over = [] if all_of_them else [it for it in failed if it.attempts + 1 >= MOST_TRIES]
    outbox.settle_all([Ended(it, "suppressed", "guard_error") for it in over], at=at)
    later: dict[int, list[Message]] = {}
    for it in set(failed) - set(over):
        later.setdefault(0 if all_of_them else it.attempts, []).append(it)
    for attempts, messages in later.items():
        until = at + AGAIN * 2**attempts
        outbox.postpone(messages, until=until, because="guard_error", tries=0 if all_of_them else 1)
    done.count("guard_error", len(failed))


def _kept_back(verdicts: Iterable[Verdict], done: Round, at: datetime) -> None:
    """What the guards put off or stop is written down."""
    later: dict[tuple[datetime, str], list[Message]] = {}
    never = []
    for it in verdicts:
        if it.later is None:
            never.append(Ended(it.message, "suppressed", it.because))
        else:
            later.setdefault((it.later, it.because), []).append(it.message)
    for (until, because), messages in later.items():
        outbox.postpone(messages, until=until, because=because)
        done.count("postponed", len(messages))
    outbox.settle_all(never, at=at)
    done.count("suppressed", len(never))


def _whole(judged: _Judged, done: Round, at: datetime) -> list[Ready]:
    """Those that may leave and have words and an address; what becomes of the others is written down."""
    _kept_back((it for it in judged.verdicts if not it.may_leave), done, at)
    ready, lacking = [], []
    for verdict in (it for it in judged.verdicts if it.may_leave):
        message = verdict.message
        words, address = judged.composed[message.contact_id], judged.reached.get(message.contact_id)
        if isinstance(words, NothingToSay) or address is None:
            because = "no_address" if address is None else str(words)
            lacking.append(Ended(message, "suppressed", because[:200]))
        else:
            message.body, message.address_id = json.dumps(words.kept, ensure_ascii=False), address.address_id
            message.language, message.template = words.language, words.words.template_hash
            ready.append(Ready(verdict, words, address))
    outbox.settle_all(lacking, at=at)
    done.count("suppressed", len(lacking))
    return ready


async def _hand_over(
    channels: Mapping[str, Channel], ready: Sequence[Ready], done: Round, at: datetime, worker: str, ask: Ask
) -> None:
    """Channels side by side, so that a stuck one does not slow the others; in one, as many sessions as it allows."""
    # What is written while sending has a connection of its own, which may have died.
    await sync_to_async(close_old_connections)()
    by_channel: dict[str, list[Ready]] = {}
    for it in ready:
        by_channel.setdefault(it.message.channel, []).append(it)
    lines = {
        name: Line(waiting, pace_of(name, channels[name].limits.per_second))
        for name, waiting in by_channel.items()
    }
    holding = asyncio.create_task(_hold_on([it.message for it in ready], worker))
    try:
        async with GroupCommit(_clock, judged_at=at, lines=lines).running() as commit:
            going = _Going(commit, done, at, LastLook(commit, ask))
            await asyncio.gather(
                *(_drain(channels[name], len(by_channel[name]), it, going) for name, it in lines.items())
            )
    finally:
        holding.cancel()


def _clock() -> datetime:
    """Now, whenever it is asked."""
    return now()


@dataclass(frozen=True)
class _Going:
    """A round on its way."""

    commit: GroupCommit
    done: Round
    at: datetime
    look: LastLook


async def _hold_on(messages: Sequence[Message], worker: str) -> None:
    """While they wait for a provider the leases go on; when this process stops or sleeps, they do not."""
    while True:
        await asyncio.sleep(outbox.lease().total_seconds() / 3)
        try:
            await sync_to_async(outbox.renew)(messages, worker=worker, at=now())
        except (DatabaseError, InterfaceError) as error:  # the next time, by a new connection
            log.warning("lease_not_renewed", error=type(error).__name__)
            await met_anew()


async def _drain(channel: Channel, waiting: int, line: Line, going: _Going) -> None:
    """By as many sessions as the channel allows, until nobody waits or none finds the provider there."""
    sessions = min(channel.limits.sessions, waiting)
    ends = await asyncio.gather(*(_in_one_session(channel, line, going) for _ in range(sessions)))
    if rest := [it.message for it in line.rest()]:  # nothing of these has left
        asked = next((it for it in ends if it), None)
        # Before the one that asked: should it be the only one that is refused, it holds up nobody a second time.
        until = now() + (asked.retry_after - A_MOMENT if asked else timedelta(minutes=1))
        because = f"busy_{asked.reason}" if asked else "unreachable"
        left = await sync_to_async(outbox.postpone)(rest, until=until, because=because)
        going.done.count("busy", left)


async def _in_one_session(channel: Channel, line: Line, going: _Going) -> Busy | None:
    """Message after message. The word of the provider that none goes through for now, where it said so."""
    of_the_way = frozenset[str]() if channel.limits.many_providers else OF_THE_WAY
    try:
        async with channel.session(at=going.at) as session:
            away = lost = 0
            while line and away < GIVE_UP and lost < SAYS_NOTHING:
                said = await _leave(session, line, going, of_the_way)
                if isinstance(said, Busy) and said.reason in of_the_way:
                    return said
                away = away + 1 if isinstance(said, Busy) and said.reason == "unreachable" else 0
                lost = lost + 1 if isinstance(said, Unknown) else 0
    except ChannelError:  # no session at all
        log.warning("no_session", channel=channel.name)
    return None


async def _leave(
    session: Session, line: Line, going: _Going, of_the_way: frozenset[str]
) -> Busy | Unknown | None:
    """Hand over whoever is next. Why it did not leave now, or that no reply came, where it is of the provider."""
    it, commit = await line.next(), going.commit
    message = it.message
    try:
        accepted = await session.send(it.outgoing, may_leave=partial(going.look.may_leave, it.verdict))
    except Withdrawn:
        going.done.count("withdrawn")
    except Busy as error:
        is_of_it = error.is_a_try and error.reason not in of_the_way and commit.stood_at_the_door(message)
        await _put_off(message, error, going, tries=int(is_of_it))
        return error
    except ChannelError as error:
        leads_nowhere = isinstance(error, Rejected) and error.kind == "bad_address" and error.permanent
        _ended(going, Ended(message, *_meaning(error), leads_nowhere=leads_nowhere))
        return error if isinstance(error, Unknown) else None
    except Exception as error:  # noqa: BLE001 - a channel with a fault of its own must not take the others with it
        log.error("channel_error", channel=message.channel, message=message.pk, error=type(error).__name__)  # noqa: TRY400
        _ended(going, Ended(message, "unknown", "channel_error"))
    else:
        line.has_left(accepted.parts)
        _ended(going, Ended(message, "accepted", reference=accepted.reference, further=accepted.further))
    finally:
        commit.no_longer(message)
    return None


def _ended(going: _Going, it: Ended) -> None:
    going.commit.ended(it)
    going.done.count(it.state)


async def _put_off(message: Message, error: Busy, going: _Going, *, tries: int) -> None:
    """Again later, and later each time; but not for ever."""
    if message.attempts + tries >= MOST_TRIES:
        _ended(going, Ended(message, *_meaning(error)))
        return
    until = now() + error.retry_after * 2**message.attempts
    because = f"busy_{error.reason}"
    await sync_to_async(outbox.postpone)([message], until=until, because=because, tries=tries)
    going.done.count("busy")


def _meaning(error: ChannelError) -> tuple[str, str]:
    """The state that an error of the channel leaves a message in, and why."""
    states = {Unknown: "unknown", TooLate: "suppressed"}
    because = error.kind if isinstance(error, Rejected) else type(error).__name__.lower()
    return states.get(type(error), "rejected"), because
