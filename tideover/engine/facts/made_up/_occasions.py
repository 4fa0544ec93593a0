"""Why we wrote or called: each contact has one occasion, on one day, for one person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tideover.engine.facts.made_up._draws import Ints
from tideover.engine.facts.made_up._frames import UNKNOWN
from tideover.engine.facts.made_up._lateness import REMEMBERED, Lateness
from tideover.engine.facts.made_up._lending import WEEK
from tideover.engine.facts.made_up._people import CO_BORROWER, GUARANTOR
from tideover.engine.facts.made_up._scene import Scene
from tideover.engine.facts.made_up._world import CALL, EMAIL, LETTER, VISIT

NOBODY = -1
ANY_CHANNEL = -1
QUEUED_DAYS = 3
"""Contacts up to so many days ahead may be queued already."""


@dataclass(frozen=True)
class Sort:
    """One sort of contact; its place in SORTS stands in contact ids."""

    purpose: str
    after: int
    """Days after the day it is about."""
    chance: float
    rung: int = 0
    """How many contacts about the same thing usually came before."""
    channel: int = ANY_CHANNEL
    late: int = 0
    """Days late at which it is sent at the earliest."""


SORTS = (
    Sort("first_instalment_guide", -5, 0.60),
    Sort("due_soon", -3, 0.33),
    Sort("payment_received", 0, 0.22),
    Sort("leeway_note", 1, 0.25, late=1),
    Sort("gentle_reminder", 3, 0.50, late=3),
    Sort("neutral_reminder", 7, 0.30, rung=1, late=7),
    Sort("options_offer", 12, 0.35, rung=2, late=12),
    Sort("help_call", 20, 0.55, rung=3, channel=CALL, late=20),
    Sort("firm_notice", 34, 0.40, rung=4, late=34),
    Sort("arrears_notice", 40, 0.30, rung=5, channel=LETTER, late=40),
    Sort("help_visit", 47, 0.12, rung=6, channel=VISIT, late=47),
    Sort("help_call", 55, 0.45, rung=7, channel=CALL, late=55),
    Sort("guarantor_notice", 42, 0.40, rung=1, late=42),
    Sort("gentle_reminder", 6, 0.30, late=6),
    Sort("disbursed", 0, 0.70),
    Sort("welcome", 2, 0.75),
    Sort("loan_closed", 1, 0.80),
    Sort("hardship_check_in", 20, 0.50),
    Sort("lesson", 0, 0.45),
    Sort("lesson", 0, 0.25, rung=1),
    Sort("survey", 0, 0.16, channel=EMAIL),
    Sort("offer", 0, 0.45),
    Sort("call_back", 0, 0.02, channel=CALL),
)
GUIDE, DUE_SOON, RECEIVED, FIRST_LATE, LAST_LATE = 0, 1, 2, 3, 11
TO_GUARANTOR, TO_CO_BORROWER, DISBURSED, WELCOME, CLOSED, CHECK_IN, OFFER = 12, 13, 14, 15, 16, 17, 21
_WEEKLY = 0.12
"""Weekly payers are written to so much more rarely about a single week."""


@dataclass(frozen=True)
class Occasions:
    """Columns of one length, in no order."""

    person: Ints
    loan: Ints
    """Row of the loan; NOBODY where it is about the person."""
    number: Ints
    """The instalment, or 0."""
    sort: Ints
    day: Ints

    def __getitem__(self, rows: Ints) -> Occasions:
        """Some of them, in that order."""
        return Occasions(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def occasions(scene: Scene) -> Occasions:
    """Everything we had reason to say in the last months, and what is queued for the next days."""
    found = [
        *_about_dues(scene),
        *_about_lateness(scene.late),
        *_about_lateness_to_others(scene),
        *_about_loans(scene),
        *_about_people(scene),
    ]
    whole = {
        name: np.concatenate([getattr(it, name) for it in found]) for name in Occasions.__dataclass_fields__
    }
    ahead = np.isin(whole["sort"], (GUIDE, DUE_SOON))
    until = np.where(ahead, scene.at + QUEUED_DAYS, scene.at)
    kept = (whole["day"] >= scene.at - REMEMBERED) & (whole["day"] < until)
    return Occasions(**{name: column[kept] for name, column in whole.items()})


def _about_dues(scene: Scene) -> Iterator[Occasions]:
    loans, dues, settled, at = scene.loans, scene.dues, scene.settled, scene.at
    rows = np.flatnonzero((dues.due >= at - REMEMBERED) & (dues.due < at + 10))
    loan, number = dues.loan[rows], dues.number[rows]
    draws = loans.draws[loan].each("occasion", number)
    factor = np.where((loans.step[loan] == WEEK) & (number > 1), _WEEKLY, 1.0)
    unpaid = settled[rows] > dues.due[rows] - 3
    for sort, fits in ((GUIDE, number == 1), (DUE_SOON, unpaid), (RECEIVED, settled[rows] < at)):
        some = np.flatnonzero(fits & draws.happens(f"sort {sort}", SORTS[sort].chance * factor))
        about = settled[rows[some]] if sort == RECEIVED else dues.due[rows[some]]
        yield _made(loans.person[loan[some]], loan[some], number[some], sort, about)


def _made(person: Ints, loan: Ints, number: Ints, sort: int, about: Ints) -> Occasions:
    return Occasions(person, loan, number, np.full(len(person), sort), about + SORTS[sort].after)


def _about_lateness(late: Lateness) -> Iterator[Occasions]:
    for sort in range(FIRST_LATE, LAST_LATE + 1):
        some = _sent(late, sort)
        yield _made(late.person[some], late.loan[some], late.number[some], sort, late.due[some])


def _sent(late: Lateness, sort: int) -> Ints:
    """Rows late enough for this sort, of which a share got it."""
    return np.flatnonzero(
        (late.days > SORTS[sort].late) & late.draws.happens(f"sort {sort}", SORTS[sort].chance)
    )


def _about_lateness_to_others(scene: Scene) -> Iterator[Occasions]:
    late, role = scene.late, scene.folk.role[scene.others]
    for sort, wanted in ((TO_GUARANTOR, GUARANTOR), (TO_CO_BORROWER, CO_BORROWER)):
        of_loan = np.full(len(scene.loans), NOBODY)
        of_loan[scene.loans_of_others[role == wanted]] = scene.others[role == wanted]
        some = _sent(late, sort)
        some = some[of_loan[late.loan[some]] != NOBODY]
        yield _made(of_loan[late.loan[some]], late.loan[some], late.number[some], sort, late.due[some])


def _about_loans(scene: Scene) -> Iterator[Occasions]:
    loans = scene.loans
    for sort, day in ((DISBURSED, loans.disbursed), (WELCOME, loans.disbursed), (CLOSED, scene.closed)):
        some = np.flatnonzero((day != UNKNOWN) & loans.draws.happens(f"sort {sort}", SORTS[sort].chance))
        yield _made(loans.person[some], some, np.zeros(len(some), dtype=np.int64), sort, day[some])


def _about_people(scene: Scene) -> Iterator[Occasions]:
    folk = scene.folk
    is_main = folk.part == 0
    for sort in range(CHECK_IN, len(SORTS)):
        fits = is_main & scene.reached.allows_offers if sort == OFFER else is_main
        some = np.flatnonzero(fits & folk.draws.happens(f"sort {sort}", SORTS[sort].chance))
        some_day = scene.at - 1 - folk.draws[some].below(f"sort day {sort}", REMEMBERED - 10)
        day = folk.hard_from[some] if sort == CHECK_IN else np.maximum(some_day, scene.joined.day[some] + 1)
        nothing = np.zeros(len(some), dtype=np.int64)
        yield _made(some, nothing + NOBODY, nothing, sort, day)
