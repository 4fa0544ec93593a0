"""The tables `promises`, `plans` and `lateness_reasons`: what people said when they were late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Draws, Ints
from tideover.engine.facts.made_up._frames import (
    UNKNOWN,
    Rows,
    changing,
    coded,
    ending,
    frame,
    gathered,
    glued,
    moments,
    numbered,
)
from tideover.engine.facts.made_up._scene import Scene

_ENDS = ("kept", "broken", "replaced", "withdrawn", None)
_KEPT, _BROKEN, _REPLACED, _WITHDRAWN, _OPEN = range(5)

_PLANS = ("smaller", "split", "pause", "moved_date", "weekly")
_PLAN_SHARES = (0.34, 0.26, 0.14, 0.16, 0.10)

_NEEDS = (
    "payday_later", "forgot", "income_drop", "illness", "job_loss", "family", "business_slow",
    "other_debts", "disaster", "thought_it_was_paid", "rather_not_say",
)  # fmt: skip
_NEED_SHARES = (0.24, 0.16, 0.12, 0.09, 0.06, 0.08, 0.09, 0.05, 0.02, 0.04, 0.05)


@dataclass(frozen=True)
class _Told:
    """Stretches of lateness in which something was said, with draws of their own."""

    scene: Scene
    rows: Ints
    draws: Draws

    @classmethod
    def of(cls, scene: Scene, what: str, after: int, chance: float) -> _Told:
        """A share of those late for more than `after` days."""
        late = scene.late
        rows = np.flatnonzero((late.days > after) & late.draws.happens(what, chance))
        return cls(scene, rows, late.draws[rows].each(what, 0))

    @property
    def person(self) -> Ints:
        return self.scene.late.person[self.rows]

    @property
    def zone(self) -> Ints:
        return self.scene.folk.zone[self.person]

    @property
    def loan(self) -> Ints:
        return self.scene.late.loan[self.rows]

    @property
    def due(self) -> Ints:
        return self.scene.late.due[self.rows]

    @property
    def until(self) -> Ints:
        """Day it was paid, or the book's day."""
        return self.scene.late.until[self.rows]

    @property
    def instalment(self) -> Ints:
        return self.scene.late.row[self.rows]

    @property
    def settled(self) -> Ints:
        return self.scene.paid.settled[self.instalment]

    def ids(self, prefix: str) -> pl.Series:
        """Named after the loan and the instalment."""
        number = numbered(self.scene.late.number[self.rows], 3)
        return glued(prefix, gathered(self.scene.loans.digits, self.loan), "-", number)

    def day(self, what: str, first: int, within: int) -> Ints:
        """At least `first` days after the due day, before it was paid and before the book's day."""
        room = np.minimum(self.until - self.due - first, within)
        return self.due + first + self.draws.below(what, np.maximum(room, 1))

    def evening(self, day: Ints) -> Ints:
        """The evening of that local day; west of UTC it may be cut short by the end of what is known."""
        return np.minimum(clock.moment(self.zone, day, 22 * 60), self.scene.cut - 1)


def promises(scene: Scene) -> Rows:
    """The table `promises`: six in ten are kept to the day, the others are a guess about oneself."""
    told = _Told.of(scene, "promise", 4, 0.26)
    made = told.day("made", 2, 18)
    made_at = clock.by_day(told.draws, "made at", told.zone, made)
    day = _promised_days(told, made)
    ends = _promise_ends(told, day)
    ended_at = _promise_ended_at(told, made, made_at, day, ends)
    amount = scene.dues.amount[told.instalment]
    table = frame(
        "promises",
        promise_id=told.ids("r"),
        loan_id=gathered(scene.loans.ids, told.loan),
        person_id=gathered(scene.folk.ids, told.person),
        amount=amount,
        on=day,
        made_at=made_at,
        origin=coded(("self", "agent"), told.draws.choose("origin", (0.64, 0.36))),
        kept_amount=np.where(ends == _KEPT, amount, np.where(ends == _OPEN, UNKNOWN, 0)),
        ended_at=ended_at,
        end=coded(_ENDS, ends),
        recorded_at=np.maximum(made_at, ended_at),
    )
    return ending(table, began="made_at", ended="ended_at", kept_amount=None, end=None)


