"""How somebody wants to get her bills: on her pages alone, with a notice, or on paper. Changed in two taps, and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.book.actions import record
from tideover.book.models import FACTS
from tideover.book.newest import newest
from tideover.book.surrogates import surrogate_of
from tideover.kit.errors import Refused

WISH = "bills"
"""The name of the wish among her preferences."""

PORTAL = "portal"
BY = (PORTAL, "email", "sms", "letter")
"""Her pages only; a notice by mail or text message; paper."""


class NoSuchWay(Refused):
    """Bills do not come that way."""


class NoAddress(Refused):
    """We have no address of hers for it."""


def bills_by(person_id: str, at: datetime) -> str:
    """As she last chose; her pages alone where she never did."""
    row = _wishes(at).filter(person_id=person_id).last()
    return row.value if row is not None and row.value in BY else PORTAL


def ways_open(person_id: str, at: datetime) -> tuple[str, ...]:
    """Those for which we have an address that works, in the order of BY."""
    known = {
        it.channel
        for it in newest("contact_points", person_id=person_id, at=at)
        if it.state == "ok" and (it.since is None or it.since <= at) and (it.until is None or it.until > at)
    }
    return tuple(it for it in BY if it == PORTAL or it in known)


@transaction.atomic
def choose_bills(*, person_id: str, by: str, at: datetime) -> str:
    """Her choice from now on; what it was before is handed back, to undo it. Raises NoSuchWay, NoAddress."""
    if by not in BY:
        raise NoSuchWay("Bills come on your pages, with a notice by mail or text message, or on paper.")
    if by not in ways_open(person_id, at):
        raise NoAddress("We have no address of yours for that yet.")
    before = bills_by(person_id, at)
    if by != before:
        wish = {"person_id": person_id, "name": WISH, "value": by, "set_at": at}
        record("preferences", [wish], source="portal", at=at)
        her = surrogate_of(person_id)
        note(action="bills_chosen", by=person_actor(her), at=at, about=her, detail={"by": by})
    return before


def who_wants_notices(at: datetime) -> dict[str, str]:
    """Everybody who chose a notice or paper, and by which channel."""
    latest = {it.person_id: it.value for it in _wishes(at)}
    return {person: by for person, by in latest.items() if by in BY and by != PORTAL}


def _wishes(at: datetime) -> Any:
    rows = FACTS["preferences"].objects.filter(name=WISH, recorded_at__lte=at)
    return rows.order_by("recorded_at", "id")
