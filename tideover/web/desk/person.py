"""What the page of one person shows to one member of staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tideover.access.models import Staff
from tideover.book.models import Person
from tideover.book.story import story_of
from tideover.delivery.because import says
from tideover.delivery.queries import answers_of, messages_of
from tideover.delivery.shown import why_now
from tideover.kit.errors import Refused
from tideover.strategy.telling import hidden_holds, secret_codes
from tideover.support.queries import cases_of
from tideover.support.voice.powers import given_by, is_in_force
from tideover.web.desk.agreements import running_of
from tideover.web.desk.day import answered


@dataclass(frozen=True)
class Said:
    """An answer in words."""

    at: datetime
    channel: str
    says: str
    text: str | None


def story_for(person: Person, reader: Staff, at: datetime) -> Mapping[str, object]:
    """Facts, messages, answers, cases and the decision, as of a moment."""
    secret = secret_codes(reader)
    try:
        why, missing = why_now(person.pk, at, reader=reader), ""
    except Refused as refused:
        why, missing = None, str(refused)
    return {
        "person": person,
        "name": person.name or person.pk,
        "facts": story_of(person.pk, at, hidden_holds=hidden_holds(reader)),
        "messages_told": [(it, says(it.message.because, secret)) for it in messages_of(person.pk)],
        "answers": [Said(it.at, it.channel, answered(it.kind), it.text) for it in answers_of(person.pk)],
        "powers": [it for it in given_by(person.pk) if is_in_force(it, at)],
        "cases": cases_of(person.pk, reader, at.date()),
        **running_of(person.pk, reader),
        "why": why,
        "missing": missing,
        "at": at,
    }
