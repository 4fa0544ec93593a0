"""Releases as people read them: where each stands, and who did what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tideover.access.models import Staff
from tideover.strategy.models import Move, Release

STATES: Mapping[str, str] = {
    "waiting": "Waits for a second person",
    "ramping": "Decides for {share} % of people",
    "live": "Decides for everybody",
    "refused": "Refused",
    "retired": "Replaced by a later one",
    "taken_back": "Taken back",
}
DONE: Mapping[str, str] = {
    "published": "Published; a second person was asked",
    "approved": "Approved",
    "refused": "Refused",
    "share": "Decides for {share} % of people from now on",
    "held": "Held at {share} %",
    "let_go": "Let go on",
    "whole_asked": "A second person was asked to let it decide for everybody at once",
    "taken_back": "Taken back",
    "retired": "Replaced by a later one",
    "restored": "Decides for everybody again",
}
OURS: Mapping[str, str] = {"shipped": "Tideover", "first start": "the first start", "tideover": "Tideover"}


@dataclass(frozen=True)
class Done:
    """One step in the life of a release, in words."""

    at: datetime
    says: str
    by: str
    why: str


@dataclass(frozen=True)
class Listed:
    """A release in one line."""

    release: Release
    says: str
    published_by: str
    approved_by: str


def said(release: Release) -> str:
    """Where it stands, in a few words."""
    return STATES[release.state].format(share=release.share)


def listed() -> list[Listed]:
    """Every release: what decides and what waits first, then the newest."""
    order = {"ramping": 0, "waiting": 1, "live": 2}
    found = list(Release.objects.defer("files").order_by("-published_at", "pk"))
    names = named(key for it in found for key in (it.published_by, it.approved_by))
    return [
        Listed(it, said(it), names.get(it.published_by, ""), names.get(it.approved_by, ""))
        for it in sorted(found, key=lambda it: order.get(it.state, 3))
    ]


def history(release: Release) -> list[Done]:
    """What was done with it, the newest first."""
    moves = list(Move.objects.filter(release=release).order_by("-at", "-pk"))
    names = named(it.by for it in moves)
    return [Done(it.at, DONE[it.what].format(share=it.share), names[it.by], it.why) for it in moves]


def named(keys: Iterable[str]) -> dict[str, str]:
    """Staff by the number under which something was done; what no person did by what did it."""
    asked = {it for it in keys if it}
    numbers = [int(it) for it in asked if it.isdecimal()]
    staff = {str(pk): name for pk, name in Staff.objects.filter(pk__in=numbers).values_list("pk", "name")}
    return {it: staff.get(it) or OURS.get(it, it) for it in asked}
