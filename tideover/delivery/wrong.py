"""What was told wrong, and to whom: messages by purpose and time, by their words, or by the strategy that decided them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tideover.book.queries import zones_of
from tideover.delivery.models import Correction, Message
from tideover.kit.calendars import local_day
from tideover.kit.errors import Refused
from tideover.strategy.telling import words

GOT = Q(state__in=("accepted", "unknown")) | Q(maybe_twice=True)
"""What reached a person, or may have: a lost reply, and what was sent again because of one, count as got."""

LEAVING = ("queued", "claimed", "sending")


class NotNamed(Refused):
    """Nothing says which messages were wrong."""


@dataclass(frozen=True)
class Wrong:
    """Which messages were wrong: all that fit everything given. A purpose needs a time."""

    purpose: str = ""
    template: str = ""
    release: str = ""
    channel: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        known = words().lists
        if not (self.purpose or self.template or self.release):
            raise NotNamed("Name a purpose with its days, the words, or the strategy that was wrong.")
        if self.purpose and self.purpose not in known.purposes:
            raise NotNamed(f"'{self.purpose}' is none of the purposes.")
        if self.channel and self.channel not in known.channels:
            raise NotNamed(f"'{self.channel}' is none of the channels.")
        if self.purpose and not (self.template or self.release) and not (self.since and self.until):
            raise NotNamed("Say from when to when messages of this purpose were wrong.")
        if self.since and self.until and self.since >= self.until:
            raise NotNamed("The end of the time lies before its beginning.")

    @classmethod
    def of(cls, correction: Correction) -> Wrong:
        """What a correction names."""
        return cls(
            correction.purpose, correction.template, correction.release, correction.channel, correction.since,
            correction.until,
        )  # fmt: skip

    @property
    def columns(self) -> dict[str, object]:
        """As it is kept."""
        return {
            name: getattr(self, name)
            for name in ("purpose", "template", "release", "channel", "since", "until")
        }

    def messages(self) -> QuerySet[Message]:
        """Every message that fits, whatever became of it. Its moment is when it ended, else when it is to leave."""
        exact = {"purpose": self.purpose, "template": self.template, "channel": self.channel}
        rows = Message.objects.filter(**{name: value for name, value in exact.items() if value})
        if self.release:
            # What somebody asked for at the gate, such as a code, no strategy chose: it says nothing wrong.
            rows = rows.filter(decision__strategy_hash=self.release).exclude(decision__policy="gate")
        if self.since:
            moment = int(self.since.timestamp())
            rows = rows.filter(Q(ended_at__gte=moment) | Q(ended_at__isnull=True, send_at__gte=moment))
        if self.until:
            moment = int(self.until.timestamp())
            rows = rows.filter(Q(ended_at__lt=moment) | Q(ended_at__isnull=True, send_at__lt=moment))
        return rows


@dataclass(frozen=True)
class Got:
    """What one person got: the latest wrong message, and since which day."""

    message: int
    subject: str
    channel: str
    language: str
    code: str
    last_day: int
    first_day: int
    times: int

    @property
    def values(self) -> dict[str, object]:
        """What the correction says of it."""
        since = {"wrong_since_on": self.first_day} if self.first_day < self.last_day else {}
        return {"wrong_on": self.last_day, "wrong_code": self.code, **since}


def who_got(wrong: Wrong) -> dict[str, Got]:
    """Everybody whom a wrong message reached, or may have reached, with her own days on which it did."""
    rows = list(wrong.messages().filter(GOT).only(*GOT_OF))
    zones = zones_of(it.person_id for it in rows)
    found: dict[str, Got] = {}
    for it in sorted(rows, key=lambda it: (_got_at(it), it.pk)):
        day = local_day(zones.get(it.person_id, "UTC"), int(_got_at(it).timestamp()))
        before = found.get(it.person_id)
        first, times = (before.first_day, before.times) if before else (day, 0)
        found[it.person_id] = Got(
            it.pk, it.subject, it.channel, it.language, it.code, day, min(first, day), times + 1
        )
    return found


GOT_OF = ("person_id", "subject", "channel", "language", "code", "send_at", "ended_at")


def _got_at(message: Message) -> datetime:
    """When it left, however long it was held back; of one that is tried again, when it was to leave."""
    return message.ended_at or message.send_at


@dataclass(frozen=True)
class Reach:
    """How far something wrong got."""

    people: int
    messages: int
    by_language: Mapping[str, int]
    by_channel: Mapping[str, int]
    still_leaving: int
    """Such messages that have not left yet: a stop keeps them back, a correction does not."""


def reach_of(wrong: Wrong) -> Reach:
    """Counted before anybody asks for a correction."""
    got = who_got(wrong)
    return Reach(
        len(got),
        sum(it.times for it in got.values()),
        dict(Counter(it.language for it in got.values()).most_common()),
        dict(Counter(it.channel for it in got.values()).most_common()),
        wrong.messages().filter(state__in=LEAVING).exclude(GOT).count(),
    )
