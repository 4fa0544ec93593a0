"""The day that a text message offers: whoever answers "1" has chosen it. Read from what is known of its person, without a query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from django.conf import settings

from tideover.delivery.about import subjects_of
from tideover.delivery.channels.sms.settings import answers_come_back
from tideover.delivery.known_values import Known, Row, Values
from tideover.delivery.models import Message
from tideover.engine.message import Told
from tideover.kit.calendars import local_day
from tideover.kit.days import date_of, day_of
from tideover.repayment.promises.days import next_on, usual_day
from tideover.repayment.promises.from_answer import OFFERED
from tideover.repayment.promises.limits import PromiseLimits, promise_limits
from tideover.repayment.promises.suggesting import LAST
from tideover.repayment.promises.whereabouts import Whereabouts

NEAR = timedelta(days=14)
"""A payday within it is offered; before a later one the next payment would be due, or patience is over."""

A_DAY = 86_400


def offered_in(message: Message, known: Known, told: Told) -> Values:
    """The day to offer with a message of this moment; nothing where an answer would not reach us or none may be promised."""
    at = told.number("at")
    if message.channel != "sms" or at is None or not answers_come_back():
        return {}
    loans = [row for it in subjects_of(message) for row in known.rows("loans", "loan_id", it)]
    limits = promise_limits(settings.CONTENT)
    if len(loans) < len(subjects_of(message)) or not all(
        _may(it, message, known, at, limits) for it in loans
    ):
        return {}
    on = _day(loans, message, known, at, limits)
    return {OFFERED: day_of(on)} if on else {}


def _may(loan: Row, message: Message, known: Known, at: int, limits: PromiseLimits) -> bool:
    """Hers and open, not too old to be claimed, not protected, not promised already, and not promised in vain too often."""
    loan_id = str(loan["loan_id"])
    barred = _whole(loan["limitation_on"])
    return (
        _is_hers(loan, message.person_id, known, at)
        and loan["closed_on"] is None
        and (barred is None or barred > divmod(at, A_DAY)[0])
        and not _is_held({message.person_id, str(loan["borrower_id"])}, loan_id, known, at, limits)
        and any(_left(it) for it in known.rows("instalments", "loan_id", loan_id))
        and _may_be_promised_again(message.person_id, loan_id, known, at, limits)
    )


def _is_hers(loan: Row, person: str, known: Known, at: int) -> bool:
    roles = (it for it in known.rows("parties", "loan_id", str(loan["loan_id"])) if it["person_id"] == person)
    return loan["borrower_id"] == person or any(it["role"] == "co_borrower" and _runs(it, at) for it in roles)


def _is_held(people: set[str], loan_id: str, known: Known, at: int, limits: PromiseLimits) -> bool:
    """Stricter than where she chooses herself: whoever is protected by it, nobody is asked about the loan."""
    of_people = (it for person in sorted(people) for it in known.rows("holds", "person_id", person))
    about_it = [it for it in of_people if it["loan_id"] in (None, "", loan_id)]
    every = [*about_it, *known.rows("holds", "loan_id", loan_id)]
    return any(it["kind"] in limits.not_while and _runs(it, at) for it in every)


def _runs(row: Row, at: int) -> bool:
    start, end = _whole(row["from_at"]), _whole(row["until_at"])
    return (start is None or start <= at) and (end is None or end > at)


def _may_be_promised_again(person: str, loan_id: str, known: Known, at: int, limits: PromiseLimits) -> bool:
    hers = [it for it in known.rows("promises", "loan_id", loan_id) if it["person_id"] == person]
    since = at - limits.renewals.within_days * A_DAY
    unkept = [
        it for it in hers if it["end"] in ("broken", "replaced") and (_whole(it["ended_at"]) or 0) >= since
    ]
    return all(it["ended_at"] is not None for it in hers) and len(unkept) < limits.renewals.of("self")


def _day(loans: Sequence[Row], message: Message, known: Known, at: int, limits: PromiseLimits) -> date | None:
    """Her payday where one is near, else the next working day; of a payment that is coming none after its own day."""
    where = _where(message.person_id, known)
    today = where.today(datetime.fromtimestamp(at, UTC))
    latest = today + timedelta(days=min(limits.days_ahead(str(it["product"] or ""), "self") for it in loans))
    due = min(day for it in loans if (day := _due_on(it, known)) is not None)
    is_late = due < today
    payday = usual_day(_paid_on(loans, where, known))
    near = where.working_after(next_on(payday, today)) if payday else None
    usual = where.working_after(today + timedelta(days=1)) if is_late else where.working_before(due)
    last = min(latest, today + NEAR) if is_late else min(latest, due)
    return next((it for it in (near, usual) if it is not None and today < it <= last), None)


def _where(person: str, known: Known) -> Whereabouts:
    row = next(iter(known.rows("borrowers", "borrower_id", person)), None)
    return Whereabouts(str((row and row["timezone"]) or "UTC"), str((row and row["country"]) or ""))


def _due_on(loan: Row, known: Known) -> date | None:
    """The day of the oldest payment of the loan that is not made."""
    steps = known.rows("instalments", "loan_id", str(loan["loan_id"]))
    days = [day for it in steps if _left(it) and (day := _whole(it["due_on"])) is not None]
    return date_of(min(days)) if days else None


def _paid_on(loans: Sequence[Row], where: Whereabouts, known: Known) -> list[date]:
    """The days of her last payments, on her own calendar."""
    ids = [str(it["loan_id"]) for it in loans]
    rows = [row for it in ids for row in known.rows("payments", "loan_id", it) if row["reversed_at"] is None]
    days = sorted(local_day(where.zone, at) for it in rows if (at := _whole(it["paid_at"])) is not None)
    return [date_of(it) for it in days[-LAST:]]


def _left(step: Row) -> int:
    return sum(_whole(step[part]) or 0 for part in ("principal", "interest", "fees")) - (
        _whole(step["paid"]) or 0
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
