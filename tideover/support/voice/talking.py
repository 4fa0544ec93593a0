"""Writing to us and being called: from any page, signed in or not. What was written by both can be read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from tideover.access.sealing import opened_text
from tideover.book.actions import record
from tideover.book.newest import newest_one
from tideover.book.surrogates import surrogate_of
from tideover.delivery.answers import receive
from tideover.delivery.models import Answer, Message
from tideover.delivery.shown import kept
from tideover.kit.calendars import UnknownZone, zone_of
from tideover.kit.errors import Refused
from tideover.strategy.gate import Asked, UnknownPerson, foresee
from tideover.strategy.releases import NothingLive
from tideover.support.models import FROM_ANSWER, Case
from tideover.support.opening import NOBODY, open_case
from tideover.support.voice.facts import SOURCE

PARTS: dict[str, tuple[int, int]] = {"morning": (9, 12), "afternoon": (12, 16), "evening": (16, 19)}
"""Hours of her own day in which she may choose to be called."""
AHEAD = 5
"""Days that are offered."""
MOST = 4_000


class NothingSaid(Refused):
    """Nothing was written, or there is no way to answer it."""


class NotThen(Refused):
    """We may not call then, or nobody is here."""


@dataclass(frozen=True)
class Said:
    """One thing that was written, by her or by us."""

    at: datetime
    is_hers: bool
    text: str
    language: str = ""


@transaction.atomic
def write(
    *, person_id: str, text: str, at: datetime, once: str, page: str = "", language: str = "en"
) -> Case:
    """Her words, read by a person; a danger in them at once, a death the next day. The same `once` is one message. Raises NothingSaid."""
    words = text.strip()[:MOST]
    if not words:
        raise NothingSaid("Write something before you send it.")
    heard = receive(
        person_id=person_id, channel="app", at=at, outside_id=f"talk:{surrogate_of(person_id)}:{once}"[:190], text=words,
        language=language,
    )  # fmt: skip
    kind = "danger" if heard.danger else "death" if heard.tells_of_a_death else "question"
    return open_case(
        kind, person_id, origin=f"{FROM_ANSWER}{heard.pk}", at=at, said=_from_page(heard.text or words, page)
    )


@transaction.atomic
def write_as_stranger(
    *, name: str, reach: str, text: str, at: datetime, once: str, page: str = "", kind: str = "question"
) -> Case:
    """Words of somebody who is not signed in: kept with how to reach them, and never taken for a customer's. Raises NothingSaid."""
    if not text.strip() or not reach.strip():
        raise NothingSaid("Write your question, and how we may reach you.")
    told = "\n".join(it.strip()[:MOST] for it in (name, reach, text) if it.strip())
    return open_case(kind, NOBODY, origin=f"stranger-{once}", at=at, said=_from_page(told, page))


@transaction.atomic
def call_me(
    *, person_id: str, on: date, part: str, number: str, at: datetime, once: str, page: str = ""
) -> Case:
    """She is called that day in that part of it, in her own time. Raises NotThen."""
    key = f"call-{surrogate_of(person_id)}-{once}"[:80]
    if known := Case.objects.filter(from_row=key).first():
        return known
    zone = zone_name(person_id)
    begins, ends = window(on, part, zone)
    if (
        not at < ends
        or on > (at + timedelta(days=AHEAD + 1)).date()
        or not _may_call(person_id, max(begins, at), ends)
    ):
        raise NotThen("We may not call at that time. Choose another one.")
    hours = f"{PARTS[part][0]:02}:00-{PARTS[part][1]:02}:00"
    said = _from_page(f"{on.isoformat()} {hours} ({zone})\n{number.strip()[:60]}".strip(), page)
    talk = {
        "conversation_id": key, "person_id": person_id, "channel": "app", "at": at, "by": "them", "outcome": "call_back"
    }  # fmt: skip
    record("conversations", [talk], source=SOURCE, at=at)
    return open_case("call_back", person_id, origin=key, at=at, said=said, due=on)


def window(on: date, part: str, zone: str) -> tuple[datetime, datetime]:
    """When a part of a day begins and ends. Raises NotThen."""
    if part not in PARTS:
        raise NotThen("Choose a part of the day.")
    first, last = (datetime.combine(on, time(hour), ZoneInfo(zone)).astimezone(UTC) for hour in PARTS[part])
    return first, last


def days_offered(zone: str, at: datetime) -> list[date]:
    """The next days, today while some of it is left."""
    here = at.astimezone(ZoneInfo(zone))
    first = here.date() + timedelta(days=here.hour >= PARTS["evening"][1])
    return [first + timedelta(days=it) for it in range(AHEAD)]


def zone_name(person_id: str) -> str:
    """Her clock; UTC where it is not known."""
    row = newest_one("borrowers", borrower_id=person_id)
    try:
        return str(zone_of(row.timezone or "UTC")) if row else "UTC"
    except UnknownZone:
        return "UTC"


def thread(person_id: str, most: int = 30) -> list[Said]:
    """What was written between us, the newest last."""
    hers = Answer.objects.filter(person_id=person_id, text__isnull=False).order_by("-at", "-pk")[:most]
    ours = Message.objects.filter(person_id=person_id, purpose="reply").order_by("-send_at", "-pk")[:most]
    said = [Said(it.at, True, it.text or "") for it in hers]
    said += [Said(it.ended_at or it.send_at, False, _answer_of(it), it.language) for it in ours]
    return sorted((it for it in said if it.text), key=lambda it: it.at)[-most:]


def _answer_of(message: Message) -> str:
    """The words that a person of ours wrote, without the frame of the message."""
    written = opened_text(str(message.occasion.get("values", {}).get("answer") or ""))
    return written or kept(message).text


def _may_call(person_id: str, begins: datetime, ends: datetime) -> bool:
    """Whether hours and holds let a call begin within the window; where nothing is live nobody forbids it."""
    try:
        seen = foresee(Asked(person_id, channel="call"), occasion="call_back", at=begins)
    except (NothingLive, UnknownPerson):
        return True
    return seen.send_at is not None and seen.send_at < ends


def _from_page(text: str, page: str) -> str:
    return f"{text}\n\n{page[:200]}" if page else text
