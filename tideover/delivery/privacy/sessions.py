"""Sessions of browsers: those that name her end with her, and those that are over are kept no longer than a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.contrib.sessions.models import Session

from tideover.delivery.privacy.subject import Subject


def end_sessions_of(subject: Subject) -> None:
    """She is signed in nowhere any more. What a session says stands sealed within it, so each is looked at."""
    hers = {subject.person_id, *subject.loans}
    going = [
        it.pk
        for it in Session.objects.iterator(chunk_size=2_000)
        if not hers.isdisjoint(_told(it.get_decoded()))
    ]
    Session.objects.filter(pk__in=going).delete()


def clear_sessions(*, at: datetime) -> int:
    """Sessions that are over go. How many."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]


def _told(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, it in value.items():
            yield str(name)
            yield from _told(it)
    elif isinstance(value, list):
        for it in value:
            yield from _told(it)
