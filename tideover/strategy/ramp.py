"""The ramp: a new release takes 1, then 10, then 100 % of people, a quiet day each; one person takes it back at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tideover.access.actors import SYSTEM, Actor, staff_actor
from tideover.access.allowed import may, require
from tideover.access.audit import note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.kit.errors import Refused
from tideover.strategy.models import Release, Stop
from tideover.strategy.models.releases import DECIDING, WHOLE
from tideover.strategy.releases import locked, make_whole, moved

STEPS = (1, 10, WHOLE)
"""Percent of people, one after the other."""
A_DAY = timedelta(hours=20)
"""How long a share stands at least: a night later, whichever minute each night begins."""
BY_ITSELF = "tideover"


class NotRamping(Refused):
    """The release does not take a share of people just now."""


class NotInForce(Refused):
    """The release decides for nobody, so there is nothing to take back."""


@transaction.atomic
def move_on(*, at: datetime) -> Release | None:
    """Let the ramping release take its next share, if its last one stood for a quiet day. What moved, or None."""
    locked()
    release = Release.objects.filter(state="ramping").first()
    if release is None or rests_because(release, at):
        return None
    share = next(step for step in STEPS if step > release.share)
    if share == WHOLE:
        make_whole(release, by=BY_ITSELF, at=at)
    else:
        release.share, release.share_since = share, at
        release.save(update_fields=["share", "share_since"])
        moved(release, "share", by=BY_ITSELF, at=at)
    _noted("release_share", release, SYSTEM, at)
    return release


def rests_because(release: Release, at: datetime) -> str:
    """Why the share does not grow now, as a sentence; empty where it does. A stop of today counts after it is lifted, too."""
    if release.held_by:
        return "Somebody holds it at this share."
    if Stop.objects.filter(lifted_at__isnull=True).exists():
        return "Something is stopped; the share grows again a day after that is lifted."
    since = int((at - A_DAY).timestamp())
    if Stop.objects.filter(Q(pressed_at__gt=since) | Q(lifted_at__gt=since)).exists():
        return "Something was stopped within the last day; the share grows after a quiet one."
    if release.share_since is None or at - release.share_since < A_DAY:
        return "This share stands for a day first."
    return ""


@transaction.atomic
def hold(release: Release, *, by: Staff, at: datetime, why: str = "") -> Release:
    """Keep a release at its share until somebody lets it go on. Raises NotRamping, NotAllowed."""
    require(by, Power.STOP_SENDING)
    found = _ramping(release)
    if not found.held_by:
        found.held_by = str(by.pk)
        found.save(update_fields=["held_by"])
        moved(found, "held", by=str(by.pk), at=at, why=why.strip())
        _noted("release_held", found, staff_actor(by), at)
    return found


@transaction.atomic
def let_go(release: Release, *, by: Staff, at: datetime) -> Release:
    """Let a release that was held grow again, a day after this at the earliest. Raises NotRamping, NotAllowed."""
    if not may(by, Power.APPROVE_STRATEGY):
        require(by, Power.PUBLISH_STRATEGY)
    found = _ramping(release)
    if found.held_by:
        found.held_by, found.share_since = "", at
        found.save(update_fields=["held_by", "share_since"])
        moved(found, "let_go", by=str(by.pk), at=at)
        _noted("release_let_go", found, staff_actor(by), at)
    return found


@transaction.atomic
def take_back(release: Release, *, by: Staff, at: datetime, why: str = "") -> Release:
    """Back to what was live before, for everybody and at once; one person is enough. Raises NotInForce, NotAllowed.

    Where nothing was before, nobody is contacted until something else goes live.
    """
    require(by, Power.STOP_SENDING)
    locked()
    found = Release.objects.get(pk=release.pk)
    if found.state not in DECIDING:
        raise NotInForce(f"{found} is {found.state.replace('_', ' ')} and decides for nobody.")
    was_live = found.state == "live"
    if was_live and (other := Release.objects.filter(state="ramping").first()):
        raise NotInForce(f"{other} ramps on top of {found}. Take that one back first.")
    found.state, found.share, found.held_by, found.request = "taken_back", 0, "", None
    found.save(update_fields=["state", "share", "held_by", "request"])
    moved(found, "taken_back", by=str(by.pk), at=at, why=why.strip())
    if was_live and found.before_id:
        _restored(found.before_id, by, at)
    _noted("release_taken_back", found, staff_actor(by), at)
    return found


def _restored(release_hash: str, by: Staff, at: datetime) -> None:
    before = Release.objects.get(pk=release_hash)
    if before.state == "retired":
        before.state, before.share, before.share_since = "live", WHOLE, at
        before.save(update_fields=["state", "share", "share_since"])
        moved(before, "restored", by=str(by.pk), at=at)


def _ramping(release: Release) -> Release:
    locked()
    found = Release.objects.get(pk=release.pk)
    if found.state != "ramping":
        raise NotRamping(f"{found} is {found.state.replace('_', ' ')} and takes no share that could grow.")
    return found


def _noted(action: str, release: Release, by: Actor, at: datetime) -> None:
    note(action=action, by=by, at=at, about=release.hash, detail={"share": release.share})
