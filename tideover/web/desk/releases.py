"""What the page of a release shows to one member of staff, and what they may do there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tideover.access.allowed import may
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.strategy.comparing import NEW, OLD, ORDER
from tideover.strategy.diffs import compared_with, diff_of
from tideover.strategy.models import Release, Trial
from tideover.strategy.publishing import may_approve
from tideover.strategy.ramp import rests_because
from tideover.strategy.reading import history, named, said
from tideover.strategy.telling import words
from tideover.strategy.tried import WHY_NOT, NotTried, untried_because

TREATED: Mapping[str, str] = {
    "contact": "Spoken to by a message",
    "human": "Spoken to by a person",
    "wait": "Waiting for a better day",
    "none": "Left in peace",
}


@dataclass(frozen=True)
class Row:
    """A number before and after; `more` says by how many it differs, with its sign."""

    says: str
    before: int
    after: int

    @property
    def more(self) -> str:
        return f"{self.after - self.before:+,}".replace("-", "−") if self.after != self.before else "0"


@dataclass(frozen=True)
class Compared:
    """A trial that is done, ready to be read."""

    found: Mapping[str, Any]
    treatments: tuple[Row, ...]
    purposes: tuple[Row, ...]

    @property
    def first(self) -> date:
        return date.fromisoformat(self.found["days"][0])

    @property
    def last(self) -> date:
        return date.fromisoformat(self.found["days"][-1])

    @property
    def has_two(self) -> bool:
        return OLD in self.found["treatments"]

    @property
    def is_sample(self) -> bool:
        return bool(self.found["people"] < self.found["of"])

    @property
    def apart(self) -> str:
        """Contacts of a hundred people, more or fewer, with the bounds between which the truth lies."""
        if self.found["apart"] is None:
            return ""
        value, low, high = self.found["apart"]
        if not value:
            return "as many contacts as now"
        less, more = sorted((abs(low), abs(high))) if low * high > 0 else (low, high)
        bounds = f" (between {less:g} and {more:g})" if self.is_sample else ""
        return f"{abs(value):g} {'more' if value > 0 else 'fewer'} contacts{bounds}"


def page_of(release: Release, reader: Staff, at: datetime) -> Mapping[str, object]:
    """Everything the page says, as of a moment."""
    other, trial = compared_with(release), Trial.objects.filter(release=release).first()
    names = named((release.published_by, release.approved_by, release.held_by))
    asked = release.request
    is_ramping = release.state == "ramping"
    return {
        "release": release, "says": said(release), "other": other, "files": diff_of(release, other), "history": history(release),
        "published_by": names.get(release.published_by, ""), "approved_by": names.get(release.approved_by, ""),
        "held_by": names.get(release.held_by, ""), "trial": trial, "compared": compared(trial),
        "asks_for": asked.what["share"] if asked else 0, "is_open": asked is not None and asked.state(at) == "asked",
        "is_stale": asked is not None and asked.what["against"] != _live(), "is_mine": asked is not None and asked.asked_by_id == reader.pk,
        "rests": rests_because(release, at) if is_ramping else "", "is_ramping": is_ramping,
        "may_approve": may_approve(release, reader), **_tried(release),
        "may_refuse": asked is not None and (may(reader, Power.APPROVE_STRATEGY) or asked.asked_by_id == reader.pk),
        "may_stop": may(reader, Power.STOP_SENDING), "may_publish": may(reader, Power.PUBLISH_STRATEGY),
        "may_let_go": may(reader, Power.PUBLISH_STRATEGY) or may(reader, Power.APPROVE_STRATEGY), "at": at,
    }  # fmt: skip


def _tried(release: Release) -> Mapping[str, object]:
    """Whether its trial lets anybody agree, and why it could not be tried, in words."""
    try:
        because = untried_because(release, live=_live())
    except NotTried:
        return {"waits_for_trial": True, "untried": ""}
    return {"waits_for_trial": False, "untried": WHY_NOT.get(because, "")}


def compared(trial: Trial | None) -> Compared | None:
    """The trial's numbers side by side; None where there are none yet."""
    if trial is None or trial.state != "done":
        return None
    found = trial.found
    before, after = found["treatments"].get(OLD, {}), found["treatments"][NEW]
    treated = tuple(Row(TREATED[it], before.get(it, 0), after.get(it, 0)) for it in ORDER)
    return Compared(found, treated, tuple(_purposes(found["purposes"].get(OLD, {}), found["purposes"][NEW])))


def _purposes(before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[Row]:
    known = words().lists.purposes
    for name in sorted({*before, *after}, key=lambda it: -max(before.get(it, 0), after.get(it, 0))):
        yield Row(known[name].says if name in known else name, before.get(name, 0), after.get(name, 0))


def _live() -> str:
    return Release.objects.filter(state="live").values_list("pk", flat=True).first() or ""
