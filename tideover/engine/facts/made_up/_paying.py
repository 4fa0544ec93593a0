"""When each instalment is paid: in time, after a slip, always one behind, or not for a long time.

Payments settle the oldest instalment first, so the days on which a loan's instalments are settled never go back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tideover.engine.facts.made_up import _habits as habits
from tideover.engine.facts.made_up._draws import Draws, Flags, Floats, Ints
from tideover.engine.facts.made_up._lending import CURRENT, WEEK, Loans
from tideover.engine.facts.made_up._people import People
from tideover.engine.facts.made_up._schedule import Dues
from tideover.engine.facts.made_up._world import MICROFINANCE

NEVER = 10**6
"""Day number of what does not happen."""

_GOOD, _BEHIND, _STOPPED = range(3)
_AHEAD = 7
"""Instalments this many days ahead may be paid already."""


@dataclass
class _Payers:
    """Where each loan stands while its instalments pass by, and what the borrower is like."""

    draws: Draws
    habit: Ints
    gap: Ints
    """Days from a due day to the payday, where the pay comes later."""
    pays_weekly: Flags
    slips_short: Flags
    hard_from: Ints
    hard_until: Ints
    mood: Ints
    lag: Ints
    """Days behind, of those always one behind."""
    resumes: Ints
    """Day on which those who stopped pay again."""
    paid: Ints
    """Day on which the instalment before was settled."""

    def __getitem__(self, those: slice) -> _Payers:
        """Views of the same columns: what changes there, changes here."""
        columns = {name: getattr(self, name)[those] for name in self.__dataclass_fields__ if name != "draws"}
        return _Payers(draws=self.draws[np.arange(len(columns["paid"]))], **columns)


def settle(folk: People, loans: Loans, dues: Dues, at: int) -> Ints:
    """The day on which each instalment is settled, known or not by the book's day; NEVER for those far ahead."""
    settled = np.full(len(dues), NEVER, dtype=np.int64)
    past = _passed(dues, at)
    order = np.argsort(-past, kind="stable")  # so that those who still have an instalment left come first
    everyone = _payers(folk, loans, order)
    for turn in range(int(past.max(initial=0))):
        count = int(np.searchsorted(-past[order], -turn))
        rows = dues.first[order[:count]] + turn
        payers = everyone[:count]
        _give_up(payers, loans.stops[order[:count]] == turn)
        settled[rows] = _pay_one(payers, dues.due[rows], turn, at)
    return _first_slips(loans, dues, settled, at)


def _passed(dues: Dues, at: int) -> Ints:
    """How many instalments of each loan are past, or near enough to be paid already."""
    near: Ints = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(dues.due < at + _AHEAD)))
    return near[dues.first[1:]] - near[dues.first[:-1]]


def _payers(folk: People, loans: Loans, order: Ints) -> _Payers:
    person = loans.person[order]
    weekly = loans.is_kind(MICROFINANCE)[order]
    return _Payers(
        draws=loans.draws[order],
        habit=loans.habit[order],
        gap=_gaps(loans, order, folk.gap[person]),
        pays_weekly=weekly,
        slips_short=weekly | (loans.habit[order] == habits.SELF_CURING),
        hard_from=folk.hard_from[person],
        hard_until=folk.hard_until[person],
        mood=np.full(len(order), _GOOD),
        lag=np.zeros(len(order), dtype=np.int64),
        resumes=np.zeros(len(order), dtype=np.int64),
        paid=np.zeros(len(order), dtype=np.int64),
    )


def _gaps(loans: Loans, order: Ints, gap: Ints) -> Ints:
    """From the due day to a payday in the month, or to a payday in the week."""
    weekly = np.where(gap > 0, 2 + gap % 3, 0)
    return np.where(loans.step[order] == 0, gap, np.where(loans.step[order] == WEEK, weekly, 0))


def _give_up(payers: _Payers, now: Flags) -> None:
    payers.mood[now] = _STOPPED
    payers.resumes[now] = NEVER


def _pay_one(payers: _Payers, due: Ints, turn: int, at: int) -> Ints:
    """One instalment each: moods move, then a day follows from the mood."""
    draws = payers.draws.each("due", turn)
    slip, roll, stop = _chances(payers, due, at)
    _move(payers, draws, due, roll, stop)
    short, long = (draws.quantile("slip days", days) for days in (habits.SHORT_SLIPS, habits.SLIPS))
    usual = np.where(
        payers.gap > 0, payers.gap + draws.below("payday", 2), draws.quantile("early", habits.EARLY)
    )
    good = due + np.where(draws.happens("slip", slip), np.where(payers.slips_short, short, long), usual)
    day = np.choose(payers.mood, (good, due + payers.lag, payers.resumes))
    payers.paid[:] = np.maximum(payers.paid, day)
    return payers.paid


def _chances(payers: _Payers, due: Ints, at: int) -> tuple[Floats, Floats, Floats]:
    """Chances to slip, to fall one behind and to stop: by habit, and more in a hard stretch."""
    months = np.clip((due - at + 180) / 30.0, 0, 6)
    hard = (due >= payers.hard_from) & (due < payers.hard_until)
    worse = (1 + habits.rates("turns")[payers.habit] * months) * np.where(hard, 3, 1)
    monthly = worse * np.where(payers.pays_weekly, WEEK / 30.0, 1.0)
    slip = np.minimum(habits.rates("slip")[payers.habit] * worse, 0.9)
    return slip, habits.rates("roll")[payers.habit] * monthly, habits.rates("stop")[payers.habit] * monthly


def _move(payers: _Payers, draws: Draws, due: Ints, roll: Floats, stop: Floats) -> None:
    """From good to one behind or stopped, from one behind to good or stopped, from stopped to good."""
    mood, chance = payers.mood, draws.chance("mood")
    mood[(mood == _STOPPED) & (due >= payers.resumes)] = _GOOD
    was_good, was_behind = mood == _GOOD, mood == _BEHIND
    leaves = np.where(payers.pays_weekly, habits.LEAVES_ROLLING_IN_A_WEEK, habits.LEAVES_ROLLING)
    month = np.where(payers.pays_weekly, WEEK / 30.0, 1.0)
    stops = np.where(was_behind, habits.ROLLING_STOPS * month, stop)
    stopped = (was_good | was_behind) & (chance < stops)
    begins = was_good & ~stopped & (chance < stop + roll)
    mood[was_behind & ~stopped & (chance < stops + leaves)] = _GOOD
    mood[begins], mood[stopped] = _BEHIND, _STOPPED
    payers.lag[begins] = draws[begins].quantile("lag", habits.BEHIND)
    payers.resumes[stopped] = due[stopped] + draws[stopped].quantile("stopped", habits.STOPPED)


def _first_slips(loans: Loans, dues: Dues, settled: Ints, at: int) -> Ints:
    """Those with a first slip pay on time until their latest due day, and have not paid that one yet."""
    last = np.searchsorted(dues.due + dues.loan * NEVER, np.arange(len(loans)) * NEVER + at) - 1
    slips = (loans.habit == habits.FIRST_SLIP) & (last >= dues.first[:-1]) & (loans.place == CURRENT)
    slips[slips] = at - dues.due[last[slips]] <= 26
    rows = last[slips]
    settled[rows] = at + 1 + loans.draws[slips].below("first slip", 20)
    # The one instalment that may be paid ahead of its day is not settled before the one before it.
    after = np.minimum(rows + 1, len(dues) - 1)
    same = dues.loan[after] == dues.loan[rows]
    settled[after[same]] = np.maximum(settled[after[same]], settled[rows[same]])
    return settled
