"""Facts as they stand, and holds that are put and end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tideover.book.actions import record
from tideover.book.models import FACTS, Fact

SOURCE = "person"


def latest(table: str, **about: object) -> list[Any]:
    """The newest version of each row that is about this: what was said last, were it in this very second."""
    rows = FACTS[table].objects.filter(**about).order_by("recorded_at", "id")
    return list({tuple(getattr(it, name) for name in it.table.key): it for it in rows}.values())


def columns(fact: Fact) -> dict[str, object]:
    """What a version says, to be said again with a change."""
    return {it.name: getattr(fact, it.name) for it in fact.table.columns}


def hold(
    person_id: str, kind: str, *, key: str, at: datetime, loan_id: str = "", until: datetime | None = None,
    from_at: datetime | None = None,
) -> None:  # fmt: skip
    """Something of hers rests from now on."""
    row = {
        "hold_id": key, "person_id": person_id, "loan_id": loan_id or None, "kind": kind, "from_at": from_at or at,
        "until_at": until,
    }  # fmt: skip
    record("holds", [row], source=SOURCE, at=at)


def lift(person_id: str, key: str, at: datetime) -> None:
    """The hold ends now; one that is not there, or has ended, stays as it is."""
    for it in (
        FACTS["holds"].objects.filter(person_id=person_id, hold_id=key).order_by("-recorded_at", "-id")[:1]
    ):
        if it.until_at is None or it.until_at > at:
            record("holds", [{**columns(it), "until_at": at}], source=SOURCE, at=at)


def country_of(person_id: str) -> str:
    """Where she lives, as far as it is known."""
    row = FACTS["borrowers"].objects.filter(borrower_id=person_id).order_by("-recorded_at", "-id").first()
    return (row.country or "") if row else ""
