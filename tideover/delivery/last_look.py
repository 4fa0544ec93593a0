"""The last look: a message stands written down as leaving, and nothing but its words is left to send. May it still?

It is one read, taken in the thread that sends and right before the words go. Waiting for another thread would leave time
for a payment or a refusal to be written in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from asgiref.sync import sync_to_async
from django.db import connection

from tideover.book.models import Person
from tideover.delivery.group_commit import GroupCommit, scopes_of
from tideover.delivery.guards import Verdict
from tideover.delivery.models import Message
from tideover.strategy.models import Release, Stop

log = structlog.get_logger()
FRESH = 0.001
"""Seconds that may lie between the last look and the words; on a machine that takes longer, we look again."""

MOST_LOOKS = 20
"""Looks of one message, all of which said yes, after which it leaves however slow the machine is."""

MESSAGE, PERSON, STOP, RELEASE = (it._meta.db_table for it in (Message, Person, Stop, Release))
Ask = Callable[[str, list[object]], bool]


def asking() -> Ask:
    """Asks the database in this thread whether there is such a row. Made before the sending begins."""
    connection.ensure_connection()
    raw, mark = connection.connection, "?" if connection.vendor == "sqlite" else "%s"
    return lambda question, values: raw.execute(question.replace("%s", mark), values).fetchone() is not None


class LastLook:
    """What a channel asks before a message leaves: first it is written down as leaving, then looked at as often as asked."""

    def __init__(self, verdict: Verdict, commit: GroupCommit, ask: Ask) -> None:
        self._verdict, self._commit, self._ask = verdict, commit, ask
        self._begun = False

    async def __call__(self) -> bool:
        """May it leave now?"""
        self._begun = self._begun or await self._commit.may_begin(self._verdict)
        if not self._begun:
            return False
        for _ in range(MOST_LOOKS):
            looked_at = time.monotonic()
            if not (self._commit.is_still_the_hour() and self._may_still()):
                await sync_to_async(self._commit.hold_up)(self._verdict)
                return False
            if time.monotonic() - looked_at < FRESH:
                break
        return True

    def _may_still(self) -> bool:
        message, verdict = self._verdict.message, self._verdict
        scopes = sorted(scopes_of(message))
        places = ", ".join(["%s"] * len(scopes))
        question = (
            f"SELECT 1 FROM {MESSAGE} m JOIN {PERSON} p ON p.person_id = m.person_id WHERE m.id = %s AND m.fence = %s "  # noqa: S608 - names of ours
            "AND m.state = 'sending' AND m.lease_until > %s AND p.facts_version = %s "
            f"AND NOT EXISTS (SELECT 1 FROM {STOP} WHERE lifted_at IS NULL AND scope IN ({places})) "
            f"AND EXISTS (SELECT 1 FROM {RELEASE} WHERE hash = %s AND state IN ('live', 'ramping'))"
        )
        asked = [message.pk, message.fence, int(self._commit.clock().timestamp()), verdict.facts_version]
        try:
            return self._ask(question, [*asked, *scopes, verdict.release])
        except Exception as error:  # noqa: BLE001 - who cannot look does not send
            log.error("guard_error", message=message.pk, error=type(error).__name__)  # noqa: TRY400
            return False
