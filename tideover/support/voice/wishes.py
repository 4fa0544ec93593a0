"""Her wishes: each a preference under the name and with the values that the engine reads. What was changed can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.book.actions import record
from tideover.book.models import FACTS
from tideover.book.newest import newest
from tideover.book.surrogates import surrogate_of
from tideover.engine.insight.needs import SUPPORT_NEEDS
from tideover.kit.errors import Refused
from tideover.support.voice.facts import SOURCE

CHANNELS = ("app", "push", "email", "sms", "letter", "call", "visit")
HOURS = ("morning", "afternoon", "evening")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RHYTHMS = ("weekly", "fortnightly", "monthly")
YES, NO = "yes", "no"
NEEDS = SUPPORT_NEEDS
LETTERS_ONLY = "letters_only"


class UnknownWish(Refused):
    """Such a wish, or such a value of it, is not known."""


class ChangedSince(Refused):
    """What is to be undone has changed meanwhile."""


@dataclass(frozen=True)
class Kind:
    """A wish by its values. `many`: several may be chosen; what is kept is a list with commas."""

    values: tuple[str, ...]
    many: bool = False


KINDS: Mapping[str, Kind] = {
    "channels": Kind(CHANNELS, many=True),
    "hours": Kind(HOURS),
    "quiet_days": Kind(DAYS, many=True),
    "rhythm": Kind(RHYTHMS),
    "do_not_study": Kind((YES, NO)),
    **{it: Kind((YES, NO)) for it in NEEDS},
}
"""All wishes; nothing chosen means that she has none."""


def wishes_of(person_id: str) -> dict[str, str]:
    """What she wishes now, by name."""
    rows = newest("preferences", person_id=person_id)
    return {it.name: it.value for it in rows if it.value and it.name in KINDS}


@transaction.atomic
def wish(*, person_id: str, name: str, values: Iterable[str], at: datetime) -> None:
    """Write a wish down; it holds from the next decision on, and what waits is looked at again. Raises UnknownWish."""
    chosen = _chosen(name, values)
    rows = [_row(person_id, name, chosen, at)]
    if name == LETTERS_ONLY:
        # Letters alone closes every other channel, and its end opens them again.
        rows.append(_row(person_id, "channels", "letter" if chosen == YES else None, at))
    record("preferences", rows, source=SOURCE, at=at)
    _noted("wish_told", person_id, name, at)


@transaction.atomic
def take_back(*, person_id: str, name: str, version: int, at: datetime) -> None:
    """As it was before this version of the wish; pressed twice it is done once. Raises UnknownWish, ChangedSince."""
    if name not in KINDS:
        raise UnknownWish("We do not know this wish.")
    rows = list(
        FACTS["preferences"]
        .objects.filter(person_id=person_id, name=name)
        .order_by("-recorded_at", "-id")[:2]
    )
    if not rows or rows[0].pk != version:
        raise ChangedSince("This has changed meanwhile. Look at it once more.")
    before = rows[1].value if len(rows) > 1 else None
    if name == LETTERS_ONLY:
        wish(person_id=person_id, name=name, values=[before or NO], at=at)
        return
    record("preferences", [{**rows[0].as_row, "value": before, "set_at": at}], source=SOURCE, at=at)
    _noted("wish_taken_back", person_id, name, at)


def version_of(person_id: str, name: str) -> int:
    """The newest version of a wish, by which its undo is named; 0 where there is none."""
    rows = FACTS["preferences"].objects.filter(person_id=person_id, name=name)
    return rows.order_by("-recorded_at", "-id").values_list("pk", flat=True).first() or 0


def _chosen(name: str, values: Iterable[str]) -> str | None:
    kind, given = KINDS.get(name), list(dict.fromkeys(it for it in values if it))
    if kind is None or not set(given) <= set(kind.values) or (len(given) > 1 and not kind.many):
        raise UnknownWish("We do not know this wish.")
    if name == "quiet_days" and len(given) == len(DAYS):
        raise UnknownWish("Leave us one day a week, or choose letters only.")
    in_order: Callable[[str], int] = kind.values.index
    return ",".join(sorted(given, key=in_order)) or None


def _row(person_id: str, name: str, value: str | None, at: datetime) -> dict[str, object]:
    return {"person_id": person_id, "name": name, "value": value, "set_at": at}


def _noted(action: str, person_id: str, name: str, at: datetime) -> None:
    her = surrogate_of(person_id)
    note(action=action, by=person_actor(her), at=at, about=her, detail={"wish": name})
