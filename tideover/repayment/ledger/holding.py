"""Holds under which interest rests: which days of which loan, told to its ledger whenever a hold begins, ends or changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from tideover.book.models import FACTS
from tideover.book.newest import newest
from tideover.book.queries import chunks
from tideover.engine.policy.lists import Hold, read_lists
from tideover.kit.money import Money
from tideover.repayment.ledger.changes import after_all, all_held
from tideover.repayment.ledger.closing import standing_of
from tideover.repayment.ledger.loading import Shelf
from tideover.repayment.ledger.rest_days import Range, merged, ranges_of
from tideover.repayment.ledger.telling import News, tell
from tideover.strategy.daily import first_today
from tideover.strategy.models import Watermark

MARK, DAILY, TABLE = "ledger_holds", "ledger_holds_daily", "holds"
INTEREST = "interest"
LATE = 100
"""Numbers below the last one that are looked at again: a row that was numbered early may be committed late."""

A_WEEK = timedelta(days=7)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Resting:
    """What a loan does not cost because it rests, and on which days."""

    amount: Money
    days: tuple[Range, ...]


def resting(loan_id: str, at: datetime) -> Resting | None:
    """Interest of this loan that is not charged; None where all of it is. Raises NoSuchLoan."""
    stands, terms = standing_of(loan_id, at)
    amount = sum(it.rested for it in stands.steps)
    days = next((it.rests for it in stands.steps if it.rests), ())
    return Resting(Money(amount, terms.currency), days) if amount else None


def follow_holds(*, at: datetime) -> int:
    """Tell the ledger of every loan whose resting days have changed since the last look. How many; sets in, sets out."""
    caught_up = _catch_up(at) if first_today(DAILY, at=at) else 0
    rows = FACTS[TABLE].objects
    last = rows.aggregate(last=Max("id"))["last"] or 0
    mark, _ = Watermark.objects.get_or_create(table=MARK)
    if last == mark.last_id:
        return caught_up
    changed = caught_up + _follow(rows.filter(id__gt=mark.last_id - LATE, id__lte=last), at)
    Watermark.objects.filter(table=MARK).update(last_id=last)
    return changed


def _catch_up(at: datetime) -> int:
    """Once a day: loans that were told of after the hold, people who came to one later."""
    lasting = Q(until_at=None) | Q(until_at__gte=int((at - A_WEEK).timestamp()))
    return _follow(FACTS[TABLE].objects.filter(lasting), at)


def _follow(holds: QuerySet[Any], at: datetime) -> int:
    loans = _loans_of(list(holds.filter(kind__in=_kinds()).values_list("person_id", "loan_id")))
    return sum(_told([str(it) for it in chunk], at) for chunk in chunks(loans))


def covers(hold: Any, loan_id: str, borrower_id: str, kinds: Mapping[str, Hold]) -> bool:
    """Whether a hold on one of its people, or on the loan, rests what this loan costs."""
    is_about = hold.loan_id in (None, "", loan_id)
    return is_about and (hold.person_id == borrower_id or kinds[hold.kind].covers == "loan")


def _kinds() -> list[str]:
    return sorted(code for code, it in read_lists(settings.CONTENT).holds.items() if INTEREST in it.stops)


def _loans_of(holds: Sequence[tuple[str, str | None]]) -> set[str]:
    """The loans named, and every loan in which these people stand."""
    found = {loan for _, loan in holds if loan}
    for some in chunks({person for person, _ in holds}):
        for table, person in (("loans", "borrower_id"), ("parties", "person_id")):
            found |= set(
                FACTS[table].objects.filter(**{f"{person}__in": some}).values_list("loan_id", flat=True)
            )
    return found


@transaction.atomic
def _told(loan_ids: list[str], at: datetime) -> int:
    held = all_held(loan_ids, at)
    days = _days(held.values())
    news = [
        after_all(
            shelf, News("rested", at, at, because="hold", detail={"days": [it.said for it in days[loan]]})
        )
        for loan, shelf in held.items()
        if shelf.schedule and days[loan] != _told_last(shelf)
    ]
    tell(news, at=at)
    return len(news)


def _told_last(shelf: Shelf) -> tuple[Range, ...]:
    told = sorted((it for it in shelf.said if it.kind == "rested"), key=lambda it: it.at)
    return ranges_of(told[-1].detail["days"]) if told else ()


def _days(shelves: Collection[Shelf]) -> dict[str, tuple[Range, ...]]:
    """The resting days of each loan, from the holds on it and on its people, however lately they were written down."""
    people = _people_of(shelves)
    about = Q(person_id__in=sorted({it for each in people.values() for it in each}))
    holds = newest(TABLE, about, kind__in=_kinds())
    return {it.loan.loan_id: merged(_ranges(it, holds, people[it.loan.loan_id])) for it in shelves}


def _people_of(shelves: Collection[Shelf]) -> dict[str, dict[str, list[datetime | None]]]:
    """The people of each loan, and until when they stand in it, in each of their roles."""
    found: dict[str, dict[str, list[datetime | None]]] = {
        it.loan.loan_id: {str(it.terms.borrower_id): [None]} for it in shelves if it.terms is not None
    }
    for row in newest("parties", loan_id__in=sorted(found)):
        found[row.loan_id].setdefault(row.person_id, []).append(row.until_at)
    return found


def _ranges(
    shelf: Shelf, holds: Iterable[Any], people: Mapping[str, Sequence[datetime | None]]
) -> Iterator[Range]:
    kinds = read_lists(settings.CONTENT).holds
    for it in holds:
        for leaves in people.get(it.person_id, ()):
            start = it.from_at or LONG_AGO
            end = min((one for one in (it.until_at, leaves) if one is not None), default=None)
            if covers(it, shelf.loan.loan_id, shelf.terms.borrower_id, kinds) and (
                end is None or end > start
            ):
                # A day that is held in part rests as a whole.
                until = (end - timedelta(microseconds=1)).date() + timedelta(days=1) if end else None
                yield Range(start.date(), until)
