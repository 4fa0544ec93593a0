"""Publishing as a lender does it: one person asks, another agrees to exactly that content, or says no and why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tideover.access import two_persons
from tideover.access.actors import staff_actor
from tideover.access.allowed import may, require
from tideover.access.audit import Plain, note
from tideover.access.models import Request, Staff
from tideover.access.roles import Power
from tideover.kit.errors import Refused
from tideover.strategy.models import Release, Trial
from tideover.strategy.models.releases import WHOLE
from tideover.strategy.own_content import speaks_otherwise
from tideover.strategy.releases import frozen, locked, make_whole, moved
from tideover.strategy.tried import WHY_NOT, untried_because

FIRST_SHARE = 1
PUBLISH, APPROVE = Power.PUBLISH_STRATEGY, Power.APPROVE_STRATEGY


class SamePerson(two_persons.SecondPersonNeeded):
    """Whoever published a strategy cannot be the one who approves it."""


class NotWaiting(Refused):
    """Only a release that waits can be approved or refused."""


class AlreadyLive(Refused):
    """What is to be published decides already."""


class RampRuns(Refused):
    """Another release takes its share of people just now."""


class Stale(Refused):
    """What is live now is not what the release was compared with."""


class WordsNeeded(Refused):
    """Whoever says no says why; and whoever says yes to what was not tried."""


class SpeaksOtherwise(Refused):
    """A release with other messages or lists cannot ramp."""


def publish(folder: Path, *, by: Staff, at: datetime, whole: bool = False) -> Release:
    """Freeze a strategy whose cases all pass and ask a second person. `whole`: without a ramp.

    Published again after something else went live, it is compared anew and asked for anew. Raises ContentRefused with every
    problem, AlreadyLive, SpeaksOtherwise.
    """
    require(by, PUBLISH)
    with transaction.atomic():
        release = frozen(folder.resolve(), by=str(by.pk), at=at)
        if not whole and speaks_otherwise():
            raise SpeaksOtherwise(
                "Its messages or lists are new, and everybody is spoken to from the same ones. Publish it for all at once (--whole)."
            )
        locked()
        release.refresh_from_db()
        if release.state == "waiting":
            return _asked_for(release, WHOLE if whole else FIRST_SHARE, by, at)
    # What was frozen anew stays: that it carries its content.
    raise AlreadyLive(f"{release} is {release.state}: there is nothing in that folder that is not live.")


def _asked_for(release: Release, share: int, by: Staff, at: datetime) -> Release:
    _asked(release, share, by, at)
    trial, _ = Trial.objects.get_or_create(release=release, defaults={"at": at, "against": live_hash()})
    if trial.against != live_hash() or trial.state == "failed":
        trial.against, trial.state, trial.tries, trial.found, trial.at = live_hash(), "waiting", 0, {}, at
        trial.save()
    return release


@transaction.atomic
def ask_for_whole(release: Release, *, by: Staff, at: datetime) -> Release:
    """Ask a second person to let a ramping release decide for everybody at once. Raises NotWaiting."""
    require(by, PUBLISH)
    found = _found(release)
    if found.state != "ramping":
        raise NotWaiting(f"{found} is {found.state}; only a release that ramps can be let go on at once.")
    _asked(found, WHOLE, by, at)
    return found


@transaction.atomic
def approve(release: Release, *, by: Staff, at: datetime, why: str = "") -> Release:
    """Agree to a release, by its hash: it goes live for its first share of people, or for all where that was asked.

    `why` is needed where it could not be tried on the book. Raises SamePerson, NotWaiting, Stale, RampRuns, NotTried,
    WordsNeeded, NotAllowed, NotOpen.
    """
    found = _found(release)
    request = _request(found)
    if by.pk == request.asked_by_id and not settings.ONE_PERSON:
        raise SamePerson("A strategy is approved by somebody else than the person who published it.")
    share = int(request.what["share"])
    what = _what(found, share)
    if two_persons.hash_of(what) != request.what_hash:
        raise Stale(
            "Another strategy went live since this one was published. Publish it again to compare them anew."
        )
    _free_to_go(found)
    agreed = two_persons.approve(request=request, by=by, at=at)
    two_persons.use(request=agreed, power=PUBLISH, what=what, by=agreed.asked_by, at=at)
    untried = _untried(found, why)
    _go(found, share, by=str(by.pk), at=at, alone=agreed.alone, why=why.strip())
    detail: dict[str, Plain] = {"share": share, **({"untried": untried} if untried else {})}
    note(action="release_approved", by=staff_actor(by), at=at, about=found.hash, detail=detail)
    return found


@transaction.atomic
def refuse(release: Release, *, by: Staff, at: datetime, why: str) -> Release:
    """Say no to a release that waits, or take one's own back. Raises WordsNeeded, NotWaiting, NotAllowed."""
    if not why.strip():
        raise WordsNeeded("Say why, so that whoever published it knows what to change.")
    found = _found(release)
    request = found.request
    if found.state != "waiting" or request is None:
        raise NotWaiting(f"{found} is {_said(found)}; only one that waits can be refused.")
    _turned_down(request, by, at)
    found.state, found.request = "refused", None
    found.save(update_fields=["state", "request"])
    moved(found, "refused", by=str(by.pk), at=at, why=why.strip())
    note(action="release_refused", by=staff_actor(by), at=at, about=found.hash)
    return found


