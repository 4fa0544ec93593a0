"""What became of promises: kept as soon as the money is here, judged once the day and the way of money are over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from tideover.book.models import FACTS
from tideover.book.queries import chunks
from tideover.repayment.promises.limits import promise_limits
from tideover.repayment.promises.models import Part
from tideover.repayment.promises.writing import write_facts
from tideover.strategy.models import Watermark

AT_ONCE = 500
MARK = "promises:payments"
PAYMENTS = "payments"
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Paid:
    """What came for a loan since its promise, in minor units: here, and here or on its way."""

    here: int
    coming: int


def follow(*, at: datetime) -> int:
    """End every promise that is kept or whose time is over. How many; sets in, sets out, whatever their number."""
    return _ended([*_of_new_payments(), *_due(at)], at)


def _due(at: datetime) -> list[int]:
    late = Part.objects.filter(state="open", judge_at__lte=at).order_by("judge_at", "pk")
    return list(late.values_list("pk", flat=True)[:AT_ONCE])


def _of_new_payments() -> list[int]:
    """Parts whose loans money came for since the last look. One missed here is seen when its time is over."""
    mark, _ = Watermark.objects.get_or_create(table=MARK)
    rows = FACTS[PAYMENTS].objects.filter(id__gt=mark.last_id).order_by("id")
    new = list(rows.values_list("id", "loan_id")[: AT_ONCE * 10])
    if not new:
        return []
    mark.last_id = new[-1][0]
    mark.save(update_fields=["last_id"])
    found: list[int] = []
    for some in chunks({loan for _, loan in new}):
        found += Part.objects.filter(state="open", subject__in=some).values_list("pk", flat=True)
    return found


@transaction.atomic
def _ended(keys: Iterable[int], at: datetime) -> int:
    parts: list[Part] = []
    for some in chunks(set(keys)):
        held = Part.objects.select_for_update(of=("self",)).filter(
            pk__in=[int(str(it)) for it in some], state="open"
        )
        parts += held.select_related("promise").order_by("pk")
    paid, told_until = _paid_for(parts, at), _told_until(at) if parts else None
    done = [it for it in parts if _judged(it, paid[it.pk], at, told_until)]
    waiting = [it for it in parts if it.state == "open" and it.judge_at <= at]
    for it in waiting:
        it.judge_at = at + A_DAY
    Part.objects.bulk_update(waiting, ["judge_at"], batch_size=AT_ONCE)
    Part.objects.bulk_update(done, ["state", "ended_at", "kept_amount"], batch_size=AT_ONCE)
    write_facts(done, at=at)
    return len(done)


def _judged(part: Part, paid: _Paid, at: datetime, told_until: datetime | None) -> bool:
    """Whether it has ended, and how; the database is not changed yet."""
    if paid.here >= part.amount:
        state = "kept"
    elif at < part.judge_at or _is_unsure(part, paid, at, told_until):
        return False
    else:
        state = "partly_kept" if paid.here else "broken"
    part.move(state)
    part.ended_at, part.kept_amount = at, min(paid.here, part.amount)
    return True


def _is_unsure(part: Part, paid: _Paid, at: datetime, told_until: datetime | None) -> bool:
    """Nobody who may have paid is told that she has not: the feed is behind, or the money is on its way."""
    if told_until is not None and told_until < part.over_at:
        return True
    patience = timedelta(days=promise_limits(settings.CONTENT).waits)
    return paid.coming >= part.amount and at < part.over_at + patience


def _told_until(at: datetime) -> datetime | None:
    """Until when the payments of another system are known; None where payments are kept here."""
    row = (
        FACTS["feeds"].objects.filter(name=PAYMENTS, recorded_at__lte=at).order_by("recorded_at", "id").last()
    )
    return row.fresh_until if row else None


def _paid_for(parts: Sequence[Part], at: datetime) -> Mapping[int, _Paid]:
    payments, allocated = (
        _payments({it.subject for it in parts}, at),
        _allocated({it.subject for it in parts}, at),
    )
    found = {}
    for part in parts:
        since = [
            it for it in payments[part.subject] if it.paid_at >= part.promise.made_at and not it.reversed_at
        ]
        here = sum(it.amount for it in since if it.state_at and it.state_at <= at)
        # Where only the schedule tells what was paid, its growth is what came.
        grown = allocated[part.subject] - part.paid_before
        found[part.pk] = _Paid(max(here, grown, 0), max(sum(it.amount for it in since), grown, 0))
    return found


def _payments(loans: Iterable[str], at: datetime) -> Mapping[str, list[Any]]:
    latest: dict[str, Any] = {}
    for some in chunks(loans):
        for it in (
            FACTS[PAYMENTS]
            .objects.filter(loan_id__in=some, recorded_at__lte=at)
            .order_by("recorded_at", "id")
        ):
            latest[it.payment_id] = it
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for it in latest.values():
        found[it.loan_id].append(it)
    return found


def _allocated(loans: Iterable[str], at: datetime) -> Mapping[str, int]:
    latest: dict[tuple[str, int], int] = {}
    for some in chunks(loans):
        rows = (
            FACTS["instalments"]
            .objects.filter(loan_id__in=some, recorded_at__lte=at)
            .order_by("recorded_at", "id")
        )
        for loan, number, paid in rows.values_list("loan_id", "number", "paid"):
            latest[loan, number] = paid or 0
    found: defaultdict[str, int] = defaultdict(int)
    for (loan, _), paid in latest.items():
        found[loan] += paid
    return found
