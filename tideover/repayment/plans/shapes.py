"""How each kind of option changes the schedule. None where it would change nothing, or cannot be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from tideover.kit.money import Money
from tideover.repayment.plans.limits import Kind, Reach
from tideover.repayment.plans.means import Means
from tideover.repayment.plans.rhythm import days_from, is_monthly, payments_in
from tideover.repayment.plans.schedule import Due, Owed, cut, merged
from tideover.repayment.promises.days import next_on

A_WEEK = timedelta(days=7)
SOON = 14
"""Days by which a payment moves where no payday is known."""


@dataclass(frozen=True)
class Shape:
    """A new schedule, and the last day on which it is anything special."""

    steps: tuple[Due, ...]
    until_on: date


@dataclass(frozen=True)
class Asked:
    """What a shape is made from."""

    owed: Owed
    means: Means
    reach: Reach
    on: date


def relief(asked: Asked) -> Shape | None:
    """Fees and interest that are open are let go in part; what is late moves to the next payday."""
    moves = _late_to(asked)
    if moves is None:
        return None
    less = tuple(
        Due(it.on, it.principal, _less(it.interest, asked.reach.interest), _less(it.fees, asked.reach.fees))
        for it in moves
    )
    if sum(it.amount for it in less) == asked.owed.total:
        return None
    return Shape(less, min(it.on for it in less))


def move_date(asked: Asked) -> Shape | None:
    """Every payment moves to the payday that follows it, what is late to the first one; without a payday by two weeks."""
    owed, days = asked.owed, timedelta(days=asked.reach.days)
    late = _late_to(asked)
    if late is None:
        return None
    first = late[: bool(owed.late(asked.on))]
    moved = [Due(_moved(asked, it.on), it.principal, it.interest, it.fees) for it in owed.coming(asked.on)]
    steps = (*first, *moved)
    if any(new.on - old.on > days for new, old in zip(moved, owed.coming(asked.on), strict=True)):
        return None
    return Shape(steps, min(it.on for it in steps)) if steps != owed.steps else None


def split(asked: Asked) -> Shape | None:
    """What is late, or else the next payment, is paid in parts; the rest stays."""
    owed, parts = asked.owed, asked.reach.parts
    now = owed.late(asked.on) or owed.steps[:1]
    rest = owed.steps[len(now) :]
    whole = Money(sum(it.amount for it in now), owed.currency)
    if parts < 2 or whole.minor < parts:
        return None
    start = max(asked.on, min(it.on for it in now) - timedelta(days=asked.reach.days))
    gap = timedelta(days=max(asked.reach.days // parts, 1))
    days = [start + gap * n for n in range(1, parts + 1)]
    payments = [(on, it.minor) for on, it in zip(days, whole.split(parts), strict=True)]
    return Shape((*cut(now, payments), *rest), days[-1])


def weekly(asked: Asked) -> Shape | None:
    """Every week a smaller part, up to the day on which the loan ends anyway."""
    owed = asked.owed
    weeks = (owed.ends_on - asked.on).days // 7
    if not is_monthly(owed) or weeks < 2 or owed.total < weeks:
        return None
    days = [asked.on + A_WEEK * n for n in range(1, weeks + 1)]
    amounts = Money(owed.total, owed.currency).split(weeks)
    steps = cut(owed.steps, [(on, it.minor) for on, it in zip(days, amounts, strict=True)])
    return Shape(steps, steps[-1].on)


def smaller(asked: Asked) -> Shape | None:
    """Smaller payments for some months, then the usual ones until all is paid."""
    owed, usual = asked.owed, asked.owed.usual(asked.on)
    times, small = payments_in(owed, asked.reach.months), _small(asked, usual)
    if times < 1 or small >= usual or small < 1:
        return None
    payments, left, days = [], owed.total, days_from(owed, asked.on)
    for place, on in enumerate(days):
        payments.append((on, min(left, small if place < times else usual)))
        left -= payments[-1][1]
        if not left:
            break
    return Shape(cut(owed.steps, payments), payments[min(times, len(payments)) - 1][0])


def pause(asked: Asked) -> Shape | None:
    """Nothing for some months, then every payment in its turn."""
    owed, times = asked.owed, payments_in(asked.owed, asked.reach.months)
    if times < 1:
        return None
    days = islice(days_from(owed, asked.on), times, None)
    steps = tuple(
        Due(on, it.principal, it.interest, it.fees) for it, on in zip(owed.steps, days, strict=False)
    )
    return Shape(steps, steps[0].on)


SHAPES: Mapping[Kind, Callable[[Asked], Shape | None]] = {
    "relief": relief, "move_date": move_date, "split": split, "weekly": weekly, "smaller": smaller, "pause": pause,
}  # fmt: skip


def _less(amount: int, percent: int) -> int:
    """What stays when some per cent is let go; a broken unit is let go as well."""
    return amount * (100 - percent) // 100


def _small(asked: Asked, usual: int) -> int:
    """What she can spare, within what is allowed; where she did not say, the least."""
    least = -(-usual * asked.reach.least // 100)
    if asked.means.spare is None or not is_monthly(asked.owed):
        return least
    return min(max(asked.means.spare, least), usual)


def _late_to(asked: Asked) -> tuple[Due, ...] | None:
    """What is late moves to the first payday; None where that is further away than may be."""
    first = next_on(asked.means.payday, asked.on) if asked.means.payday else asked.on + timedelta(days=SOON)
    late = merged(Due(first, it.principal, it.interest, it.fees) for it in asked.owed.late(asked.on))
    if late and (first - asked.on).days > asked.reach.days:
        return None
    return (*late, *asked.owed.coming(asked.on))


def _moved(asked: Asked, on: date) -> date:
    if asked.means.payday and is_monthly(asked.owed):
        return next_on(asked.means.payday, on - timedelta(days=1))
    return on + timedelta(days=SOON if is_monthly(asked.owed) else 7)
