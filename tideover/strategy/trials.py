"""What a published strategy would do, tried on the lender's own book against what is live, before anybody agrees to it.

The last days of the mirror are decided by both; of a big book a sample. What is kept are counts: no person.
"""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import structlog
from django.conf import settings

from tideover.book.mirror import mirrored
from tideover.engine.facts import Book, open_book
from tideover.engine.measure import Words, simulate
from tideover.kit.errors import Refused
from tideover.strategy.comparing import NEW, OLD, counted
from tideover.strategy.leases import MIRROR, freed, leased
from tideover.strategy.models import Trial
from tideover.strategy.releases import setup_of

DAYS = 3
DAY = 86_400
MANY = 20_000
"""People above whom a sample of so many stands for all."""
LASTS = timedelta(minutes=30)
MOST_TRIES = 3
log = structlog.get_logger()


def try_what_waits(*, by: str, at: datetime) -> int:
    """Try one release that was published. How many were tried; a trial that failed is tried again, three times at most."""
    stale = Trial.objects.filter(state="running", at__lt=int((at - LASTS).timestamp()))
    stale.filter(tries__gte=MOST_TRIES).update(
        state="failed", progress="workers ended over it, again and again"
    )
    waiting = Trial.objects.filter(state="waiting").order_by("at").first() or stale.first()
    if waiting is None or not leased(MIRROR, by=by, at=at, lasts=LASTS):
        return 0
    try:
        _tried(waiting, at)
    finally:
        freed(MIRROR, by=by)
    return 1


def _tried(trial: Trial, at: datetime) -> None:
    _said(trial, "running", "reading the book", tries=trial.tries + 1, at=at)
    out = settings.DATA / "trials" / trial.release_id[:16]
    shutil.rmtree(out, ignore_errors=True)
    try:
        found = _compared(trial, at, out)
    except Refused as refused:
        _said(trial, "failed", str(refused)[:200])
    except Exception as error:  # noqa: BLE001 - a trial that fails must not keep the worker from sending
        log.error("trial_failed", release=trial.release_id, error=type(error).__name__)  # noqa: TRY400
        _said(trial, "failed" if trial.tries >= MOST_TRIES else "waiting", "it failed and is tried again")
    else:
        _said(trial, "done", "", found=found)
    finally:
        shutil.rmtree(out, ignore_errors=True)


def _said(trial: Trial, state: str, progress: str, **more: object) -> None:
    """Written at once, so that whoever looks sees how far it is; a release published anew meanwhile is left alone."""
    trial.state = state
    for name, value in more.items():
        setattr(trial, name, value)
    known = Trial.objects.filter(pk=trial.pk, against=trial.against)
    known.update(state=state, progress=progress, **{name: getattr(trial, name) for name in more})


def _compared(trial: Trial, at: datetime, out: Path) -> dict[str, object]:
    book, until = _book(at)
    setups = {OLD: setup_of(trial.against)} if trial.against else {}
    setups[NEW] = setup_of(trial.release_id)
    people, start = _people(book, until), _first_day(book, until)
    words = Words.of(setups[NEW].strategy.lists, setups[NEW].rules)
    report = simulate(
        book,
        {name: setup.plan for name, setup in setups.items()},
        start,
        until,
        out=out,
        words=words,
        sample=min(1.0, MANY / max(people, 1)),
        progress=lambda said: _said(trial, "running", said),
    )
    return counted(report, {name: out / name for name in setups}, words)


def _book(at: datetime) -> tuple[Book, int]:
    """The book as the last night left it, or, before the first night, as it is now; and its last moment."""
    folder = settings.DATA / "mirror"
    if not (folder / "book").is_dir():
        return mirrored(folder, at=at), int(at.timestamp())
    book = open_book(folder / "book")
    return book, min(book.stamp.created_at or int(at.timestamp()), int(at.timestamp()))


def _people(book: Book, until: int) -> int:
    frame = book.as_of(until).frame("borrowers").select("borrower_id").to_native()
    return int(frame.select(pl.len()).collect().item())


def _first_day(book: Book, until: int) -> int:
    """The first of the last days on which somebody was known."""
    days = (until - back * DAY for back in range(DAYS - 1, 0, -1))
    return next((day for day in days if _people(book, day)), until)
