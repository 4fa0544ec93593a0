"""Releases: a strategy is checked, frozen by its hash, and what was frozen is what decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tideover.book.queries import assumed
from tideover.engine.decision.cases import try_cases
from tideover.engine.decision.prepared import Prepared
from tideover.engine.decision.setup import Setup, read_setup
from tideover.engine.policy.content import ContentRefused
from tideover.engine.policy.lists import read_lists
from tideover.engine.policy.strategy import find_strategy, read_strategy, strategy_files
from tideover.kit.errors import Refused
from tideover.strategy.models import Move, Release
from tideover.strategy.models.releases import WHOLE
from tideover.strategy.own_content import (
    BESIDE,
    NotAsPublished,
    content_of,
    hash_with,
    lay_out,
    own_files,
    problems_of,
)

SHIPPED_BY = "shipped"
OVER = ("refused", "retired", "taken_back")


class NothingLive(Refused):
    """No strategy is live, so nobody is contacted."""


def frozen(folder: Path, *, by: str, at: datetime) -> Release:
    """A strategy whose cases all pass, under its hash, waiting. Raises ContentRefused with every problem.

    Every file is kept, those of a shipped strategy beneath it and the lender's own rules, lists and messages too, so that
    neither an update nor another hand changes what was approved.
    """
    strategy = read_strategy(folder, read_lists(settings.CONTENT))
    tried = try_cases(strategy, folder)
    problems = [*tried.problems, *problems_of(folder, settings.CONTENT)]
    if problems:
        raise ContentRefused(problems)
    files = {name: path.read_text("utf-8") for name, path in sorted(strategy_files(folder).items())}
    files |= own_files(settings.CONTENT)
    live = Release.objects.filter(state="live").first()
    told = {
        "name": strategy.name, "says": strategy.says, "files": files, "cases": tried.passed, "published_by": by, "published_at": at,
        "differs": differs(live.files if live else {}, files), "approved_by": "", "approved_at": None, "alone": False,
        "held_by": "", "request": None, "state": "waiting", "carries_content": True,
    }  # fmt: skip
    release, is_new = Release.objects.get_or_create(hash=hash_with(strategy.hash, files), defaults=told)
    if not is_new and release.state in OVER:
        Release.objects.filter(pk=release.pk, state__in=OVER).update(**told)
    elif not is_new:
        Release.objects.filter(pk=release.pk, state="waiting").update(
            differs=told["differs"], cases=tried.passed
        )
        # Its hash says what stands beside it, were it nothing.
        Release.objects.filter(pk=release.pk).update(carries_content=True)
    release.refresh_from_db()
    return release


def locked() -> None:
    """Until the transaction ends nobody else moves a release: what goes live and what retires is one step."""
    list(Release.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def make_whole(release: Release, *, by: str, at: datetime) -> None:
    """Let a release decide for everybody; the one before is retired."""
    for old in Release.objects.filter(state="live").exclude(pk=release.pk):
        old.state, old.share = "retired", 0
        old.save(update_fields=["state", "share"])
        moved(old, "retired", by=by, at=at)
        release.before = old
    release.state, release.share, release.share_since = "live", WHOLE, at
    release.live_from = release.live_from or at
    release.held_by = ""
    release.save(update_fields=["state", "share", "share_since", "live_from", "held_by", "before"])
    moved(release, "share", by=by, at=at)


def moved(release: Release, what: str, *, by: str, at: datetime, why: str = "") -> None:
    """Write down what was done with a release."""
    Move.objects.create(release=release, what=what, share=release.share, by=by, at=at, why=why)


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


@transaction.atomic
def ensure_shipped(*, at: datetime) -> Release:
    """The shipped strategy, live and whole, where no strategy ever was: for people who do not exist, as in a demo."""
    known = Release.objects.exclude(live_from=None).order_by("-live_from")
    found = known.filter(state="live").first() or known.first()
    if found is not None:
        return found
    release = frozen(find_strategy("everyday", settings.CONTENT), by=SHIPPED_BY, at=at)
    release.approved_by, release.approved_at = "first start", at
    release.save(update_fields=["approved_by", "approved_at"])
    make_whole(release, by=SHIPPED_BY, at=at)
    return release


@lru_cache(maxsize=4)
def _setup(release_hash: str) -> Setup:
    release = Release.objects.get(pk=release_hash)
    folder = settings.DATA / "strategies" / release.hash[:16] / release.name
    lay_out(folder, {name: text for name, text in release.files.items() if not name.startswith(BESIDE)})
    made = read_setup(str(folder), overlay=content_of(release), acts_as=settings.ACTS_AS)
    if hash_with(made.strategy.hash, release.files) != release_hash:
        raise NotAsPublished(
            f"The files in {folder} are not those of {release}; take away what was added there."
        )
    made.strategy = replace(made.strategy, hash=release_hash)
    return made


def differs(before: dict[str, str], now: dict[str, str]) -> dict[str, list[str]]:
    """The files that are added, removed and changed."""
    return {
        "added": sorted(set(now) - set(before)),
        "removed": sorted(set(before) - set(now)),
        "changed": sorted(name for name in set(now) & set(before) if now[name] != before[name]),
    }
