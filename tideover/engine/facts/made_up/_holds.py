"""The tables `holds` and `complaints`: life events, disputes, a flood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._contracts import LIMITATION_DAYS
from tideover.engine.facts.made_up._countries import COUNTRIES
from tideover.engine.facts.made_up._draws import Draws, Flags, Ints
from tideover.engine.facts.made_up._frames import (
    UNKNOWN,
    Rows,
    coded,
    ending,
    frame,
    gathered,
    glued,
    numbered,
)
from tideover.engine.facts.made_up._people import EXECUTOR, FAR
from tideover.engine.facts.made_up._scene import Scene

KINDS = (
    "bereavement", "minor", "identity_theft", "abuse", "wrong_number", "represented", "insolvency", "capacity",
    "dispute", "complaint", "disaster", "hardship", "time_barred", "already_paid", "asked_for_quiet",
    "danger",
)  # fmt: skip
(
    BEREAVEMENT, MINOR, IDENTITY_THEFT, ABUSE, WRONG_NUMBER, REPRESENTED, INSOLVENCY, CAPACITY,
    DISPUTE, COMPLAINT, DISASTER, HARDSHIP, TIME_BARRED, ALREADY_PAID, ASKED_FOR_QUIET,
    DANGER,
) = range(len(KINDS))  # fmt: skip

_NO_LOAN = -1
_RARE = (
    (BEREAVEMENT, 0.0012), (MINOR, 0.0002), (IDENTITY_THEFT, 0.0009), (ABUSE, 0.0005), (WRONG_NUMBER, 0.0030),
    (REPRESENTED, 0.0016), (INSOLVENCY, 0.0022), (CAPACITY, 0.0006), (DISPUTE, 0.0045), (ASKED_FOR_QUIET, 0.0040),
    (DANGER, 0.0003),
)  # fmt: skip
"""Shares of all borrowers, within a year."""
_ABOUT_A_LOAN = (INSOLVENCY, DISPUTE)
_ENDS = 0.55
"""Share of rare holds that end, after 15 days to 400."""
_FLOODED = ("BD", 2, 24, 0.30)
"""One region was under water some days ago: country, region, days, share of people touched."""
_COMPLAINED = ((0.0, 0), (0.4, 30), (1.0, 360))
"""Days since people complained."""
_THEMES = ("fees", "wrong_amount", "tone", "too_many_contacts", "app", "waiting", "payment_missing", "terms")


@dataclass(frozen=True)
class _Held:
    """Holds in any order: who, which loan, from which day, and until which day (far away where it has no end)."""

    kind: Ints
    person: Ints
    loan: Ints
    day: Ints
    until: Ints

    def __getitem__(self, rows: Ints | Flags) -> _Held:
        return _Held(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def holds(scene: Scene) -> Rows:
    """The table `holds`."""
    held = _in_order(
        scene, [*_rare(scene), _hard(scene), *_late(scene), _barred(scene), _flood(scene), _mourned(scene)]
    )
    draws, zone = scene.folk.draws[held.person].each("hold", held.kind), scene.folk.zone[held.person]
    from_at = clock.by_day(draws, "from", zone, held.day)
    until_at = clock.by_day(draws, "until", zone, np.where(held.until < scene.at, held.until, UNKNOWN))
    person = gathered(scene.folk.ids, held.person)
    table = frame(
        "holds",
        hold_id=glued("h", person.str.slice(1), ":", numbered(held.kind, 2)),
        person_id=person,
        loan_id=gathered(scene.loans.ids, held.loan),
        kind=coded(KINDS, held.kind),
        from_at=from_at,
        until_at=until_at,
        recorded_at=np.maximum(from_at, until_at),
    )
    return ending(table, began="from_at", ended="until_at")


def _in_order(scene: Scene, found: list[_Held]) -> _Held:
    """By person, kind and day; where one person would have the same hold twice, the first stands."""
    found = [*found, _complaint_holds(scene)]
    whole = _Held(
        *(np.concatenate([getattr(it, name) for it in found]) for name in _Held.__dataclass_fields__)
    )
    whole = whole[whole.day < scene.at]
    whole = whole[np.lexsort((whole.loan, whole.day, whole.kind, whole.person))]
    again = (whole.kind[1:] == whole.kind[:-1]) & (whole.person[1:] == whole.person[:-1])
    return whole[np.flatnonzero(np.concatenate((np.ones(min(len(whole.kind), 1), bool), ~again)))]


def _made(kind: int, person: Ints, day: Ints, until: Ints, loan: Ints | None = None) -> _Held:
    about = np.full(len(person), _NO_LOAN) if loan is None else loan
    return _Held(np.full(len(person), kind), person, about, day, until)


def _rare(scene: Scene) -> Iterator[_Held]:
    """Since the loan was paid out, within a year."""
    loan = scene.first_loans
    person = scene.loans.person[loan]
    for kind, share in _RARE:
        some = scene.folk.draws[person].happens(f"hold {kind}", share)
        draws = scene.folk.draws[person[some]]
        since = np.minimum(scene.at - scene.loans.disbursed[loan[some]], 360)
        day = scene.at - 1 - draws.below(f"hold day {kind}", np.maximum(since, 1))
        about = loan[some] if kind in _ABOUT_A_LOAN else None
        yield _made(kind, person[some], day, _until(draws, kind, day), about)


def _until(draws: Draws, kind: int, day: Ints) -> Ints:
    ended = day + 15 + draws.below(f"hold {kind} days", 385)
    return np.where(draws.happens(f"hold {kind} ends", _ENDS), ended, day + FAR)


def _hard(scene: Scene) -> _Held:
    """Some of those in a hard stretch told us; the hold ends with the stretch."""
    folk = scene.folk
    told = (folk.part == 0) & (folk.hard_from < scene.at) & folk.draws.happens("told hardship", 0.5)
    some = np.flatnonzero(told)
    day = folk.hard_from[some] + 12
    return _made(HARDSHIP, some, day, np.maximum(folk.hard_until[some], day + 30))


def _late(scene: Scene) -> Iterator[_Held]:
    """Those who are late for long, and those who say they have paid."""
    late = scene.late
    for kind, after, share, days in ((HARDSHIP, 25, 0.05, 180), (ALREADY_PAID, 2, 0.012, 7)):
        some = np.flatnonzero((late.days > after) & late.draws.happens(f"hold {kind}", share))
        day = late.due[some] + after
        until = np.where(late.is_paid[some], late.until[some] + 2, day + days)
        about = late.loan[some] if kind == ALREADY_PAID else None
        yield _made(kind, late.person[some], day, np.maximum(until, day + 1), about)


def _barred(scene: Scene) -> _Held:
    """Loans given up so long ago that they may no longer be claimed."""
    barred = scene.final + LIMITATION_DAYS
    old = np.flatnonzero(
        (scene.loans.stops < scene.loans.length) & (scene.final != UNKNOWN) & (barred < scene.at)
    )
    return _made(TIME_BARRED, scene.loans.person[old], barred[old], barred[old] + FAR, old)


def _flood(scene: Scene) -> _Held:
    country, region, days, share = _FLOODED
    folk = scene.folk
    here = (folk.country == [land.code for land in COUNTRIES].index(country)) & (folk.region == region)
    some = np.flatnonzero(here & folk.draws.happens("flooded", share))
    day = np.full(len(some), scene.at - days)
    return _made(DISASTER, some, day, day + FAR)


def _mourned(scene: Scene) -> _Held:
    """Whoever has an executor has died."""
    executors = np.flatnonzero(scene.folk.role == EXECUTOR)
    dead = executors - scene.folk.part[executors]
    day = scene.at - 5 - scene.folk.draws[dead].below("died", 60)
    return _made(BEREAVEMENT, dead, day, day + FAR)


def _complaint_holds(scene: Scene) -> _Held:
    person, day, closed = _complaining(scene)
    return _made(COMPLAINT, person, day, closed)


def _complaining(scene: Scene) -> tuple[Ints, Ints, Ints]:
    """Who complained, on which day, and on which day it was closed (far away while it is open)."""
    folk = scene.folk
    some = np.flatnonzero((folk.part == 0) & folk.draws.happens("complains", 0.012))
    draws = folk.draws[some]
    day = scene.at - 1 - draws.quantile("complained", _COMPLAINED)
    closed = day + 3 + draws.below("closed after", 45)
    return some, day, np.where(draws.happens("stays open", 0.06), day + FAR, closed)


def complaints(scene: Scene) -> Rows:
    """The table `complaints`: about the present loan, if it was there already."""
    person, day, closed = _complaining(scene)
    draws, zone = scene.folk.draws[person].each("complaint", 0), scene.folk.zone[person]
    loan = scene.first_loans[np.searchsorted(scene.loans.person[scene.first_loans], person)]
    made_at = clock.by_day(draws, "at", zone, day)
    closed_at = clock.by_day(draws, "closed", zone, np.where(closed < scene.at, closed, UNKNOWN))
    table = frame(
        "complaints",
        complaint_id=glued("g", gathered(scene.folk.ids, person).str.slice(1)),
        person_id=gathered(scene.folk.ids, person),
        loan_id=gathered(scene.loans.ids, np.where(scene.loans.disbursed[loan] <= day, loan, _NO_LOAN)),
        what=coded(_THEMES, draws.below("what", len(_THEMES))),
        at=made_at,
        state=coded(("closed", "open"), np.where(closed_at == UNKNOWN, 1, 0)),
        closed_at=closed_at,
        recorded_at=np.maximum(made_at, closed_at),
    )
    return ending(table, began="at", ended="closed_at", state="open")
