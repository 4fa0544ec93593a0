"""The tables `loans` and `parties`: what was lent to whom, and who else stands in it."""

from __future__ import annotations

import numpy as np

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._countries import CURRENCIES
from tideover.engine.facts.made_up._draws import Ints
from tideover.engine.facts.made_up._frames import (
    UNKNOWN,
    Rows,
    changing,
    coded,
    ending,
    frame,
    gathered,
    moments,
)
from tideover.engine.facts.made_up._lending import Loans
from tideover.engine.facts.made_up._people import (
    CO_BORROWER,
    EXECUTOR,
    GUARANTOR,
    REPRESENTATIVE,
    ROLES,
    People,
)
from tideover.engine.facts.made_up._scene import Scene
from tideover.engine.facts.made_up._world import KINDS, MICROFINANCE, ONCE, PRODUCTS, PURPOSES

_ALL, _OWN_PART, _NOTHING = range(3)
_TOLD = ("all", "own_part", "nothing")
LIMITATION_DAYS = 365 * 6
"""Days after the last due day from which the made-up lender can no longer claim."""


def loans(scene: Scene) -> Rows:
    """The table `loans`: recorded when the money is paid out, and again when all is repaid."""
    lent = scene.loans
    paid_out = clock.moment(lent.zone, lent.disbursed, 9 * 60)
    table = frame(
        "loans",
        loan_id=lent.ids,
        borrower_id=gathered(scene.folk.ids, lent.person),
        product=coded([name for products in PRODUCTS for name in products], lent.product_place),
        kind=coded(KINDS, lent.kind),
        purpose=coded([name for purposes in PURPOSES for name in purposes], lent.product_place),
        currency=coded(CURRENCIES, lent.currency),
        principal=lent.principal,
        annual_rate_ppm=lent.rate,
        frequency=coded(("weekly", "once", "monthly"), _frequency(lent)),
        disbursed_on=lent.disbursed,
        closed_on=scene.closed,
        limitation_on=np.where(scene.final == UNKNOWN, UNKNOWN, scene.final + LIMITATION_DAYS),
        recorded_at=np.maximum(paid_out, scene.closed_at),
    )
    return changing(table, scene.closed != UNKNOWN, moments(paid_out), closed_on=None)


def _frequency(lent: Loans) -> Ints:
    return np.where(lent.is_kind(MICROFINANCE), 0, np.where(lent.is_kind(ONCE), 1, 2))


def parties(scene: Scene) -> Rows:
    """The table `parties`, the borrowers themselves included where somebody else stands in the loan."""
    folk, lent = scene.folk, scene.loans
    shared = np.unique(scene.loans_of_others)
    person = np.concatenate((scene.others, lent.person[shared]))
    loan = np.concatenate((scene.loans_of_others, shared))
    order = np.lexsort((folk.role[person], loan))
    person, loan = person[order], loan[order]
    begun = clock.moment(folk.zone[person], lent.disbursed[loan], 9 * 60)
    ended = _released(scene, person, lent.disbursed[loan])
    table = frame(
        "parties",
        loan_id=gathered(lent.ids, loan),
        person_id=gathered(folk.ids, person),
        role=coded(ROLES, folk.role[person]),
        may_be_told=coded(_TOLD, _may_be_told(folk, person)),
        from_at=begun,
        until_at=np.where(ended > begun, ended, UNKNOWN),
        recorded_at=np.maximum(begun, ended),
    )
    return ending(table, began="from_at", ended="until_at")


def _released(scene: Scene, person: Ints, since: Ints) -> Ints:
    """A few who stood in a loan no longer do; UNKNOWN for the others."""
    draws = scene.folk.draws[person]
    released = draws.happens("released", 0.02) & (scene.folk.part[person] > 0)
    day = since + 1 + draws.below("released", np.maximum(scene.at - since - 1, 1))
    return clock.by_day(
        draws, "released at", scene.folk.zone[person], np.where(released & (day < scene.at), day, UNKNOWN)
    )


def _may_be_told(folk: People, person: Ints) -> Ints:
    role = folk.role[person]
    everything = np.isin(role, (0, CO_BORROWER, REPRESENTATIVE, EXECUTOR))
    return np.where(everything, _ALL, np.where(role == GUARANTOR, _OWN_PART, _NOTHING))
