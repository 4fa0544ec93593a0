"""The tables `promises`, `plans` and `lateness_reasons`: what people said when they were late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Draws, Ints
from tideover.engine.facts.made_up._frames import UNKNOWN, Rows, coded, frame, gathered, glued, numbered
from tideover.engine.facts.made_up._lateness import Lateness
from tideover.engine.facts.made_up._lending import Dues, Loans
from tideover.engine.facts.made_up._money import Paid
from tideover.engine.facts.made_up._people import People

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
class _Late:
    """Some of the late stretches, with draws of their own."""

    late: Lateness
    rows: Ints
    draws: Draws
    zone: Ints
    """Clock of the person."""

    @property
    def until(self) -> Ints:
        return self.late.until[self.rows]

    @property
    def due(self) -> Ints:
        return self.late.due[self.rows]

    def told(self, what: str, first: int, within: int) -> Ints:
        """A day at least `first` days after the due day, before it was paid and before the book's day."""
        room = np.minimum(self.until - self.due - first, within)
        return self.due + first + self.draws.below(what, np.maximum(room, 1))


def _some(folk: People, late: Lateness, what: str, after: int, chance: float) -> _Late:
    rows = np.flatnonzero((late.days > after) & late.draws.happens(what, chance))
    return _Late(late, rows, late.draws[rows].each(what, 0), folk.zone[late.person[rows]])


def _ids(prefix: str, loans: Loans, some: _Late) -> pl.Series:
    return glued(prefix, gathered(loans.digits, some.late.loan[some.rows]), "-", numbered(some.late.number[some.rows], 3))


def promises(folk: People, loans: Loans, dues: Dues, paid: Paid, late: Lateness, at: int, history: bool) -> Rows:
    """The table `promises`: six in ten are kept to the day, the others are a guess about oneself."""
    some = _some(folk, late, "promise", 4, 0.26)
    made = some.told("made", 2, 18)
    kept_day = np.where(some.until < made + 22, some.until, made + 1 + some.draws.below("days", 14))
    day = np.where(some.draws.happens("keeps", 0.62), kept_day, made + 1 + some.draws.below("days", 10))
    day = np.maximum(day, made)
    settled = paid.settled[late.row[some.rows]]
    ends, ended = _promise_ends(some, day, settled, made, at)
    made_at = clock.by_day(some.draws, "made at", some.zone, made)
    ended_at = np.where(
        ends == _KEPT,
        np.maximum(paid.settled_at[late.row[some.rows]], made_at + 60),
        clock.moment(some.zone, np.where(ends == _OPEN, UNKNOWN, ended), 22 * 60),
    )
    amount = dues.amount[late.row[some.rows]]
    table = frame(
        "promises",
        promise_id=_ids("r", loans, some),
        loan_id=gathered(loans.ids, late.loan[some.rows]),
        person_id=gathered(folk.ids, late.person[some.rows]),
        amount=amount,
        on=day,
        made_at=made_at,
        origin=coded(("self", "agent"), some.draws.choose("origin", (0.64, 0.36))),
        kept_amount=np.where(ends == _KEPT, amount, np.where(ends == _OPEN, UNKNOWN, 0)),
        ended_at=np.where(ends == _OPEN, UNKNOWN, ended_at),
        end=coded(_ENDS, ends),
        recorded_at=np.where(ends == _OPEN, made_at, np.maximum(ended_at, made_at)),
    )
    return _with_beginnings(table, "made_at", ("kept_amount", "ended_at", "end"), history)


def _promise_ends(some: _Late, day: Ints, settled: Ints, made: Ints, at: int) -> tuple[Ints, Ints]:
    """How and on which day each promise ended; broken ones end with the day after the promised one."""
    is_kept = (settled != UNKNOWN) & (settled <= day)
    is_over = day + 2 < at
    other = some.draws.cell("other end") < 130
    ends = np.where(is_kept, _KEPT, np.where(is_over, np.where(other, _WITHDRAWN, _BROKEN), _OPEN))
    return ends, np.where(ends == _WITHDRAWN, np.maximum(day - 1, made + 1), day + 1)


def _with_beginnings(table: pl.DataFrame, begun: str, ends: tuple[str, ...], history: bool) -> Rows:
    if not history:
        return Rows(table)
    ended = table.filter(pl.col("ended_at").is_not_null())
    blank = [pl.lit(None, table.schema[name]).alias(name) for name in ends]
    return Rows(table, (ended.with_columns(*blank, pl.col(begun).alias("recorded_at")),))


def plans(folk: People, loans: Loans, paid: Paid, late: Lateness, at: int, history: bool) -> Rows:
    """The table `plans`: agreed after three weeks of trouble, mostly kept."""
    some = _some(folk, late, "plan", 21, 0.14)
    agreed = some.told("agreed", 18, 30)
    until = agreed + 60 + 30 * some.draws.below("months", 5)
    settled = paid.settled[late.row[some.rows]]
    broken_day = agreed + 31 + some.draws.below("broken", 25)
    breaks = some.draws.happens("breaks", 0.3) & (settled == UNKNOWN) & (broken_day < at)
    is_kept = (settled != UNKNOWN) & (settled > agreed) & some.draws.happens("over when paid", 0.5)
    over = ~breaks & ~is_kept & (until < at)
    ends = np.where(breaks, _BROKEN, np.where(is_kept | over, _KEPT, _OPEN))
    ended = np.where(breaks, broken_day, np.where(is_kept, settled, np.where(over, until, UNKNOWN)))
    agreed_at = clock.by_day(some.draws, "agreed at", some.zone, agreed)
    ended_at = clock.moment(some.zone, ended, 22 * 60)
    table = frame(
        "plans",
        plan_id=_ids("n", loans, some),
        loan_id=gathered(loans.ids, late.loan[some.rows]),
        kind=coded(_PLANS, some.draws.choose("plan kind", _PLAN_SHARES)),
        from_on=agreed,
        until_on=until,
        ended_at=ended_at,
        end=coded(_ENDS, ends),
        recorded_at=np.where(ended_at == UNKNOWN, agreed_at, ended_at),
    )
    if not history:
        return Rows(table)
    agreed_moment = pl.Series(agreed_at * 1_000_000).cast(table.schema["recorded_at"]).alias("recorded_at")
    before = table.with_columns(agreed_moment, *(pl.lit(None, table.schema[it]).alias(it) for it in ("ended_at", "end")))
    return Rows(table, (before.filter(pl.Series(ended != UNKNOWN)),))


def lateness_reasons(folk: People, loans: Loans, late: Lateness) -> Rows:
    """The table `lateness_reasons`: those whose pay comes later mostly say so."""
    some = _some(folk, late, "reason", 3, 0.20)
    told_at = clock.by_day(some.draws, "told at", some.zone, some.told("told", 1, 20))
    person = late.person[some.rows]
    waits = (folk.gap[person] > 0) & some.draws.happens("says payday", 0.75)
    need = np.where(waits, 0, some.draws.choose("need", _NEED_SHARES))
    return Rows(
        frame(
            "lateness_reasons",
            person_id=gathered(folk.ids, person),
            loan_id=gathered(loans.ids, late.loan[some.rows]),
            need=coded(_NEEDS, need),
            told_at=told_at,
            via=coded(("app", "sms", "call", "email"), some.draws.choose("via", (0.4, 0.2, 0.3, 0.1))),
            recorded_at=told_at,
        )
    )
