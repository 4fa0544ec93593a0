"""Weights drawn from the shipped ones towards what people answered: empirical Bayes in exact fractions.

A cell that people of a leaf answer more often than they usually do gets more of the draws, in proportion. Few contacts
move it little: to each cell `PRIOR_CONTACTS` are added that were answered at the leaf's usual rate. Nothing known: the
shipped weights, to the digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

PRIOR_CONTACTS = 200
"""How many contacts of a leaf and cell weigh as much as what was known before."""

WHOLE, FLOOR = 10_000, 100

Counts = tuple[int, int]
"""Contacts, and how many of them were answered."""


def learned(shipped: Mapping[str, int], leaf: Mapping[str, Counts], every: Counts) -> dict[str, int]:
    """Integer weights per 10,000 by cell, each at least 100. `every` counts all leaves together."""
    overall = _rate(every, Fraction(0), prior=0)
    usual = _rate(_sum(leaf), overall, PRIOR_CONTACTS)
    if not usual:
        return dict(shipped)
    lifts = {cell: _rate(leaf.get(cell, (0, 0)), usual, PRIOR_CONTACTS) / usual for cell in shipped}
    return in_whole({cell: weight * lifts[cell] for cell, weight in shipped.items()})


def share_of(counts: Counts, shipped: int) -> int:
    """A share per 10,000, drawn from the shipped one towards what was counted."""
    return int(_rate(counts, Fraction(shipped, WHOLE), PRIOR_CONTACTS) * WHOLE)


def _rate(counts: Counts, before: Fraction, prior: int) -> Fraction:
    contacts, answered = counts
    return (answered + prior * before) / (contacts + prior) if contacts + prior else before


def _sum(leaf: Mapping[str, Counts]) -> Counts:
    return sum(contacts for contacts, _ in leaf.values()), sum(answered for _, answered in leaf.values())


def in_whole(weights: Mapping[str, Fraction]) -> dict[str, int]:
    """Integers that sum to 10,000 in these proportions, none below the floor; what is left over goes to the largest rests."""
    raised = _raised(weights)
    whole = {cell: int(weight) for cell, weight in raised.items()}
    by_rest = sorted(raised, key=lambda cell: (whole[cell] - raised[cell], cell))
    for cell in by_rest[: WHOLE - sum(whole.values())]:
        whole[cell] += 1
    return whole


def _raised(weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Scaled to 10,000 with the small ones raised to the floor; those raised take from the others, so it may take turns."""
    low: set[str] = set()
    while True:
        total = sum((weight for cell, weight in weights.items() if cell not in low), Fraction(0))
        room = WHOLE - FLOOR * len(low)
        scaled = {
            cell: Fraction(FLOOR) if cell in low else weight * room / total
            for cell, weight in weights.items()
        }
        below = {cell for cell, weight in scaled.items() if weight < FLOOR}
        if not below:
            return scaled
        low |= below
