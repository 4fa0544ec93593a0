"""A day in shadow: everybody is decided, another system's list is laid beside it, and nothing is handed on."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from tideover.access.clock import now
from tideover.engine.decision.setup import Setup
from tideover.engine.facts import open_book
from tideover.engine.facts.written import engine_rows, in_polars
from tideover.engine.measure.shadow import Beside, beside, read_list
from tideover.strategy.leases import MIRROR, held
from tideover.strategy.runs import run_nightly
from tideover.strategy.shares import in_force_or_asked_for

LASTS = timedelta(hours=2)
"""As long as a night may take."""


def shadow_day(
    list_of_theirs: Path, *, at: datetime, progress: Callable[[str], None] = lambda _: None
) -> tuple[Beside, Setup]:
    """Decide as of a moment, compare, and send nothing; also by what was decided. Raises FilesRefused, NothingLive, Held."""
    setup = in_force_or_asked_for().main
    theirs = read_list(list_of_theirs, setup, settings.CONTENT)
    with held(MIRROR, by=f"shadow:{socket.gethostname()}:{os.getpid()}", at=now(), lasts=LASTS):
        run = run_nightly(at=at, progress=progress, shadow=True)
        book = open_book(settings.DATA / "mirror" / "book")
        decisions = in_polars(engine_rows(Path(run.folder) / "decisions"))
        return beside(theirs, decisions, book, setup, int(at.timestamp()), progress=progress), setup
