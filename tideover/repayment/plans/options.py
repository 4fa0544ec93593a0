"""What helps: options side by side, each with its schedule, true cost and meaning. Pure; the same asked is the same told.

Those that fit what she can spare come first. Among them costs are cut before anything is stretched: letting interest
and fees go helps people, smaller payments over a longer time alone do not (Dobbie and Song, American Economic Review
110(4), 2020).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tideover.repayment.plans.limits import LEVELS, Kind, Level, Limits, Reach
from tideover.repayment.plans.means import Means
from tideover.repayment.plans.schedule import Due, Owed, longer_costs, merged, with_interest
from tideover.repayment.plans.shapes import SHAPES, Asked, Shape

KINDS: tuple[Kind, ...] = ("relief", "move_date", "split", "weekly", "smaller", "pause", "review")
LOOKED_AT = timedelta(days=90)
"""The days over which an option must fit what she can spare."""


@dataclass(frozen=True)
class Option:
    """One way that may help. Amounts in minor units of the loan's currency; a review by a person has no schedule."""

    kind: Kind
    who: Level
    """Who may agree to it: she alone, an agent, or whoever approves."""

    schedule: tuple[Due, ...]
    total: int
    extra: int
    """More than now, in all; below nothing when it costs less."""

    interest_let_go: int
    fees_let_go: int

    ends_on: date | None
    ends_later: bool
    until_on: date | None
    """The last day on which anything is special about it."""

    credit: str
    guarantor: str
    """What it means for a guarantor; "" where there is none."""

    fits: bool | None
    """Whether it fits what she can spare; None where she did not say."""

    @property
    def let_go(self) -> int:
        """Interest and fees that are let go."""
        return self.interest_let_go + self.fees_let_go

    @property
    def key(self) -> str:
        """Names just this schedule at this cost: agreed is what was seen."""
        told = repr((self.kind, self.who, self.schedule, self.total))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def first(self) -> Due:
        """Its first payment."""
        return self.schedule[0]


def options_for(
    owed: Owed, means: Means, limits: Limits, on: date, *, has_guarantor: bool = False, least: Level = "self"
) -> tuple[Option, ...]:
    """Every option there is, in the order in which they should be read.

    Of each kind there is one: for whoever may agree to it with the fewest others, where it fits; else the first there is.
    `least`: plans enough were agreed on before, so that nobody below may agree to one more.
    """
    found = [it for kind in KINDS if (it := _of_kind(kind, owed, means, limits, on, has_guarantor, least))]
    return tuple(sorted(found, key=_order))


def _of_kind(
    kind: Kind, owed: Owed, means: Means, limits: Limits, on: date, has_guarantor: bool, least: Level
) -> Option | None:
    reaches: Mapping[Level, Reach] = limits.options.get(kind, {})
    if kind == "review":
        return _review(limits, has_guarantor) if reaches else None
    if not owed.total:
        return None
    made = [
        option
        for level in LEVELS
        if level in reaches
        and (
            option := _made(kind, level, Asked(owed, means, reaches[level], on), limits, has_guarantor, least)
        )
    ]
    return next((it for it in made if it.fits), made[0] if made else None)


def _made(
    kind: Kind, level: Level, asked: Asked, limits: Limits, has_guarantor: bool, least: Level
) -> Option | None:
    shape = SHAPES[kind](asked)
    if shape is None:
        return None
    owed, rate = asked.owed, asked.owed.annual_rate_ppm
    more = 0
    if limits.interest_runs and rate and not asked.reach.free:
        more = longer_costs(owed.steps, shape.steps, rate, asked.on)
    steps = merged(with_interest(shape.steps, more))
    total, ends_later = sum(it.amount for it in steps), steps[-1].on > owed.ends_on
    effect = limits.effects[kind]
    guarantor = effect.guarantor if has_guarantor else ""
    return Option(
        kind, _who(level, least, guarantor), steps, total, total - owed.total,
        interest_let_go=_less(owed, shape, "interest"), fees_let_go=_less(owed, shape, "fees"), ends_on=steps[-1].on, ends_later=ends_later,
        until_on=shape.until_on, credit=effect.credit, guarantor=guarantor,
        fits=_fits(steps, asked.means, asked.on, shape.until_on),
    )  # fmt: skip


def _review(limits: Limits, has_guarantor: bool) -> Option:
    effect = limits.effects["review"]
    return Option(
        "review", "self", (), 0, 0, 0, 0, ends_on=None, ends_later=False, until_on=None, credit=effect.credit,
        guarantor=effect.guarantor if has_guarantor else "", fits=None,
    )  # fmt: skip


def _who(level: Level, least: Level, guarantor: str) -> Level:
    """Where a guarantor is to be asked first, a person of ours asks."""
    asked = "agent" if guarantor == "asked_first" else "self"
    return max(level, least, asked, key=LEVELS.index)  # type: ignore[arg-type]


def _less(owed: Owed, shape: Shape, part: str) -> int:
    before, after = (sum(int(getattr(it, part)) for it in steps) for steps in (owed.steps, shape.steps))
    return before - after


def _fits(steps: Sequence[Due], means: Means, on: date, until_on: date) -> bool | None:
    if means.spare is None:
        return None
    months: Counter[tuple[int, int]] = Counter()
    for it in steps:
        if it.on <= max(until_on, on + LOOKED_AT):
            months[it.on.year, it.on.month] += it.amount
    return max(months.values(), default=0) <= means.spare


def _order(it: Option) -> tuple[object, ...]:
    """Fitting ones, then a person, then those beyond her means; cheaper before longer."""
    if it.kind == "review":
        return (1, 0, 0, date.max, KINDS.index(it.kind))
    fit = 2 if it.fits is False else 0
    return (fit, 0 if it.let_go else 2 if it.ends_later else 1, it.extra, it.ends_on, KINDS.index(it.kind))
