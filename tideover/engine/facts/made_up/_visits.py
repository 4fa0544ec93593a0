"""The table `visits`: those behind contacts, and the rounds of field officers to groups."""

from __future__ import annotations

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._contacts import ACCEPTED, QUEUED, Sent
from tideover.engine.facts.made_up._frames import Rows, changing, coded, frame, gathered, glued, moments
from tideover.engine.facts.made_up._lending import CURRENT
from tideover.engine.facts.made_up._scene import Scene
from tideover.engine.facts.made_up._world import MICROFINANCE, VISIT

_DONE, _MISSED, _PLANNED = range(3)
_NOTHING_YET = 4


def visits(scene: Scene, sent: Sent) -> Rows:
    """The table. Each visit is planned the day before."""
    loans, folk = scene.loans, scene.folk
    asked = np.flatnonzero((sent.channel == VISIT) & np.isin(sent.state, (ACCEPTED, QUEUED)))
    in_groups = loans.is_kind(MICROFINANCE) & (loans.place == CURRENT)
    rounds = np.flatnonzero(in_groups & loans.draws.happens("round", 0.08))
    person = np.concatenate((sent.about.person[asked], loans.person[rounds]))
    loan = np.concatenate((sent.about.loan[asked], rounds))
    draws = folk.draws[person].each("visit", loans.place[loan])
    day = np.maximum(scene.at + 3 - draws.below("day", 90), loans.disbursed[loan] + 1)
    on_round = clock.by_day(draws, "at", folk.zone[person], day)
    when = np.concatenate((sent.send_at[asked], on_round[len(asked) :]))
    planned = np.minimum(when - 30 * 3_600, scene.cut - 3_600)
    state = np.where(when < scene.cut, draws.choose("done", (0.8, 0.2)), _PLANNED)
    table = frame(
        "visits",
        visit_id=pl.concat(
            (glued("u", gathered(sent.ids, asked).str.slice(1)), glued("u", gathered(loans.digits, rounds)))
        ),
        person_id=gathered(folk.ids, person),
        loan_id=gathered(loans.ids, loan),
        at=when,
        state=coded(("done", "missed", "planned"), state),
        outcome=coded(
            ("talked", "paid", "plan_agreed", "asked_for_help", None),
            np.where(state == _DONE, draws.choose("found", (0.45, 0.25, 0.2, 0.1)), _NOTHING_YET),
        ),
        recorded_at=np.where(state == _PLANNED, planned, when),
    )
    order = table["visit_id"].arg_sort()
    first_at = moments(planned).gather(order)
    return changing(table[order], pl.col("state") != "planned", first_at, state="planned", outcome=None)
