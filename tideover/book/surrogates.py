"""The key that stands for a person in the audit trail and in logs; erasing her removes the only tie between the two."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from tideover.book.models import Person


def surrogate_of(person_id: str) -> str:
    """Her surrogate, made when it is first asked for; "" where nobody of that key is known."""
    known = Person.objects.filter(pk=person_id).values_list("surrogate", flat=True).first()
    if known:
        return known
    Person.objects.filter(pk=person_id, surrogate=None).update(surrogate=f"p-{secrets.token_hex(16)}")
    return Person.objects.filter(pk=person_id).values_list("surrogate", flat=True).first() or ""


def people_behind(surrogates: Iterable[str]) -> dict[str, str]:
    """Whom surrogates stand for, for pages that read the trail; an erased person is not among them."""
    known = Person.objects.filter(surrogate__in=set(surrogates))
    return {str(surrogate): person for surrogate, person in known.values_list("surrogate", "person_id")}
