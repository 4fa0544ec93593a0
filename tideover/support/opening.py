"""Cases opened in the same moment as the thing was said: by a verb, or by a person herself from the page with the question."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from django.db import transaction

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.book.models import Person
from tideover.book.surrogates import surrogate_of
from tideover.kit.cards import cover_cards
from tideover.kit.text import without_bidi_controls
from tideover.support.models import DAYS, USUAL_DAYS, Case

LONGEST = 4_000

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
    return _opened(kind, person_id, origin=origin, at=at, said=said, subject=subject, due=due)[0]


@transaction.atomic
def ask_for_case(*, kind: str, person_id: str, subject: str, said: str, key: str, at: datetime) -> Case:
    """She asks for it herself, and the trail says so; asked twice with the same key it is one case."""
    origin = f"asked-{hashlib.sha256(f'{person_id} {key}'.encode()).hexdigest()[:40]}"
    words = cover_cards(without_bidi_controls(said)).strip()[:LONGEST]
    made, is_new = _opened(kind, person_id, origin=origin, at=at, said=words, subject=subject)
    if is_new:
        her = surrogate_of(person_id)
        note(action="case_opened", by=person_actor(her), at=at, about=her, detail={"kind": kind})
    return made


def _opened(
    kind: str, person_id: str, *, origin: str, at: datetime, said: str, subject: str, due: date | None = None
) -> tuple[Case, bool]:
    branch = Person.objects.filter(pk=person_id).values_list("branch", flat=True).first() or ""
    told = {
        "kind": kind, "person_id": person_id or NOBODY, "subject": subject, "branch": branch, "said": cover_cards(said) or None,
        "due_on": due or at.date() + timedelta(days=DAYS.get(kind, USUAL_DAYS)), "opened_at": at,
    }  # fmt: skip
    return Case.objects.get_or_create(from_row=origin[:80], defaults=told)
