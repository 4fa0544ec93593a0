"""Payments, and what they did to the instalments: nothing here is paid that no payment pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Draws, Flags, Ints
from tideover.engine.facts.made_up._frames import UNKNOWN
from tideover.engine.facts.made_up._lending import Loans
from tideover.engine.facts.made_up._schedule import Dues


@dataclass(frozen=True)
class Paid:
    """What is known about each instalment on the book's day; columns as long as the instalments."""

    settled: Ints
    """Day it was fully paid; UNKNOWN while it is not."""
    settled_at: Ints
    part: Ints
    """Paid before the rest; 0 where it was paid at once."""
    part_at: Ints
    bounced_at: Ints
    """Moment of a payment that was taken back; UNKNOWN where none was."""
    returned_at: Ints
    payer: Ints
    """The instalment with which the payment that settled this one begins."""


def pay(loans: Loans, dues: Dues, settled: Ints, at: int) -> Paid:
    """Moments and parts behind the days on which the instalments are settled, as known on day `at`."""
    known = settled < at
    draws = loans.draws[dues.loan].each("payment", dues.number)
    before = _settled_before(loans, dues, settled)
    payer = _payers(dues, settled, known)
    zone = loans.zone[dues.loan]
    settled_at = np.full(len(dues), UNKNOWN)
    heads = np.flatnonzero(payer == np.arange(len(dues)))
    settled_at[heads] = clock.by_day(draws[heads], "paid", zone[heads], settled[heads])
    settled_at[known] = settled_at[payer[known]]
    part, part_at = _parts(draws, dues, settled, before, zone, at)
    bounced_at, returned_at = _bounces(draws, heads, settled, before, part, zone)
    return Paid(np.where(known, settled, UNKNOWN), settled_at, part, part_at, bounced_at, returned_at, payer)


def _settled_before(loans: Loans, dues: Dues, settled: Ints) -> Ints:
    """Day on which the instalment before was settled, or the money was paid out: money goes to the oldest first."""
    before = np.concatenate((np.zeros(1, dtype=np.int64), settled[:-1]))
    begins = dues.number == 1
    before[begins] = loans.disbursed[dues.loan[begins]]
    return before


def _payers(dues: Dues, settled: Ints, known: Flags) -> Ints:
    """Instalments of one loan settled on one day are paid at once."""
    begins = np.ones(len(dues), dtype=bool)
    begins[1:] = (dues.loan[1:] != dues.loan[:-1]) | (settled[1:] != settled[:-1])
    head = np.maximum.accumulate(np.where(begins, np.arange(len(dues)), 0))
    return np.where(known, head, -1)


def _parts(draws: Draws, dues: Dues, settled: Ints, before: Ints, zone: Ints, at: int) -> tuple[Ints, Ints]:
    """One instalment in twelve is paid in two parts, and one in six of those overdue is paid in part so far."""
    known = settled < at
    chance = np.where(known, 0.08, np.where((dues.due < at) & (before < at - 1), 0.16, 0.0))
    rows = np.flatnonzero(draws.happens("part", chance))
    some = draws[rows]
    latest = np.where(
        known[rows], settled[rows] - 1 - some.below("part days", 5), at - 1 - some.below("part days", 20)
    )
    day = np.maximum(latest, before[rows] + 1)
    fits = day < np.minimum(settled[rows], at)
    rows, day, some = rows[fits], day[fits], some[fits]
    part, part_at = np.zeros(len(dues), dtype=np.int64), np.full(len(dues), UNKNOWN)
    part[rows] = dues.amount[rows] * (25 + some.below("part share", 50)) // 100
    part_at[rows] = clock.by_day(some, "part paid", zone[rows], day)
    empty = part == 0
    return part, np.where(empty, UNKNOWN, part_at)


def _bounces(
    draws: Draws, heads: Ints, settled: Ints, before: Ints, part: Ints, zone: Ints
) -> tuple[Ints, Ints]:
    """A few payments come back after some days, before the one that counts."""
    bounced, returned = np.full(len(settled), UNKNOWN), np.full(len(settled), UNKNOWN)
    fits = (part[heads] == 0) & (before[heads] < settled[heads] - 5)
    rows = heads[fits & draws[heads].happens("bounces", 0.008)]
    some = draws[rows]
    bounced[rows] = clock.by_day(some, "bounced", zone[rows], settled[rows] - 4)
    returned[rows] = clock.by_day(
        some, "returned", zone[rows], settled[rows] - 2 + some.below("returned day", 2)
    )
    return bounced, returned
