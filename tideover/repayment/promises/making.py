"""Promise to pay: a person's own day, for one loan or several. Reminders rest until it has passed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from tideover.access.actors import Actor, person_actor, staff_actor
from tideover.access.allowed import require
from tideover.access.audit import note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.book.surrogates import surrogate_of
from tideover.kit.money import Money
from tideover.repayment.loans import Loan, loans_of
from tideover.repayment.promises.limits import Origin, promise_limits
from tideover.repayment.promises.models import Part, Promise
from tideover.repayment.promises.offering import must_be_offered
from tideover.repayment.promises.refusals import DayPast, NotAnAmount, NotHers, PromiseTooFar, TooOften
from tideover.repayment.promises.whereabouts import Whereabouts, whereabouts_of
from tideover.repayment.promises.writing import write_facts


@dataclass(frozen=True)
class Promised:
    """What was written down. `send_by`: banks rest on the chosen day, and a transfer is better sent by then."""

    promise: Promise
    parts: tuple[Part, ...]
    send_by: date | None
    is_new: bool = True


@transaction.atomic
def promise_to_pay(
    *,
    person_id: str,
    loan_ids: Sequence[str],
    on: date,
    origin: Origin,
    at: datetime,
    amount: Money | None = None,
    by: Staff | Actor | None = None,
) -> Promised:
    """Write down the day she chose; the amount, where none is said, is what is to be paid by then.

    It takes the place of an open promise for the same loans; the same said twice is one. Raises NotHers, NotOffered,
    DayPast, PromiseTooFar, TooOften, NotAnAmount, NotAllowed.
    """
    _locked(person_id, by)
    loans = _hers(person_id, loan_ids, at)
    where = whereabouts_of(person_id, at)
    must_be_offered(loans, person_id, at)
    _within(loans, on, origin, where.today(at))
    amounts = _shared(loans, on, amount)
    open_now = _open(person_id, loan_ids)
    if same := _same(open_now, on, amounts):
        return _told(same, where, is_new=False)
    _not_too_often(person_id, loan_ids, origin, at)
    promise = _kept(person_id, on, origin, _actor(by, person_id), at)
    parts = _parts(promise, loans, amounts, where, replacing=open_now, at=at)
    note(
        action="promise_made", by=_actor(by, person_id), at=at, about=surrogate_of(person_id),
        detail={"promise": promise.pk, "origin": origin, "loans": len(parts)},
    )  # fmt: skip
    return Promised(promise, tuple(parts), send_by(on, where))


def _locked(person_id: str, by: Staff | Actor | None) -> None:
    """One promise of a person at a time; staff only for people they may see."""
    people = Person.objects.all()
    if isinstance(by, Staff):
        require(by, Power.RECORD_FACTS)
        people = Person.objects.visible_to(by)
    if people.select_for_update(no_key=True).filter(pk=person_id).first() is None:
        raise NotHers("This loan cannot be found.")


def _hers(person_id: str, loan_ids: Collection[str], at: datetime) -> list[Loan]:
    found = [it for it in loans_of(person_id, at) if it.loan_id in set(loan_ids)]
    if not found or len(found) < len(set(loan_ids)):
        raise NotHers("This loan cannot be found.")
    return found


def _within(loans: Collection[Loan], on: date, origin: Origin, today: date) -> None:
    if on < today:
        raise DayPast("This day has passed. Please choose a day from today on.")
    latest = latest_day(loans, today, origin)
    if on > latest:
        raise PromiseTooFar("This day is too far ahead. Please choose an earlier one, or ask for help.")


def latest_day(loans: Collection[Loan], today: date, origin: Origin) -> date:
    """The last day that may be chosen: of several loans the strictest counts."""
    limits = promise_limits(settings.CONTENT)
    return today + timedelta(days=min(limits.days_ahead(it.product, origin) for it in loans))


def _open(person_id: str, loan_ids: Collection[str]) -> list[Part]:
    return list(
        Part.objects.filter(person_id=person_id, subject__in=loan_ids, state="open").select_related("promise")
    )


def due_then(loan: Loan, on: date) -> int:
    """What is to be paid up to that day, in minor units; of a loan where nothing is due by then, its next payment."""
    return loan.due_by(on) or (loan.next_one.left if loan.next_one else 0)


def _shared(loans: Sequence[Loan], on: date, amount: Money | None) -> Mapping[str, int]:
    """How much of it is for which loan: what is due first, then what else is open."""
    if amount is None:
        return {it.loan_id: due_then(it, on) for it in loans}
    if any(it.currency != amount.currency for it in loans) or not 0 < amount.minor <= sum(
        it.left for it in loans
    ):
        raise NotAnAmount("Please say an amount above zero, and no more than is still to be paid.")
    left, found = amount.minor, dict.fromkeys((it.loan_id for it in loans), 0)
    for most in (lambda it: due_then(it, on), lambda it: it.left):
        for it in sorted(loans, key=lambda it: it.next_one.due_on if it.next_one else on):
            took = min(left, most(it) - found[it.loan_id])
            found[it.loan_id] += took
            left -= took
    return {loan_id: each for loan_id, each in found.items() if each}


def _same(parts: Sequence[Part], on: date, amounts: Mapping[str, int]) -> list[Part] | None:
    """The open promise, where it says just this."""
    is_same = {it.subject: it.amount for it in parts} == dict(amounts) and all(
        it.promise.on == on for it in parts
    )
    return list(parts) if is_same and len({it.promise_id for it in parts}) == 1 else None


def _not_too_often(person_id: str, loan_ids: Collection[str], origin: Origin, at: datetime) -> None:
    renewals = promise_limits(settings.CONTENT).renewals
    since = at - timedelta(days=renewals.within_days)
    ended = Part.objects.filter(
        person_id=person_id,
        subject__in=loan_ids,
        state__in=("broken", "partly_kept", "replaced"),
        ended_at__gte=since,
    ).select_related("promise")
    # A day changed on the day it was chosen is one that was never relied upon.
    relied = {
        it.promise_id for it in ended if it.ended_at and it.ended_at - it.promise.made_at >= timedelta(days=1)
    }
    if len(relied) >= renewals.of(origin):
        raise TooOften("Several days have not worked out. Let us find something that fits better.")


def _kept(person_id: str, on: date, origin: Origin, by: Actor, at: datetime) -> Promise:
    return Promise.objects.create(
        person_id=person_id, on=on, origin=origin, by=f"{by.kind}:{by.id}", made_at=at
    )


def _parts(
    promise: Promise,
    loans: Sequence[Loan],
    amounts: Mapping[str, int],
    where: Whereabouts,
    *,
    replacing: Sequence[Part],
    at: datetime,
) -> list[Part]:
    for it in replacing:
        it.move("replaced")
        it.ended_at = at
    Part.objects.bulk_update(replacing, ["state", "ended_at"])
    over_at = where.over_at(promise.on, promise_limits(settings.CONTENT).arrives)
    parts = [
        Part.objects.create(
            promise=promise, person_id=promise.person_id, subject=it.loan_id, currency=it.currency,
            amount=amounts[it.loan_id], paid_before=it.paid, over_at=over_at, judge_at=over_at,
        )
        for it in loans if it.loan_id in amounts
    ]  # fmt: skip
    promise.replaces.set(replacing)
    write_facts([*replacing, *parts], at=at)
    return parts


def _told(parts: Sequence[Part], where: Whereabouts, *, is_new: bool) -> Promised:
    promise = parts[0].promise
    return Promised(promise, tuple(parts), send_by(promise.on, where), is_new)


def send_by(on: date, where: Whereabouts) -> date | None:
    """The last working day before, where banks rest on the day itself."""
    return None if where.is_working(on) else where.working_before(on)


def _actor(by: Staff | Actor | None, person_id: str) -> Actor:
    if isinstance(by, Staff):
        return staff_actor(by)
    return by or person_actor(surrogate_of(person_id))
