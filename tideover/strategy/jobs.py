"""What is to be decided now: the night's run, once a day, and the people whom events touched."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import models

from tideover.book.models import FACTS
from tideover.strategy.events import left_to_the_night, note_changes
from tideover.strategy.leases import MIRROR, freed, leased
from tideover.strategy.models import Run
from tideover.strategy.nightly import night_after, night_before
from tideover.strategy.ramp import move_on
from tideover.strategy.releases import NothingLive
from tideover.strategy.runs import run_events, run_nightly

PUT_BACK = timedelta(hours=1)
"""By how much a run must lie ahead before its clock, and not this one, counts as the one that was wrong."""

MOST_AGAIN = 4
"""So often a night is decided again because of clocks that differ."""

log = structlog.get_logger()


def decide_what_is_new(*, by: str, at: datetime) -> int:
    """Run what is due. How many people were decided; 0 where no strategy is live."""
    return decide_the_night(by=by, at=at) + decide_what_changed(at=at)


def decide_the_night(*, by: str, at: datetime) -> int:
    """The night's run, if it is due. How many people were decided; 0 where no strategy is live."""
    try:
        night = run_nightly_if_due(by=by, at=at)
    except NothingLive:
        return 0
    return night.people if night else 0


def decide_what_changed(*, at: datetime) -> int:
    """Whom events touched. It needs no night: where that cannot be decided, a payment still changes what is said."""
    try:
        note_changes(at=at)
        events = run_events(at=at)
    except NothingLive:
        return 0
    return events.people if events else 0


def _one_clock_is_wrong(run: Run) -> None:
    """The run's or ours. Its night is decided again, but not for ever, should two clocks go on to differ."""
    if _of_night(run.at).filter(was_ahead=True).count() < MOST_AGAIN:
        Run.objects.filter(pk=run.pk).update(was_ahead=True)
        log.warning("clocks_differ", run=run.pk, run_at=run.at.isoformat())


def _of_night(at: datetime) -> models.QuerySet[Run]:
    """The runs over the whole book from the night of this moment to the next."""
    first, last = int(night_before(at).timestamp()), int(night_after(at).timestamp()) - 1
    return Run.objects.filter(kind="nightly", at__range=(first, last))


def run_nightly_if_due(*, by: str, at: datetime) -> Run | None:
    """The night's decision, once a day, in whichever worker comes first; none while the book has nobody in it."""
    for from_later in Run.nights.filter(at__gt=int((at + PUT_BACK).timestamp())):
        _one_clock_is_wrong(from_later)
    if _of_night(at).filter(was_ahead=False).exists():
        return None
    if not FACTS["borrowers"].objects.filter(recorded_at__lte=at).exists():
        return None
    if not all(leased(name, by=by, at=at, lasts=timedelta(hours=2)) for name in ("nightly", MIRROR)):
        return None
    try:
        move_on(at=at)
        with left_to_the_night(at=at):
            return run_nightly(at=at)
    finally:
        for name in ("nightly", MIRROR):
            freed(name, by=by)
