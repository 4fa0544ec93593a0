"""What an answer is about: the messages that it may answer, and the loans that they speak of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from tideover.access.sealing import blind
from tideover.book.models import FACTS, Address
from tideover.book.newest import newest
from tideover.book.queries import loans_of
from tideover.delivery.models import Message

WENT = ("accepted", "unknown", "sending")
FEW = 20
"""So many messages are looked at for one that surely left."""
SPEAKS_FOR = "representative"
"""Stands in the loans of many others, and speaks of one of them where a message names it."""


def subjects_of(message: Message) -> list[str]:
    """The loans or applications that a message is about, its own first."""
    topics = message.occasion.get("topics", [])
    return list(dict.fromkeys([message.subject, *(str(it) for it, *_ in topics)]))


def loans_in(messages: Iterable[Message]) -> list[str]:
    """The loans that these messages are about, in their order."""
    told = list(dict.fromkeys(it for message in messages for it in subjects_of(message)))
    known = set(FACTS["loans"].objects.filter(loan_id__in=told).values_list("loan_id", flat=True))
    return [it for it in told if it in known]


def loans_around(person: str, at: datetime) -> list[str]:
    """The loans that she took or stands in for herself."""
    stands = {
        it.loan_id
        for it in newest("parties", person_id=person)
        if it.role != SPEAKS_FOR
        and (it.from_at is None or it.from_at <= at)
        and (it.until_at is None or it.until_at > at)
    }
    return sorted(loans_of([person]) | stands)


def last_to(person: str, channel: str, address: str) -> list[Message]:
    """The messages that words may answer which name none, the newest first. `address`: "" where it is not known.

    The last that surely went to that address, and whatever left since of which nobody knows whether it arrived.
    """
    sent = Message.objects.filter(person_id=person, channel=channel, state__in=WENT)
    if address:
        sent = sent.filter(address_id__in=Address.objects.filter(index=blind(address)).values("pk"))
    found = []
    for it in sent.order_by(F("ended_at").desc(nulls_first=True), "-pk")[:FEW]:
        found.append(it)
        if it.state == "accepted":
            break
    return found
