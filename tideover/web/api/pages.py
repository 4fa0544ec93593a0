"""Cursors: where a page ended, as a text that says nothing to whoever carries it."""

from __future__ import annotations

from django.core import signing

from tideover.web.api.problems import Problem

SALT = "tideover.api.cursor"


def cursor_of(*place: str | int) -> str:
    """The cursor behind this place."""
    return signing.dumps(list(place), salt=SALT)


def place_of(cursor: str, *kinds: type) -> tuple[str | int, ...]:
    """Where it points. Raises Problem."""
    try:
        place = signing.loads(cursor, salt=SALT)
    except signing.BadSignature:
        place = None
    except (ValueError, RecursionError):  # a text that was never one of ours
        place = None
    if not isinstance(place, list) or [type(it) for it in place] != list(kinds):
        raise Problem(422, "bad_cursor", "Give the cursor just as 'next' had it.", field="cursor")
    return tuple(place)
