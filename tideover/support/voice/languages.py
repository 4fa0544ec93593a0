"""The language in which she reads our messages."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.book.actions import record
from tideover.book.newest import newest_one
from tideover.book.surrogates import surrogate_of
from tideover.support.voice.facts import SOURCE


@transaction.atomic
def read_in(*, person_id: str, language: str, at: datetime) -> None:
    """From now on messages to her come in this language."""
    row = newest_one("borrowers", borrower_id=person_id)
    if row is None:
        return
    record("borrowers", [{**row.as_row, "language": language}], source=SOURCE, at=at)
    wish = {"person_id": person_id, "name": "language", "value": language, "set_at": at}
    record("preferences", [wish], source=SOURCE, at=at)
    her = surrogate_of(person_id)
    note(action="language_chosen", by=person_actor(her), at=at, about=her, detail={"language": language})
