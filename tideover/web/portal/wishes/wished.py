"""What she wished, as it stands: preferences by name, and what she agreed to by kind of message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tideover.book.actions import record
from tideover.book.consents import agreed_text
from tideover.book.models import FACTS

SOURCE = "person"
CHANNELS = ("app", "push", "email", "sms", "letter", "call")
HOURS = ("morning", "afternoon", "evening")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHOICES: Mapping[str, tuple[str, ...]] = {"channels": CHANNELS, "hours": HOURS, "quiet_days": DAYS}
"""Wishes of which one or more may be chosen; nothing chosen means no wish."""

ONE_OF = ("hours",)
SWITCHES = (
    "shared_phone", "no_calls", "letters_only", "large_print", "voice", "interpreter", "trusted_person", "do_not_study"
)  # fmt: skip
"""Wishes that are on or off."""

ASKED = ("help", "reminder", "lesson", "survey", "offer")
"""Kinds of messages that she may refuse; what a law orders and what she asks for herself come all the same."""
YES, NO = "yes", "no"


def wishes_of(person: str) -> dict[str, str]:
    """The latest wish under each name."""
    rows = FACTS["preferences"].objects.filter(person_id=person).order_by("recorded_at", "id")
    return {it.name: it.value or "" for it in rows}


def agreed_of(person: str) -> dict[str, bool]:
    """By kind of message: whether she agreed and has not taken it back. A no for all kinds goes before."""
    rows = FACTS["consents"].objects.filter(person_id=person, channel="all").order_by("recorded_at", "id")
    latest = {it.purpose_class: it.granted_at is not None and it.withdrawn_at is None for it in rows}
    return {it: latest.get(it, latest.get("all", False)) for it in ASKED}


def wish(*, person_id: str, name: str, value: str, at: datetime) -> str:
    """Write a wish down; what it was before, for whoever wants it back."""
    before = wishes_of(person_id).get(name, "")
    told = {"person_id": person_id, "name": name, "value": value, "set_at": at}
    record("preferences", [told], source=SOURCE, at=at)
    return before


@transaction.atomic
def agree(*, person_id: str, kind: str, is_on: bool, text: str, language: str, at: datetime) -> None:
    """Agree to a kind of message, with the words she read, or take it back: one press each."""
    row: dict[str, object] = {"person_id": person_id, "channel": "all", "purpose_class": kind}
    if is_on:
        row |= {"granted_at": at, "text_hash": agreed_text(text, language=language, shown_in="portal", at=at)}
    else:
        row |= {"withdrawn_at": at}
    record("consents", [row], source=SOURCE, at=at)
