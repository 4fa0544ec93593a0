"""A calendar of due days for her own phone: an address that nobody guesses, which she can end; days only, no amount."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from icalendar import Calendar as Feed
from icalendar import Event

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.book.surrogates import surrogate_of
from tideover.engine.message import PageWords
from tideover.repayment.bills.models import Calendar
from tideover.repayment.loans import Loan, loans_of

TOKEN_BYTES = 24
OFTEN = timedelta(hours=12)
"""How often calendar programs are asked to look again (RFC 7986, 5.7)."""


@transaction.atomic
def hand_out(*, person_id: str, at: datetime) -> Calendar:
    """Her calendar; the one she has, where she has one."""
    known = calendar_of(person_id)
    if known is not None:
        return known
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made, is_new = Calendar.objects.get_or_create(
        person_id=person_id,
        revoked_at=None,
        defaults={"token_hash": _hash(token), "token": token, "made_at": at},
    )
    if is_new:
        _noted("calendar_handed_out", person_id, at)
    return made


@transaction.atomic
def revoke(*, person_id: str, at: datetime) -> bool:
    """The address shows nothing from now on. Whether there was one."""
    ended = Calendar.objects.filter(person_id=person_id, revoked_at=None).update(revoked_at=at)
    if ended:
        _noted("calendar_ended", person_id, at)
    return bool(ended)


def calendar_of(person_id: str) -> Calendar | None:
    """The one that works, if there is one."""
    return Calendar.objects.filter(person_id=person_id, revoked_at=None).first()


def person_behind(token: str) -> str | None:
    """Whose calendar it is; None for one that was ended or never was."""
    found = Calendar.objects.filter(token_hash=_hash(token), revoked_at=None).first()
    return found.person_id if found else None


def feed_of(person_id: str, words: PageWords, *, at: datetime) -> bytes:
    """Her open due days as iCalendar (RFC 5545). Whoever sees the calendar learns a day, and not what it is for."""
    feed = Feed()
    feed.add("prodid", "-//days//EN")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", words.say("bills.calendar.name"))
    feed.add("refresh-interval", OFTEN, parameters={"VALUE": "DURATION"})
    for event in _events(loans_of(person_id, at), words, at):
        feed.add_component(event)
    return bytes(feed.to_ical())


def _events(loans: Sequence[Loan], words: PageWords, at: datetime) -> list[Event]:
    made = []
    for loan in loans:
        if not loan.is_hers or loan.may_be_told != "all":
            continue
        for step in loan.open_instalments:
            event = Event()
            event.add("uid", f"{_hash(f'{loan.loan_id} {step.number}')[:32]}@days")
            event.add("dtstamp", at)
            event.add("dtstart", step.due_on)
            event.add("summary", words.say("bills.calendar.event"))
            event.add("transp", "TRANSPARENT")
            event.add("class", "PRIVATE")
            made.append(event)
    return made


def _noted(action: str, person_id: str, at: datetime) -> None:
    her = surrogate_of(person_id)
    note(action=action, by=person_actor(her), at=at, about=her)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
