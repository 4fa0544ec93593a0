"""The steps of a worker's turn, each guarded: one that fails rests for a while, and all others go on."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from tideover.strategy.failing import note_failing, note_well

log = structlog.get_logger()
Step = Callable[[], object]

MOST_REST = 60.0
"""Seconds that a step rests at most after it failed, unless it took long to fail."""

ITS_SHARE = 10
"""A step that takes long to fail rests so many times as long: nine tenths of the time are for the others."""

LONGEST_REST = 1_800.0
"""Seconds; a night that failed late is still this night's."""

SKIPPED = object()
"""What a step answers that was not taken: that says neither that it fails nor that it is well."""


class Steps:
    """What failed in this worker, and until when it rests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.failed: dict[str, Exception] = {}
        self._clock, self._often, self._until = clock, dict[str, int](), dict[str, float]()

    def take(self, name: str, step: Step, *, at: datetime) -> int:
        """Take a step, unless it rests. How much there was to do; 0 where it failed.

        Raises OperationalError and InterfaceError where the database is away: then no step can be taken.
        """
        begun = self._clock()
        if begun < self._until.get(name, 0):
            return 0
        try:
            done = step()
        except (OperationalError, InterfaceError) as error:
            if not _database_answers():
                raise
            self._rest(name, error, begun, at)
        except Exception as error:  # noqa: BLE001 - whatever it is, mails and messages of others go on
            self._rest(name, error, begun, at)
        else:
            if done is not SKIPPED and name in self.failed:
                del self.failed[name]
                self._often[name] = 0
                note_well(name)
            return done if isinstance(done, int) else 0
        return 0

    def _rest(self, name: str, error: Exception, begun: float, at: datetime) -> None:
        self.failed[name], self._often[name] = error, self._often.get(name, 0) + 1
        took = self._clock() - begun
        rest = max(min(2.0 ** min(self._often[name], 10), MOST_REST), min(took * ITS_SHARE, LONGEST_REST))
        self._until[name] = self._clock() + rest
        # Not what the error says: it may cite what somebody wrote.
        log.error(
            "step_failed",
            step=name,
            error=type(error).__name__,
            where=_where(error),
            rests_seconds=round(rest),
        )
        note_failing(name, at=at)


def _where(error: Exception) -> str:
    """The line of ours in which it came about."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [it for it in frames if "/tideover/" in it.filename] or list(frames)
    return f"{ours[-1].filename.rpartition('/tideover/')[2]}:{ours[-1].lineno}" if ours else ""


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
