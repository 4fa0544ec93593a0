"""What stands beside the schedules of some loans: money on its way, a promised day, how a card stood. Three queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tideover.book.models import FACTS
from tideover.book.newest import newest

ON_ITS_WAY = timedelta(days=10)
"""What was said to be on its way and has not arrived by then is looked for by a person; it is not told as coming."""


@dataclass(frozen=True)
class Promise:
    """A day somebody chose; `amount` in minor units, None where none was said."""

    on: date
    amount: int | None


@dataclass(frozen=True)
class CardStands:
    """How a card or other loan without a schedule stood on a day, in minor units."""

    on: date
    balance: int | None
    overdue: int | None


@dataclass(frozen=True)
class Beside:
    """By loan."""

    coming: Mapping[str, int] = field(default_factory=dict)
    promises: Mapping[str, Promise] = field(default_factory=dict)
    cards: Mapping[str, CardStands] = field(default_factory=dict)


def beside(loan_ids: Sequence[str], *, today: date, at: datetime) -> Beside:
    """As it is known at a moment."""
    return Beside(_coming(loan_ids, at), _promises(loan_ids, today, at), _cards(loan_ids, at))


def _coming(loan_ids: Sequence[str], at: datetime) -> dict[str, int]:
    sums: defaultdict[str, int] = defaultdict(int)
    for it in newest("payments", at=at, loan_id__in=loan_ids):
        is_open = it.state_at is None or it.state_at > at
        if is_open and it.reversed_at is None and at - ON_ITS_WAY <= it.paid_at <= at:
            sums[it.loan_id] += it.amount
    return dict(sums)


def _promises(loan_ids: Sequence[str], today: date, at: datetime) -> dict[str, Promise]:
    rows = newest("promises", at=at, loan_id__in=loan_ids)
    last = [it for it in rows if it.on >= today and (it.ended_at is None or it.ended_at > at)]
    return {it.loan_id: Promise(it.on, it.amount) for it in sorted(last, key=lambda it: it.made_at)}


def _cards(loan_ids: Sequence[str], at: datetime) -> dict[str, CardStands]:
    rows = FACTS["standings"].objects.filter(loan_id__in=loan_ids, recorded_at__lte=at)
    ordered: Iterable[Any] = rows.order_by("on", "recorded_at", "id")
    return {it.loan_id: CardStands(it.on, it.balance, it.overdue) for it in ordered}
