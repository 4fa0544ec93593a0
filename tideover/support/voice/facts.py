"""Facts as they stand, and holds that are put and end."""

from __future__ import annotations

from datetime import datetime

from tideover.access.allowed import may
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.actions import record
from tideover.book.models import FACTS
from tideover.book.newest import newest_one
from tideover.strategy.telling import words

SOURCE = "person"


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
            record("holds", [{**it.as_row, "until_at": at}], source=SOURCE, at=at)


def ended_by(kind: str) -> tuple[str, ...]:
    """The roles that `holds.yaml` names for this kind of hold."""
    known = words().lists.holds.get(kind)
    return known.lifted_by if known else ()


def may_end(by: Staff, kind: str) -> bool:
    """Whether this member of staff may end holds, and of this kind."""
    return may(by, Power.LIFT_HOLD) and by.role in ended_by(kind)


def country_of(person_id: str) -> str:
    """Where she lives, as far as it is known."""
    row = newest_one("borrowers", borrower_id=person_id)
    return (row.country or "") if row else ""
