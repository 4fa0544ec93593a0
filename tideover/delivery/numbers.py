"""A number that several people share: it gets so many contacts in a while, whoever of them they are for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from tideover.book.models import FACTS, Address
from tideover.delivery.guards import Verdict
from tideover.delivery.models import Message
from tideover.engine.policy.rules import CapRow
from tideover.strategy.telling import words

GONE = ("sending", "accepted", "unknown")


def shared_numbers(address_ids: Iterable[str]) -> dict[str, list[str]]:
    """Of these addresses those that several people have, with their people; locked to the end of the transaction."""
    rows = FACTS["contact_points"].objects.filter(address_id__in=set(address_ids)).distinct()
    people: dict[str, list[str]] = {}
    for address, person in rows.values_list("address_id", "person_id"):
        people.setdefault(address, []).append(person)
    shared = {address: of for address, of in people.items() if len(of) > 1}
    # Until this is written down no other worker counts the same number: together they would give it twice as much.
    list(Address.objects.select_for_update().filter(pk__in=shared).order_by("pk").values_list("pk"))
    return shared


def number_frees_at(verdict: Verdict, people: list[str], at: datetime) -> tuple[datetime, str] | None:
    """When a number that has had enough may have another contact, and the rule that says so; None where it may have it now."""
    frees = [
        (moment, cap["cap_id"])
        for cap in verdict.number_caps
        if (moment := _frees_at(cap, people, verdict.message.address_id, at))
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
