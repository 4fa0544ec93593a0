"""Who is in the book, and who of those that are not was erased: asked before something is written about them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from tideover.book.left_out import WhoIsOut
from tideover.book.models import Person
from tideover.book.queries import chunks

AT_ONCE = 5_000

WHO_IS_OUT: list[WhoIsOut] = []
"""Whoever knows whom the lender has erased enters here when it is loaded."""


def erased_among(people: Iterable[str]) -> set[str]:
    """Those of these people who were erased. Whoever is here is not erased before the transaction of the caller ends."""
    asked = set(people)
    missing = asked - _here(asked)
    return {it for who_is_out in WHO_IS_OUT for it in who_is_out(missing)} if missing else set()


def _here(people: set[str]) -> set[str]:
    """Those who are in the book, and stay there; on SQLite whoever writes is alone as it is."""
    stay = " FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    found: set[str] = set()
    for some in chunks(people, AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT person_id FROM {Person._meta.db_table} "  # noqa: S608 - names of ours
                f"WHERE person_id IN ({', '.join(['%s'] * len(some))}){stay}",
                [str(it) for it in some],
            )
            found.update(key for (key,) in cursor.fetchall())
    return found
