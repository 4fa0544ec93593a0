"""Facts as they stand, row by row, for pages and verbs: what was said last, or what was known at a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tideover.book.models import FACTS, Fact


def newest(table: str, *which: Q, at: datetime | None = None, **about: object) -> list[Any]:
    """The newest version of each row of a table that is about this; of those known by a moment where one is given."""
    rows = _about(table, at, about).filter(*which).order_by("recorded_at", "id")
    return list({tuple(getattr(it, name) for name in it.table.key): it for it in rows}.values())


def newest_one(table: str, *, at: datetime | None = None, **about: object) -> Any | None:
    """What was said last about this; None where nothing was."""
    return _about(table, at, about).order_by("-recorded_at", "-id").first()


def _about(table: str, at: datetime | None, about: dict[str, object]) -> QuerySet[Fact]:
    known = about if at is None else {**about, "recorded_at__lte": at}
    found: QuerySet[Fact] = FACTS[table].objects.filter(**known)
    return found
