"""Addresses in: the value is sealed, the book knows it by a key alone."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from tideover.access.audit import note
from tideover.access.clock import now
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.addresses import UnusableAddress, usable
from tideover.book.found_out import is_proved
from tideover.book.models import Address, Person
from tideover.book.newest import newest_one
from tideover.book.surrogates import surrogate_of
from tideover.strategy.telling import words
from tideover.web.api.answers import may_answer
from tideover.web.api.door import client_of, through
from tideover.web.api.people import moment_given
from tideover.web.api.problems import Problem
from tideover.web.api.schemas import AddressGiven, AddressTaken
from tideover.web.api.scopes import Scope
from tideover.web.api.sight import person_seen

router = Router(tags=["addresses"])


@router.post("/addresses", response=may_answer(201, AddressTaken), operation_id="tell_address")
@through(Scope.WRITE_ADDRESSES, writes=True)
def tell_address(request: HttpRequest, given: AddressGiven) -> Status[dict[str, object]]:
    """Tell an address of a person. Told again, it is the same address."""
    client, at = client_of(request), now()
    person = person_seen(client, given.person_id)
    channels = words().lists.channels
    if given.channel not in channels:
        raise Problem(422, "unknown_code", f"'channel' is one of {', '.join(channels)}.", field="channel")
    value = _read(given.value, channels[given.channel].address, person)
    address = _kept(given.channel, value)
    about = {"person_id": person.pk, "channel": given.channel, "address_id": address.pk}
    known = newest_one("contact_points", at=None, **about)
    point = known.contact_point_id if known else f"cp-{secrets.token_hex(12)}"
    verified_at = moment_given("verified_at", given.verified_at, None)
    row = {
        "contact_point_id": point, **about, "in_contract": given.in_contract, **_standing(known, verified_at, at)
    }  # fmt: skip
    record("contact_points", [row], source=client.source, at=at)
    detail = {"channel": given.channel}
    note(action="address_told", by=client.actor, at=at, about=surrogate_of(person.pk), detail=detail)
    return Status(201, {"contact_point_id": point})


def _standing(known: Any | None, verified_at: datetime | None, at: datetime) -> dict[str, object]:
    """As it stood: what became of our messages and when it ended is not told anew, unless she proved since that it is hers."""
    if known is None:
        return {"verified_at": verified_at, "since": at}
    works = known.state in (None, "ok") and known.until is None
    if not works and is_proved(verified_at, since=known.recorded_at, at=at):
        return {"verified_at": verified_at, "since": at}
    kept = {it: getattr(known, it) for it in ("state", "since", "until")}
    return {**kept, "verified_at": verified_at or known.verified_at}


def _kept(channel: str, value: str) -> Address:
    """Two people with one phone share the address; who else has it is told to nobody."""
    found = Address.objects.filter(channel=channel, index=blind(value)).first()
    if found is not None:
        return found
    # Its key follows from what it is, so that two who tell it at once make one.
    told = {"channel": channel, "value": value, "index": blind(value)}
    return Address.objects.get_or_create(address_id=f"a-{blind(f'{channel} {value}')}", defaults=told)[0]


def _read(told: str, kind: str, person: Person) -> str:
    """The address as it is used. Raises Problem, without repeating it."""
    latest = newest_one("borrowers", borrower_id=person.pk)
    try:
        return usable(told, kind, str(getattr(latest, "country", None) or "")[:2] or None)
    except UnusableAddress as no:
        raise Problem(422, no.code, str(no), field="value") from None
