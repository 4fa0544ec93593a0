"""When each instalment is paid: in time, after a slip, always one behind, or not for a long time.

Payments settle the oldest instalment first, so the days on which a loan's instalments are settled never go back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tideover.engine.facts.made_up import _habits as habits
from tideover.engine.facts.made_up._draws import Draws, Flags, Floats, Ints, cells
from tideover.engine.facts.made_up._lending import WEEK, Dues, Loans
from tideover.engine.facts.made_up._people import People
from tideover.engine.facts.made_up._world import MICROFINANCE, ONCE

NEVER = 10**6
"""Day number of what does not happen."""

_GOOD, _BEHIND, _STOPPED = range(3)
_HALF = np.uint64(32)
_LOW = np.uint64(2**32 - 1)
_AHEAD = 7
"""Instalments this many days ahead may be paid already."""


@dataclass
class _Payers:
    """Where each loan stands while its instalments pass by."""

    draws: Draws
    mood: Ints
    lag: Ints
    """Days behind, of those always one behind."""
    resumes: Ints
    """Day on which those who stopped pay again."""
    paid: Ints
    """Day on which the instalment before was settled."""


def settle(folk: People, loans: Loans, dues: Dues, at: int) -> Ints:
    """The day on which each instalment is settled, known or not by the book's day; NEVER for those far ahead."""
    settled = np.full(len(dues), NEVER, dtype=np.int64)
    past = _passed(loans, dues, at)
    order = np.argsort(-past, kind="stable")
    payers = _payers(loans, order)
    stops = loans.stops[order]
    rates = _Rates(folk, loans, order, at)
    for turn in range(int(past.max(initial=0))):
        count = int(np.searchsorted(-past[order], -turn))
        rows = dues.first[order[:count]] + turn
        _give_up(payers, stops[:count] == turn)
        settled[rows] = _step(payers, rates, dues.due[rows], turn, count)
    return _first_slips(folk, loans, dues, settled, at)


def _give_up(payers: _Payers, now: Flags) -> None:
    payers.mood[: len(now)][now] = _STOPPED
    payers.resumes[: len(now)][now] = NEVER


def _passed(loans: Loans, dues: Dues, at: int) -> Ints:
    near = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(dues.due < at + _AHEAD)))
    return near[dues.first[1:]] - near[dues.first[:-1]]


def _payers(loans: Loans, order: Ints) -> _Payers:
    nobody = np.zeros(len(order), dtype=np.int64)
    return _Payers(loans.draws[order], nobody.copy(), nobody.copy(), nobody.copy(), nobody.copy())


class _Rates:
    """Chances of each loan for one instalment, by habit, by the length of its step and by the time of life."""

    def __init__(self, folk: People, loans: Loans, order: Ints, at: int) -> None:
        person = loans.person[order]
        self.habit = folk.habit[person]
        self.gap = _gaps(loans, order, folk.gap[person])
        self.hard_from, self.hard_until = folk.hard_from[person], folk.hard_until[person]
        self.short = (loans.kind[order] == MICROFINANCE) | (self.habit == habits.SELF_CURING)
        self.month = np.where(loans.is_kind(ONCE), 30, np.where(loans.step == 0, 30, loans.step))[order] / 30.0
        self.at = at

    def at_due(self, due: Ints) -> tuple[Floats, Floats, Floats]:
        """Chances to slip, to fall one behind and to stop."""
        count = len(due)
        habit = self.habit[:count]
        months = np.clip((due - self.at + 180) / 30.0, 0, 6)
        worse = 1 + habits.rates("turns")[habit] * months
        hard = (due >= self.hard_from[:count]) & (due < self.hard_until[:count])
        worse = np.where(hard, worse * 3, worse)
        monthly = worse * self.month[:count]
        slip = np.minimum(habits.rates("slip")[habit] * worse, 0.9)
        return slip, habits.rates("roll")[habit] * monthly, habits.rates("stop")[habit] * monthly


def _gaps(loans: Loans, order: Ints, gap: Ints) -> Ints:
    """From the due day to a payday in the month, or to a payday in the week."""
    weekly = np.where(gap > 0, 2 + gap % 3, 0)
    return np.where(loans.step[order] == 0, gap, np.where(loans.step[order] == WEEK, weekly, 0))


def _step(payers: _Payers, rates: _Rates, due: Ints, turn: int, count: int) -> Ints:
    """One instalment of the first `count` loans: moods move, then a day follows from the mood."""
    draws = payers.draws[np.arange(count)].each("due", turn)
    first, second = draws.bits("mood"), draws.bits("days")
    slip, roll, stop = rates.at_due(due)
    _move(payers, (first >> _HALF) * 2.0**-32, (second & _LOW).astype(np.int64), due, roll, stop, rates.month[:count])
    slips = (first & _LOW) * 2.0**-32 < slip
    cell = (second >> np.uint64(52)).astype(np.int64)
    late = np.where(rates.short[:count], cells(habits.SHORT_SLIPS)[cell], cells(habits.SLIPS)[cell])
    usual = np.where(rates.gap[:count] > 0, rates.gap[:count] + cell % 2, cells(habits.EARLY)[cell])
    mood = payers.mood[:count]
    day = due + np.where(slips, late, usual)
    day = np.where(mood == _BEHIND, due + payers.lag[:count], np.where(mood == _STOPPED, payers.resumes[:count], day))
    payers.paid[:count] = np.maximum(payers.paid[:count], day)
    return payers.paid[:count]


def _move(
    payers: _Payers, chance: Floats, spare: Ints, due: Ints, roll: Floats, stop: Floats, month: Floats
) -> None:
    count = len(due)
    mood, resumes = payers.mood[:count], payers.resumes[:count]
    mood[(mood == _STOPPED) & (due >= resumes)] = _GOOD
    was_good, was_behind = mood == _GOOD, mood == _BEHIND
    leaves = 1 - (1 - habits.LEAVES_ROLLING) ** month
    stops = np.where(was_behind, habits.ROLLING_STOPS * month, stop)
    begins = was_good & (chance >= stop) & (chance < stop + roll)
    stopped = (was_good | was_behind) & (chance < stops)
    mood[was_behind & (chance >= stops) & (chance < stops + leaves)] = _GOOD
    mood[begins] = _BEHIND
    mood[stopped] = _STOPPED
    payers.lag[:count][begins] = cells(habits.BEHIND)[(spare >> 8)[begins] & 4095]
    resumes[stopped] = (due + cells(habits.STOPPED)[(spare >> 20) & 4095])[stopped]


def _first_slips(folk: People, loans: Loans, dues: Dues, settled: Ints, at: int) -> Ints:
    """Those with a first slip pay on time until their latest due day, and have not paid that one yet."""
    last = np.searchsorted(dues.due + dues.loan * NEVER, np.arange(len(loans)) * NEVER + at) - 1
    slips = (folk.habit[loans.person] == habits.FIRST_SLIP) & (last >= dues.first[:-1]) & (loans.place == 0)
    rows = last[slips]
    fresh = at - dues.due[rows] <= 26
    settled[rows[fresh]] = at + 1 + loans.draws[slips][fresh].below("first slip", 20)
    return _in_order(dues, settled, rows[fresh])


def _in_order(dues: Dues, settled: Ints, rows: Ints) -> Ints:
    """The one instalment after each of these that may be paid ahead is not settled before it."""
    after = np.minimum(rows + 1, len(dues) - 1)
    same = dues.loan[after] == dues.loan[rows]
    settled[after[same]] = np.maximum(settled[after[same]], settled[rows[same]])
    return settled
