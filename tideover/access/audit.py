"""The audit trail: one chain of rows, each sealed over the one before.

`note` adds a row in the caller's transaction, so that what was done and that it was done are kept or lost together.
`verify` finds the first row that was edited, removed, swapped or put in; what was cut off at the end, or written anew
as a whole, it finds by anchors that lie elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from tideover.access.actors import Actor
from tideover.access.models import AuditHead, AuditRow
from tideover.access.sealing import told_apart
from tideover.kit.errors import Refused

Plain = str | int | bool | None | Sequence["Plain"] | Mapping[str, "Plain"]
FIELDS = ("number", "at", "actor_kind", "actor_id", "action", "about", "detail", "previous_hash")
CODE = re.compile(r"[\w.:/+\-]{0,200}", re.ASCII)
PHONE = re.compile(r"\+\d{7,15}")
START = ""


class PersonalInAudit(Refused):
    """The audit trail is kept for ever: it takes keys, codes and numbers, never words or addresses of people."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the chain as it stood at a moment, kept where whoever changes the database cannot."""

    number: int
    hash: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: how many rows hold, and where and why the first one does not."""

    rows: int
    hash: str
    broken_at: int | None = None
    why: str = ""

    @property
    def holds(self) -> bool:
        return self.broken_at is None


def note(
    *, action: str, by: Actor, at: datetime, about: str = "", detail: Mapping[str, Plain] | None = None
) -> AuditRow:
    """Add what somebody did. Whoever adds waits for the one before: the chain has one end. Raises PersonalInAudit."""
    for told in (action, by.id, about, dict(detail or {})):
        _refuse_personal(told)
    with transaction.atomic():
        head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
        row = AuditRow(
            number=head.number + 1, at=at.astimezone(UTC), actor_kind=by.kind, actor_id=by.id, action=action,
            about=about, detail=dict(detail or {}), previous_hash=head.hash,
        )  # fmt: skip
        row.hash = _sealed(tuple(getattr(row, name) for name in FIELDS))
        row.save()
        head.number, head.hash = row.number, row.hash
        head.save()
    return row


def sight(branches: Sequence[str], *, every: bool) -> dict[str, Plain]:
    """Of which branches somebody sees the people: how many, and a mark by which other ones are told apart. Names are words."""
    return {"every_branch": every, "branches": len(branches), "branches_mark": told_apart(branches)}


def head() -> Anchor:
    """The end of the chain now."""
    found = AuditHead.objects.filter(pk=1).first()
    return Anchor(found.number, found.hash) if found else Anchor(0, START)


def verify(*, upto: int | None = None, anchors: Iterable[Anchor] = ()) -> Verified:
    """Walk the chain from its first row; with `upto` only so far. Anchors beyond the end show what was cut off."""
    end = head()
    last = end.number if upto is None else min(upto, end.number)
    expected: dict[int, set[str]] = {}
    for it in anchors:
        if it.number and (upto is None or it.number <= upto):
            expected.setdefault(it.number, set()).add(it.hash)
    rows = AuditRow.objects.order_by("number")
    if upto is not None:
        rows = rows.filter(number__lte=upto)
    number, previous = 0, START
    for *told, kept in rows.values_list(*FIELDS, "hash").iterator(chunk_size=5_000):
        why = _wrong(tuple(told), kept, number, previous, expected.get(told[0], set()))
        if why:
            return Verified(number, previous, broken_at=min(number + 1, told[0]), why=why)
        number, previous = told[0], kept
    return _ended(number, previous, last, end, upto, expected)


def _ended(
    number: int, previous: str, last: int, end: Anchor, upto: int | None, expected: Iterable[int]
) -> Verified:
    if number < last or (upto is None and (number, previous) != (end.number, end.hash)):
        return Verified(
            number, previous, number + 1, "rows at the end are missing, or were added past the head"
        )
    beyond = [it for it in expected if it > number]
    if beyond:
        return Verified(number, previous, number + 1, f"an anchor knows of row {max(beyond)}")
    return Verified(number, previous)


def _wrong(told: tuple[object, ...], kept: str, number: int, previous: str, anchored: set[str]) -> str | None:
    if told[0] != number + 1:
        return "a row is missing, or stands where none was"
    if told[-1] != previous:
        return "it does not follow from the row before"
    if _sealed(told) != kept:
        return "it says something else than when it was written"
    if anchored - {kept}:  # two anchors of one row may differ: then one of them was changed
        return "the chain was written anew: its hash is not the anchor's"
    return None


def _sealed(told: tuple[object, ...]) -> str:
    named = dict(zip(FIELDS, told, strict=True))
    at = named["at"]
    if isinstance(at, datetime):
        named["at"] = at.astimezone(UTC).isoformat()
    canonical = json.dumps(
        named, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False, default=repr
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _refuse_personal(told: object) -> None:
    if told is None or isinstance(told, bool | int):
        return
    if isinstance(told, str) and CODE.fullmatch(told) and not PHONE.fullmatch(told):
        return
    if isinstance(told, Mapping):
        for key, value in told.items():
            _refuse_personal(key)
            _refuse_personal(value)
    elif isinstance(told, list | tuple):
        for value in told:
            _refuse_personal(value)
    else:
        raise PersonalInAudit(
            "The audit trail takes keys, codes and whole numbers only; "
            f"what was given is {type(told).__name__} with something else in it."
        )
