"""Is this message really ours? Whoever holds one types its code, and reads what we sent, by which channel, and when.

Somebody who is not signed in as its reader sees the words with numbers and her name covered: enough to compare, and
nothing for whoever found the code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from tideover.access.actors import staff_actor
from tideover.access.allowed import branches_of, require
from tideover.access.audit import note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.book.newest import newest_one
from tideover.delivery.models import Message, Reported
from tideover.delivery.shown import kept
from tideover.kit.text import Direction

LEFT = ("accepted", "unknown", "sending")
COVER = "•"
WARNED_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Checked:
    """A message of ours as it left. `left_at` is in its reader's own time."""

    channel: str
    left_at: datetime
    text: str
    language: str
    direction: Direction
    is_whole: bool


def checked(code: str, *, reader: str = "") -> Checked | None:
    """The message with that code, if it has left; None where it is none of ours."""
    plain = re.sub(r"[\s-]", "", code).upper()
    found = Message.objects.filter(code=plain, state__in=LEFT).order_by("-send_at").first() if plain else None
    if found is None or found.body is None:
        return None
    said, is_hers = kept(found), reader == found.person_id
    text = said.text or said.subject
    left_at = (found.ended_at or found.send_at).astimezone(_zone(found.person_id))
    shown = text if is_hers else covered(text, _name(found.person_id), keep=found.code)
    return Checked(found.channel, left_at, shown, said.language, said.direction, is_hers)


def covered(text: str, name: str, *, keep: str = "") -> str:
    """The words with every number and every part of a name covered; the code itself stays, for it is what is compared."""
    for part in sorted(filter(None, re.split(r"\W+", name)), key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(part)}\b", COVER * 3, text, flags=re.IGNORECASE)
    parts = text.split(keep) if keep else [text]
    return keep.join(re.sub(r"\d", COVER, it) for it in parts)


def report(*, text: str, sender: str, once: str, at: datetime, person_id: str = "") -> Reported:
    """Write down a message that somebody holds for false; the same page sent twice is one report."""
    told = {"text": text, "sender": sender, "person_id": person_id, "at": at}
    return Reported.objects.get_or_create(once=once, defaults=told)[0]


@transaction.atomic
def warn_of(reported: Reported, *, words: str, by: Staff, at: datetime) -> Reported:
    """Warn everybody of such messages, on the pages where messages are checked and people come in. Raises NotAllowed."""
    require(by, Power.STOP_SENDING)
    reported.warning, reported.warned_at, reported.warned_until = words.strip()[:300], at, at + WARNED_FOR
    reported.save(update_fields=["warning", "warned_at", "warned_until"])
    note(action="false_message_warned", by=staff_actor(by), at=at, detail={"reported": reported.pk})
    return reported


@transaction.atomic
def dismiss(reported: Reported, *, by: Staff, at: datetime) -> Reported:
    """It was ours, or nothing; a warning of it ends. Raises NotAllowed."""
    require(by, Power.STOP_SENDING)
    reported.dismissed_at, reported.warned_until = at, None
    reported.save(update_fields=["dismissed_at", "warned_until"])
    note(action="false_message_dismissed", by=staff_actor(by), at=at, detail={"reported": reported.pk})
    return reported


def reported_now(reader: Staff) -> list[tuple[Reported, bool]]:
    """What people told and nobody has put aside, the newest first, and whether this reader may see what they pasted.

    It may hold anything of hers, so it is for those who see her; a stranger's is for those who see everybody.
    """
    rows = list(Reported.objects.filter(dismissed_at=None).order_by("-at", "-pk")[:100])
    told_by = {it.person_id for it in rows} - {""}
    seen = set(Person.objects.visible_to(reader).filter(pk__in=told_by).values_list("pk", flat=True))
    sees_everybody = branches_of(reader) is None
    return [(it, it.person_id in seen if it.person_id else sees_everybody) for it in rows]


def warning_now(at: datetime) -> str:
    """What everybody is warned of now; empty where of nothing."""
    running = Reported.objects.filter(warned_until__gt=int(at.timestamp()), dismissed_at=None).order_by(
        "-warned_at"
    )
    return running.values_list("warning", flat=True).first() or ""


def _zone(person: str) -> ZoneInfo:
    known = newest_one("borrowers", borrower_id=person)
    return ZoneInfo((known.timezone if known else None) or "UTC")


def _name(person: str) -> str:
    return Person.objects.filter(pk=person).values_list("name", flat=True).first() or ""