def may_approve(release: Release, staff: Staff) -> bool:
    """Whether this person could agree to what is asked; alone, after a night, to their own wish."""
    request = release.request
    if request is None:
        return False
    if request.asked_by_id == staff.pk:
        return bool(settings.ONE_PERSON) and may(staff, PUBLISH)
    return may(staff, APPROVE)


def live_hash() -> str:
    """The release that decides for everybody whom no ramp takes; empty where none does."""
    return Release.objects.filter(state="live").values_list("pk", flat=True).first() or ""


def _asked(release: Release, share: int, by: Staff, at: datetime) -> None:
    """One open wish a release: the same one stands, one that is over or for something else is asked anew."""
    what, open_one = _what(release, share), release.request
    if open_one is not None and open_one.state(at) == "asked":
        if open_one.what_hash == two_persons.hash_of(what):
            return
        two_persons.turn_down(request=open_one, by=open_one.asked_by, at=at)
    release.request = two_persons.ask(power=PUBLISH, what=what, by=by, at=at)
    release.published_by = str(by.pk) if release.state == "waiting" else release.published_by
    release.save(update_fields=["request", "published_by"])
    moved(release, "published" if release.state == "waiting" else "whole_asked", by=str(by.pk), at=at)
    note(action="release_asked", by=staff_actor(by), at=at, about=release.hash, detail={"share": share})


def _what(release: Release, share: int) -> dict[str, Plain]:
    """Exactly what is agreed to: this content, in place of that, for so many."""
    return {"strategy": release.name, "hash": release.hash, "against": live_hash(), "share": share}


def _found(release: Release) -> Release:
    locked()
    return Release.objects.get(pk=release.pk)


def _request(release: Release) -> Request:
    if release.request is None or release.state not in ("waiting", "ramping"):
        raise NotWaiting(f"{release} is {_said(release)}; only one that waits can be approved.")
    return release.request


def _untried(release: Release, why: str) -> str:
    because = untried_because(release, live=live_hash())
    if because and not why.strip():
        raise WordsNeeded(f"{WHY_NOT[because]} Say why it is to go live all the same; your words are kept.")
    return because


def _free_to_go(release: Release) -> None:
    other = Release.objects.filter(state="ramping").exclude(pk=release.pk).first()
    if other is not None:
        raise RampRuns(
            f"{other} decides for {other.share} % of people. Wait until it is whole, or take it back first."
        )


def _go(release: Release, share: int, *, by: str, at: datetime, alone: bool, why: str) -> None:
    if release.state == "waiting":
        release.approved_by, release.approved_at, release.live_from, release.alone = by, at, at, alone
        release.before = Release.objects.filter(state="live").first()
    release.request = None
    moved(release, "approved", by=by, at=at, why=why)
    if share == WHOLE:
        release.save()
        make_whole(release, by=by, at=at)
        return
    release.state, release.share, release.share_since = "ramping", share, at
    release.save()
    moved(release, "share", by=by, at=at)


def _turned_down(request: Request, by: Staff, at: datetime) -> None:
    """What has expired is over already; whoever says so needs the power all the same."""
    if by.pk != request.asked_by_id:
        require(by, APPROVE)
    if request.state(at) in ("asked", "approved"):
        two_persons.turn_down(request=request, by=by, at=at)


def _said(release: Release) -> str:
    return release.state.replace("_", " ")