def _promised_days(told: _Told, made: Ints) -> Ints:
    later = made + 1 + told.draws.below("days", 10)
    true_day = np.where(told.until < made + 22, told.until, made + 1 + told.draws.below("days", 14))
    return np.maximum(np.where(told.draws.happens("keeps", 0.62), true_day, later), made)


def _promise_ends(told: _Told, day: Ints) -> Ints:
    is_kept = (told.settled != UNKNOWN) & (told.settled <= day)
    taken_back = told.draws.happens("taken back", 0.03)
    over = np.where(taken_back, _WITHDRAWN, _BROKEN)
    return np.where(is_kept, _KEPT, np.where(day + 2 < told.scene.at, over, _OPEN))


def _promise_ended_at(told: _Told, made: Ints, made_at: Ints, day: Ints, ends: Ints) -> Ints:
    """Kept when the money came, broken when the day after the promised one is over."""
    ended = np.where(ends == _WITHDRAWN, np.maximum(day - 1, made + 1), day + 1)
    paid_at = np.maximum(told.scene.paid.settled_at[told.instalment], made_at + 60)
    known = np.where(ends == _KEPT, paid_at, told.evening(ended))
    return np.where(ends == _OPEN, UNKNOWN, known)


def plans(scene: Scene) -> Rows:
    """The table `plans`: agreed after three weeks of trouble, mostly kept."""
    told = _Told.of(scene, "plan", 21, 0.14)
    agreed = told.day("agreed", 18, 30)
    until = agreed + 60 + 30 * told.draws.below("months", 5)
    ends, ended = _plan_ends(told, agreed, until)
    agreed_at = clock.by_day(told.draws, "agreed at", told.zone, agreed)
    ended_at = told.evening(ended)
    table = frame(
        "plans",
        plan_id=told.ids("n"),
        loan_id=gathered(scene.loans.ids, told.loan),
        kind=coded(_PLANS, told.draws.choose("plan kind", _PLAN_SHARES)),
        from_on=agreed,
        until_on=until,
        ended_at=ended_at,
        end=coded(_ENDS, ends),
        recorded_at=np.maximum(agreed_at, ended_at),
    )
    return changing(table, ended != UNKNOWN, moments(agreed_at), ended_at=None, end=None)


def _plan_ends(told: _Told, agreed: Ints, until: Ints) -> tuple[Ints, Ints]:
    """How each plan ended, and on which day; UNKNOWN while it runs."""
    at, settled = told.scene.at, told.settled
    broken_day = agreed + 31 + told.draws.below("broken", 25)
    breaks = told.draws.happens("breaks", 0.3) & (settled == UNKNOWN) & (broken_day < at)
    is_kept = (settled != UNKNOWN) & (settled > agreed) & told.draws.happens("over when paid", 0.5)
    is_over = until < at
    ends = np.where(breaks, _BROKEN, np.where(is_kept | is_over, _KEPT, _OPEN))
    ended = np.where(breaks, broken_day, np.where(is_kept, settled, np.where(is_over, until, UNKNOWN)))
    return ends, ended


def lateness_reasons(scene: Scene) -> Rows:
    """The table `lateness_reasons`: those whose pay comes later mostly say so."""
    told = _Told.of(scene, "reason", 3, 0.20)
    told_at = clock.by_day(told.draws, "told at", told.zone, told.day("told", 1, 20))
    waits = (scene.folk.gap[told.person] > 0) & told.draws.happens("says payday", 0.75)
    table = frame(
        "lateness_reasons",
        person_id=gathered(scene.folk.ids, told.person),
        loan_id=gathered(scene.loans.ids, told.loan),
        need=coded(
            _NEEDS, np.where(waits, _NEEDS.index("payday_later"), told.draws.choose("need", _NEED_SHARES))
        ),
        told_at=told_at,
        via=coded(("app", "sms", "call", "email"), told.draws.choose("via", (0.4, 0.2, 0.3, 0.1))),
        recorded_at=told_at,
    )
    return Rows(table)
