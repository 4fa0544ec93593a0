"""A number that several people share: it gets so many contacts in a while, whoever of them they are for."""

from __future__ import annotations

from datetime import datetime, timedelta

from tideover.book.models import FACTS
from tideover.delivery.guards import Verdict
from tideover.delivery.models import Message
from tideover.engine.policy.rules import CapRow
from tideover.strategy.telling import words

GONE = ("sending", "accepted", "unknown")


def number_frees_at(verdict: Verdict, address_id: str, at: datetime) -> tuple[datetime, str] | None:
    """When a number that has had enough may have another contact, and the rule that says so; None where it may have it now.

    A number of one person alone is not asked about: her own caps are narrower.
    """
    if not verdict.number_caps or not address_id:
        return None
    people = list(
        FACTS["contact_points"]
        .objects.filter(address_id=address_id)
        .values_list("person_id", flat=True)
        .distinct()
    )
    if len(people) < 2:
        return None
    frees = [
        (moment, cap["cap_id"])
        for cap in verdict.number_caps
        if (moment := _frees_at(cap, people, address_id, at))
    ]
    return max(frees, default=None)


def _frees_at(cap: CapRow, people: list[str], address_id: str, at: datetime) -> datetime | None:
    period = timedelta(seconds=cap["period_seconds"])
    counted = [name for name, it in words().lists.purposes.items() if it.counts]
    gone = Message.objects.filter(
        person_id__in=people, address_id=address_id, state__in=GONE, purpose__in=counted
    )
    moments = sorted((ended or at for ended in gone.values_list("ended_at", flat=True)), reverse=True)
    recent = [moment for moment in moments if moment > at - period]
    return recent[cap["n"] - 1] + period if len(recent) >= cap["n"] else None
