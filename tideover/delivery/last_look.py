"""The last look: a message stands written down as leaving, and nothing but its words is left to send. May it still?

It is one read, taken in the thread that sends and right before the words go. Waiting for another thread would leave time
for a payment or a refusal to be written in between. One read serves all that is about to leave, for as long as the
database says that nobody has committed anything since.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from asgiref.sync import sync_to_async
from django.db import connection

from tideover.book.models import Person
from tideover.delivery.group_commit import MOST_TRIES, MOST_WAIT, GroupCommit, met_anew, scopes_of
from tideover.delivery.guards import Verdict
from tideover.delivery.models import Message
from tideover.strategy.models import Release, Stop

log = structlog.get_logger()
FRESH = 0.001
"""Seconds that may lie between the last look and the words; on a machine that takes longer, we look again."""

MOST_LOOKS = 20
"""Looks of one message, all of which said yes, after which it leaves however slow the machine is."""

MARKS = {"sqlite": "PRAGMA data_version", "postgresql": "SELECT pg_current_snapshot()::text"}
"""What differs as soon as anybody has committed anything. Both are read from memory."""

MESSAGE, PERSON, STOP, RELEASE = (it._meta.db_table for it in (Message, Person, Stop, Release))
Ask = Callable[[str, Sequence[object]], list[tuple[object, ...]]]


def asking() -> Ask:
    """Asks the database in this thread. Made before the sending begins."""
    connection.ensure_connection()
    raw, mark = connection.connection, "?" if connection.vendor == "sqlite" else "%s"
    return lambda question, values: raw.execute(question.replace("%s", mark), values).fetchall()


@dataclass(frozen=True)
class _Seen:
    """What stood in the database at one moment, which is good until somebody commits."""

    mark: object
    stopped: frozenset[object] = frozenset()
    releases: frozenset[object] = frozenset()
    held_until: Mapping[object, int] = field(default_factory=dict)
    """By message that still stands as leaving, of whose person nothing was written since the guards: the end of its lease."""


class LastLook:
    """What a channel asks before a message leaves: first it is written down as leaving, then looked at as often as asked."""

    def __init__(self, commit: GroupCommit, ask: Ask) -> None:
        self._commit, self._ask = commit, ask
        self._seen = _Seen(None)
        self._mark = MARKS[connection.vendor]

    async def may_leave(self, verdict: Verdict) -> bool:
        """May it leave now?"""
        if not await self._commit.may_begin(verdict):
            return False
        for _ in range(MOST_LOOKS):
            looked_at = time.monotonic()
            if not (self._commit.is_still_the_hour() and self._may_still(verdict)):
                await self._hold_up(verdict)
                return False
            if time.monotonic() - looked_at < FRESH:
                break
        return True

    async def _hold_up(self, verdict: Verdict) -> None:
        """Nothing left. What cannot be written down at once is tried again, so that it does not pass for what may have left."""
        for tries in range(1, MOST_TRIES + 1):
            try:
                return await sync_to_async(self._commit.hold_up)(verdict)
            except Exception as error:  # noqa: BLE001 - whatever it is, the message stays here
                log.error("not_held_up", message=verdict.message.pk, error=type(error).__name__)  # noqa: TRY400
                await met_anew()
                await asyncio.sleep(MOST_WAIT * tries)
        return None

    def _may_still(self, verdict: Verdict) -> bool:
        message = verdict.message
        try:
            mark = self._ask(self._mark, ())
            if mark != self._seen.mark or message.pk not in self._seen.held_until:
                self._seen = self._looked(mark)
        except Exception as error:  # noqa: BLE001 - who cannot look does not send
            log.error("guard_error", message=message.pk, error=type(error).__name__)  # noqa: TRY400
            return False
        seen, moment = self._seen, int(self._commit.clock().timestamp())
        return (
            seen.held_until.get(message.pk, 0) > moment
            and verdict.release in seen.releases
            and not seen.stopped & scopes_of(message)
        )

    def _looked(self, mark: object) -> _Seen:
        """All that is about to leave, in one read. The mark was read before it: what comes between is seen the next time."""
        leaving = list(self._commit.leaving.values())
        places = ", ".join(["(%s, %s, %s)"] * len(leaving))
        rows = self._ask(
            f"WITH leaving (pk, fence, version) AS (VALUES {places}) "  # noqa: S608 - names of ours
            f"SELECT 'held', m.id, '', m.lease_until FROM leaving JOIN {MESSAGE} m ON m.id = leaving.pk "
            f"JOIN {PERSON} p ON p.person_id = m.person_id "
            "WHERE m.state = 'sending' AND m.fence = leaving.fence AND p.facts_version = leaving.version "
            f"UNION ALL SELECT 'stopped', 0, scope, 0 FROM {STOP} WHERE lifted_at IS NULL "
            f"UNION ALL SELECT 'release', 0, hash, 0 FROM {RELEASE} WHERE state IN ('live', 'ramping')",
            [part for it in leaving for part in (it.message.pk, it.message.fence, it.facts_version)],
        )
        return _Seen(
            mark,
            frozenset(name for kind, _, name, _ in rows if kind == "stopped"),
            frozenset(name for kind, _, name, _ in rows if kind == "release"),
            {pk: int(str(until)) for kind, pk, _, until in rows if kind == "held"},
        )
