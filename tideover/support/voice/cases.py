"""A case for a person of ours, opened in the same moment as the thing was said."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tideover.book.models import Person
from tideover.kit.cards import cover_cards
from tideover.support.models import DAYS, USUAL_DAYS, Case

NOBODY = "somebody-not-found"
"""Stands for whoever we have yet to find; only staff who see every branch read such a case."""


def open_case(
    kind: str,
    person_id: str,
    *,
    origin: str,
    at: datetime,
    said: str = "",
    subject: str = "",
    due: date | None = None,
) -> Case:
    """The case, opened once however often it is asked: `origin` says from what it came."""
    branch = Person.objects.filter(pk=person_id).values_list("branch", flat=True).first() or ""
    told = {
        "kind": kind, "person_id": person_id or NOBODY, "subject": subject, "branch": branch, "said": cover_cards(said) or None,
        "due_on": due or at.date() + timedelta(days=DAYS.get(kind, USUAL_DAYS)), "opened_at": at,
    }  # fmt: skip
    return Case.objects.get_or_create(from_row=origin[:80], defaults=told)[0]
