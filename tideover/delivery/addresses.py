"""Where a message goes: the working address of its person in its channel, opened only when it is about to leave."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db.models import Exists, OuterRef, QuerySet

from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.models import FACTS, Address
from tideover.book.newest import newest
from tideover.delivery.guards import Guarded
from tideover.delivery.models import Message, Unplaced
from tideover.engine.decision.candidates import NEVER_REFUSED

NEEDS_NO_ADDRESS = ("app", "call", "visit")
"""Channels inside the house: the inbox of an account, and people who look the address up themselves."""


@dataclass(frozen=True)
class Reached:
    """An address, opened."""

    address_id: str
    value: str


def went_to(message: Message) -> set[str]:
    """The blind index of the address that this message went to; nothing where it is not known."""
    return set(Address.objects.filter(pk=message.address_id).values_list("index", flat=True))


def mark(
    person_id: str, indexes: set[str], state: str, *, source: str, at: datetime, channel: str = ""
) -> None:
    """What a bounce or an answer says of an address: where it is hers now, it is bounced in that channel, or wrong_person in all.

    What has another address by now is left as it is: the word is late, and not about the new one.
    """
    these = set(Address.objects.filter(index__in=indexes).values_list("pk", flat=True))
    rows = [
        {**row.as_row, "state": state}
        for row in newest("contact_points", person_id=person_id)
        if row.address_id in these and row.state != "wrong_person" and channel in ("", row.channel)
    ]
    record("contact_points", rows, source=source, at=at)


def mark_bounced(messages: Collection[Message], *, at: datetime) -> None:
    """A provider says of the addresses of these messages that they lead nowhere: where they are still hers, they bounced."""
    went = {(it.person_id, it.address_id) for it in messages if it.address_id}
    if not went:
        return
    rows = [
        {**row.as_row, "state": "bounced"}
        for row in newest("contact_points", person_id__in={person for person, _ in went})
        if (row.person_id, row.address_id) in went and row.state in (None, "ok")
    ]
    record("contact_points", rows, source="receipt", at=at)


def people_at(value: str, *, at: datetime) -> set[str]:
    """Whose working address this is, in whatever channel."""
    return _people_of(Address.objects.filter(index=blind(value)), at)


def people_beside(person_id: str, channel: str, *, at: datetime) -> set[str]:
    """Who has an address that she is reached at in this channel: herself, and others where she shares it."""
    points = newest("contact_points", person_id=person_id, channel=channel)
    hers = Address.objects.filter(pk__in=[it.address_id for it in points if _works(it, at)])
    return _people_of(Address.objects.filter(index__in=hers.values("index")), at)


def ever_beside(person_id: str) -> set[str]:
    """Who has or had an address that is or was hers, herself too."""
    points = FACTS["contact_points"].objects.filter(person_id=person_id)
    hers = Address.objects.filter(pk__in=set(points.values_list("address_id", flat=True)) - {None})
    same = Address.objects.filter(index__in=hers.values("index"))
    return _had(set(same.values_list("pk", flat=True)))


def _people_of(addresses: QuerySet[Address], at: datetime) -> set[str]:
    ids = set(addresses.values_list("pk", flat=True))
    points = newest("contact_points", person_id__in=_had(ids)) if ids else []
    return {it.person_id for it in points if it.address_id in ids and _works(it, at)}


def _had(ids: set[str]) -> set[str]:
    rows = FACTS["contact_points"].objects.filter(address_id__in=ids)
    return set(rows.values_list("person_id", flat=True))


def _works(point: Any, at: datetime) -> bool:
    begun = point.since is None or point.since <= at
    return point.state in (None, "ok") and begun and (point.until is None or point.until > at)


def addresses_of(messages: Sequence[Message], guarded: Guarded) -> dict[str, Reached]:
    """The address of each message by its contact; without one there is no entry, and nothing leaves."""
    moment = int(guarded.at.timestamp())
    works = (
        (pl.col("state").fill_null("ok") == "ok")
        & (pl.col("since").is_null() | (pl.col("since") <= moment))
        & (pl.col("until").is_null() | (pl.col("until") > moment))
        & pl.col("address_id").is_not_null()
    )
    points = (
        guarded.tables["contact_points"]
        .filter(works)
        .sort("in_contract", "contact_point_id", descending=[True, False])
    )
    first = points.unique(["person_id", "channel"], keep="first", maintain_order=True)
    ids = {
        (person, channel): address
        for person, channel, address in first.select("person_id", "channel", "address_id").iter_rows()
    }
    stops = Unplaced.objects.filter(is_stop=True, channel=OuterRef("channel"), index=OuterRef("index"))
    rows = list(Address.objects.filter(pk__in=set(ids.values())).annotate(is_stopped=Exists(stops)))
    opened = {it.address_id: it.value for it in rows}
    stopped = {it.address_id for it in rows if it.is_stopped}
    found = {}
    for it in messages:
        address = ids.get((it.person_id, it.channel), "")
        if it.channel in NEEDS_NO_ADDRESS:
            found[it.contact_id] = Reached(address, it.person_id)
        elif address in opened and (address not in stopped or it.purpose_class in NEVER_REFUSED):
            found[it.contact_id] = Reached(address, opened[address])
    return found
