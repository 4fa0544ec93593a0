"""Complaints and disputes: made in any words, on a clock, answered with reasons. What is disputed rests meanwhile."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from tideover.access.actors import person_actor, staff_actor
from tideover.access.allowed import require
from tideover.access.audit import note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.actions import record
from tideover.book.models import FACTS, Person
from tideover.book.surrogates import surrogate_of
from tideover.kit.cards import cover_cards
from tideover.kit.days import day_of
from tideover.kit.errors import Refused
from tideover.strategy.gate import consider
from tideover.support.models import Case
from tideover.support.voice.clocks import days_for
from tideover.support.voice.models import MOVES, Complaint

SOURCE = "person"
UNDO = timedelta(hours=24)
"""How long she may take a complaint back, or take the taking back back."""


class NothingSaid(Refused):
    """A complaint says at least what is wrong."""


class NotHers(Refused):
    """There is no such complaint of hers."""


class NotPossible(Refused):
    """The complaint is in a state from which this cannot be done."""


class ReasonsNeeded(Refused):
    """An answer gives its reasons."""


@transaction.atomic
def complain(
    *,
    person_id: str,
    text: str,
    at: datetime,
    once: str,
    loan_id: str = "",
    wish: str = "",
    is_dispute: bool = False,
) -> Complaint:
    """Take in what she says is wrong; a person answers by a day that she is told. The same page sent twice is one.

    A dispute lets everything about that loan rest; a complaint lets fees and offers rest. Raises NothingSaid.
    """
    key = f"complaint-{once}"
    known = Complaint.objects.filter(complaint_id=key).first()
    if known is not None:
        return known
    if not text.strip():
        raise NothingSaid("Tell us in a few words what is wrong.")
    what, country = ("dispute" if is_dispute else "complaint"), _country(person_id)
    days = days_for(country, at.date())
    made = Complaint.objects.create(
        complaint_id=key, person_id=person_id, loan_id=loan_id, what=what, text=cover_cards(text.strip()),
        wish=cover_cards(wish.strip()) or None, told_at=at, acknowledge_by=days.acknowledge_by, answer_by=days.answer_by,
        basis=days.basis,
    )  # fmt: skip
    _told(made, at)
    _rests(made, at)
    branch = Person.objects.filter(pk=person_id).values_list("branch", flat=True).first() or ""
    Case.objects.create(
        kind="complaint", person_id=person_id, subject=loan_id, branch=branch, said=made.text, from_row=key[:80],
        due_on=days.acknowledge_by, opened_at=at,
    )  # fmt: skip
    with suppress(Refused):
        consider(
            person_id=person_id, occasion="complaint_received", at=at, subject=loan_id, because="you_asked_for_it",
            values={"reply_by_on": day_of(days.answer_by)},
        )  # fmt: skip
    note(action="complaint_made", by=person_actor(surrogate_of(person_id)), at=at, detail={"what": what})
    return made


@transaction.atomic
def answer(*, complaint: Complaint, text: str, by: Staff, at: datetime, redress: str = "") -> Complaint:
    """Our answer with its reasons, and what we put right. Raises NotAllowed, NotPossible, ReasonsNeeded."""
    require(by, Power.ANSWER)
    if not text.strip():
        raise ReasonsNeeded("Write the answer with its reasons.")
    found = _moved(complaint, "answered")
    found.answer, found.redress, found.answered_at = text.strip(), redress.strip(), at
    found.save()
    _told(found, at)
    _rests(found, at)
    note(action="complaint_answered", by=staff_actor(by), at=at, about=surrogate_of(found.person_id))
    return found


@transaction.atomic
def not_settled(*, complaint: Complaint, text: str, at: datetime) -> Complaint:
    """The answer does not settle it: it is open again, with a new day. Raises NotPossible."""
    found = _moved(complaint, "open")
    days = days_for(_country(found.person_id), at.date())
    found.acknowledge_by, found.answer_by = days.acknowledge_by, days.answer_by
    found.text = f"{found.text}\n\n{cover_cards(text.strip())}".strip()
    found.save()
    _told(found, at)
    _rests(found, at)
    branch = Person.objects.filter(pk=found.person_id).values_list("branch", flat=True).first() or ""
    Case.objects.get_or_create(
        from_row=f"again-{found.pk}-{int(at.timestamp())}",
        defaults={
            "kind": "complaint", "person_id": found.person_id, "subject": found.loan_id, "branch": branch, "said": found.text,
            "due_on": found.acknowledge_by, "opened_at": at,
        },
    )  # fmt: skip
    return found


@transaction.atomic
def withdraw(*, complaint: Complaint, at: datetime) -> Complaint:
    """She takes it back. Raises NotPossible."""
    found = _moved(complaint, "withdrawn")
    found.answered_at = at
    found.save()
    _told(found, at)
    _rests(found, at)
    Case.objects.filter(from_row=found.complaint_id[:80]).exclude(state="closed").update(
        state="closed", outcome="nothing_to_do", closed_at=int(at.timestamp())
    )
    return found


def complaints_of(person_id: str) -> list[Complaint]:
    """Hers, the newest first."""
    return list(Complaint.objects.filter(person_id=person_id).order_by("-told_at", "-pk"))


def _moved(complaint: Complaint, state: str) -> Complaint:
    found = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if state not in MOVES[found.state]:
        raise NotPossible("This has changed meanwhile. Please look at it again.")
    found.state = state
    return found


def _told(made: Complaint, at: datetime) -> None:
    is_over = made.state in ("answered", "withdrawn")
    row = {
        "complaint_id": made.complaint_id, "person_id": made.person_id, "loan_id": made.loan_id or None, "what": made.what,
        "at": made.told_at, "state": made.state, "closed_at": at if is_over else None,
    }  # fmt: skip
    record("complaints", [row], source=SOURCE, at=at)


def _rests(made: Complaint, at: datetime) -> None:
    """What is said to be wrong rests until it is answered."""
    is_over = made.state in ("answered", "withdrawn")
    hold = {
        "hold_id": f"{made.what}-{made.complaint_id}"[:200], "person_id": made.person_id, "loan_id": made.loan_id or None,
        "kind": made.what, "from_at": made.told_at, "until_at": at if is_over else None,
    }  # fmt: skip
    record("holds", [hold], source=SOURCE, at=at)


def _country(person_id: str) -> str:
    rows = FACTS["borrowers"].objects.filter(borrower_id=person_id).order_by("-recorded_at", "-id")
    return rows.values_list("country", flat=True).first() or ""
