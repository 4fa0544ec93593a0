"""Publishing: a strategy is checked, frozen by its hash, approved by a second person, and goes live."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from tideover.book.queries import assumed
from tideover.engine.decision.cases import run_cases
from tideover.engine.decision.prepared import Prepared
from tideover.engine.decision.setup import Setup, read_setup
from tideover.engine.policy.content import ContentRefused
from tideover.engine.policy.lists import read_lists
from tideover.engine.policy.strategy import find_strategy, read_strategy
from tideover.kit.errors import Refused
from tideover.strategy.models import Release

NIGHT = timedelta(hours=12)


class SamePerson(Refused):
    """Whoever published a strategy cannot be the one who approves it."""


class NothingLive(Refused):
    """No strategy is live, so nobody is contacted."""


class NotWaiting(Refused):
    """Only a release that waits can be approved or refused."""


@transaction.atomic
def publish(folder: Path, *, by: str, at: datetime, name: str = "") -> Release:
    """Freeze a strategy whose cases all pass. It waits for a second person. Raises ContentRefused with every problem."""
    strategy = read_strategy(folder, read_lists(settings.CONTENT))
    if problems := run_cases(strategy, folder):
        raise ContentRefused(problems)
    files = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.yaml"))
    }
    before = live_releases().first()
    release, _ = Release.objects.get_or_create(
        hash=strategy.hash,
        defaults={
            "name": name or strategy.name, "says": strategy.says, "files": files, "published_by": by, "published_at": at,
            "differs": _differs(before.files if before else {}, files),
        },
    )  # fmt: skip
    return release


@transaction.atomic
def approve(release: Release, *, by: str, at: datetime) -> Release:
    """Let a waiting release go live now. Raises SamePerson, NotWaiting."""
    if by == release.published_by:
        raise SamePerson("A strategy is approved by somebody else than the person who published it.")
    return _go_live(release, by=by, at=at, live_from=at, alone=False)


@transaction.atomic
def approve_alone(release: Release, *, by: str, at: datetime) -> Release:
    """For a lender of one person: it goes live after a night, and is marked."""
    return _go_live(release, by=by, at=at, live_from=at + NIGHT, alone=True)


def _go_live(release: Release, *, by: str, at: datetime, live_from: datetime, alone: bool) -> Release:
    release = Release.objects.select_for_update().get(pk=release.pk)
    if release.state != "waiting":
        raise NotWaiting(f"The release {release} is {release.state}; only one that waits can be approved.")
    if not alone:
        Release.objects.filter(state="live").update(state="retired")
    release.state, release.approved_by, release.approved_at = "live", by, at
    release.live_from, release.alone = live_from, alone
    release.save()
    return release


def live_releases() -> QuerySet[Release]:
    """Releases that are live, the newest first."""
    return Release.objects.filter(state="live").order_by("-live_from")


def live_setup(at: datetime) -> Setup:
    """What decides at a moment: the newest live release, with the rules and tables of this installation."""
    release = live_releases().filter(live_from__lte=int(at.timestamp())).first()
    if release is None:
        raise NothingLive("No strategy is live. Publish one and let a second person approve it.")
    return _setup(release.hash)


def setup_of(strategy_hash: str) -> Setup:
    """What decided under that strategy, live or retired. Raises NothingLive where it was never published here."""
    if not Release.objects.filter(pk=strategy_hash).exists():
        raise NothingLive(f"The strategy {strategy_hash[:12]} was not published here.")
    return _setup(strategy_hash)


def live_plan(setup: Setup, at: datetime, *, also: frozenset[str] = frozenset()) -> Prepared:
    """The plan by which people of the database are decided, told or guarded by day, with what the sources assumed.

    The nightly run reads the same from the mirror's stamp, so that both mark the same reasons.
    """
    return setup.prepared(int(at.timestamp()), tuple(assumed()), also=also)


def ensure_shipped(*, at: datetime) -> Release:
    """The shipped strategy, live, where a lender has published none: the state of a first day."""
    found = live_releases().first()
    if found is not None:
        return found
    release = publish(find_strategy("everyday", settings.CONTENT), by="shipped", at=at)
    return approve(release, by="first start", at=at)


@lru_cache(maxsize=4)
def _setup(release_hash: str) -> Setup:
    release = Release.objects.get(pk=release_hash)
    folder = settings.DATA / "strategies" / release.hash[:16] / release.name
    for path, text in release.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return read_setup(str(folder), overlay=settings.CONTENT, acts_as=settings.ACTS_AS)


def _differs(before: dict[str, str], now: dict[str, str]) -> dict[str, list[str]]:
    return {
        "added": sorted(set(now) - set(before)),
        "removed": sorted(set(before) - set(now)),
        "changed": sorted(name for name in set(now) & set(before) if now[name] != before[name]),
    }
