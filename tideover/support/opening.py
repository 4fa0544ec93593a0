"""A case that a person opens herself, from the very page where she has the question."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.book.models import Person
from tideover.book.surrogates import surrogate_of
from tideover.kit.cards import cover_cards
from tideover.kit.text import without_bidi_controls
from tideover.support.models import DAYS, USUAL_DAYS, Case

LONGEST = 4_000


@transaction.atomic
def open_case(*, kind: str, person_id: str, subject: str, said: str, key: str, at: datetime) -> Case:
    """Somebody of us sees to it; asked twice with the same key it is one case."""
    branch = Person.objects.filter(pk=person_id).values_list("branch", flat=True).first()
    made, is_new = Case.objects.get_or_create(
        from_row=f"asked-{hashlib.sha256(f'{person_id} {key}'.encode()).hexdigest()[:40]}",
        defaults={
            "kind": kind, "person_id": person_id, "subject": subject, "branch": branch or "",
            "said": cover_cards(without_bidi_controls(said)).strip()[:LONGEST] or None,
            "due_on": at.date() + timedelta(days=DAYS.get(kind, USUAL_DAYS)), "opened_at": at,
        },
    )  # fmt: skip
    if is_new:
        her = surrogate_of(person_id)
        note(action="case_opened", by=person_actor(her), at=at, about=her, detail={"kind": kind})
    return made
