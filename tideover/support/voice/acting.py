"""Somebody who acts for another, as a person of the book: with an address of their own, so that a code lets them in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.models import FACTS, Address, Person
from tideover.book.newest import newest, newest_one
from tideover.kit.errors import Refused
from tideover.kit.phones import phone_of
from tideover.kit.text import ascii_digits
from tideover.support.voice.facts import SOURCE, country_of

OWN = "acts-"
"""Before the key of somebody who is here only because they act for another."""


class NoAddress(Refused):
    """It is neither a phone number nor a mail address."""


def channel_of(reach: str, *, country: str = "") -> tuple[str, str]:
    """The channel and the address as it is kept. Raises NoAddress."""
    plain = ascii_digits(reach.strip())
    if "@" in plain:
        name, _, host = plain.partition("@")
        if name and "." in host and not set(plain) & set(' ,;<>"'):
            return "email", plain
    else:
        try:
            return "sms", phone_of(plain, country[:2] or None)
        except Refused:
            pass
    raise NoAddress("This is neither a phone number nor a mail address.")


def people_at(channel: str, address: str) -> list[str]:
    """Whose working address it is."""
    ids = list(Address.objects.filter(channel=channel, index=blind(address)).values_list("pk", flat=True))
    points = newest("contact_points", address_id__in=ids) if ids else []
    return sorted({it.person_id for it in points if it.until is None and it.state in (None, "ok")})


def somebody_who_acts(*, name: str, reach: str, beside: str, language: str, at: datetime) -> str:
    """The key of a person at this address who acts for others; made where there is none. Raises NoAddress.

    Whoever has the address already, and was not made here, is another person: a customer is not told from a stranger.
    """
    country = country_of(beside)
    channel, address = channel_of(reach, country=country)
    known = [it for it in people_at(channel, address) if it.startswith(OWN)]
    if known:
        return known[0]
    return _made(name.strip(), channel, address, beside, language, at)


def tie(person_id: str, acts_id: str, role: str, *, told: str, at: datetime, until: datetime | None) -> None:
    """They stand beside her in each of her loans, from now on until a moment."""
    rows = [
        {
            "loan_id": it.loan_id, "person_id": acts_id, "role": role, "may_be_told": told, "from_at": at, "until_at": until
        }
        for it in newest("loans", borrower_id=person_id)
    ]  # fmt: skip
    record("parties", rows, source=SOURCE, at=at)


def untie(loans: Iterable[str], acts_id: str, role: str, at: datetime) -> None:
    """They stand beside her no more."""
    rows = [it for it in newest("parties", person_id=acts_id, role=role) if it.loan_id in set(loans)]
    record(
        "parties",
        [{**it.as_row, "until_at": at, "may_be_told": "nothing"} for it in rows],
        source=SOURCE,
        at=at,
    )


def loans_taken(person_id: str) -> list[str]:
    """The loans that she took."""
    return sorted(set(FACTS["loans"].objects.filter(borrower_id=person_id).values_list("loan_id", flat=True)))


def _made(name: str, channel: str, address: str, beside: str, language: str, at: datetime) -> str:
    key = f"{OWN}{secrets.token_hex(8)}"
    her = newest_one("borrowers", borrower_id=beside)
    where = {it: getattr(her, it) for it in ("country", "timezone", "branch", "team")} if her else {}
    record("borrowers", [{"borrower_id": key, "language": language, **where}], source=SOURCE, at=at)
    Person.objects.filter(pk=key).update(name=name, name_index=blind(name))
    Address.objects.create(
        address_id=f"{key}-{channel}", channel=channel, value=address, index=blind(address)
    )
    point = {
        "contact_point_id": f"{key}-{channel}", "person_id": key, "channel": channel, "address_id": f"{key}-{channel}",
        "state": "ok", "since": at,
    }  # fmt: skip
    record("contact_points", [point], source=SOURCE, at=at)
    return key
