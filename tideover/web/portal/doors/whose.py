"""Whose address it is, which of hers we know, and who of several people is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tideover.book.models import FACTS, Address
from tideover.book.newest import newest, newest_one
from tideover.kit.text import ascii_digits

LEAST = 4
"""Signs of a loan's number that must be typed: fewer could be guessed."""


@dataclass(frozen=True)
class Known:
    """An address of hers to which a code can go."""

    channel: str
    index: str


def address_of(person: str) -> Known | None:
    """Her own working phone, else her mailbox."""
    latest = newest("contact_points", person_id=person, channel__in=("sms", "email"))
    working = {it.address_id: it.channel for it in latest if it.state in (None, "ok") and it.until is None}
    found = Address.objects.filter(address_id__in=working).values_list("address_id", "index")
    known = [Known(working[key], index) for key, index in found]
    return min(known, key=lambda it: it.channel != "sms", default=None)


def only_one(people: Sequence[str], reference: str) -> str | None:
    """The one of them whose loan or application has this number; nobody where none has, or two."""
    typed = _plain(reference)
    if len(typed) < LEAST:
        return None
    loans = FACTS["loans"].objects.filter(borrower_id__in=people).values_list("borrower_id", "loan_id")
    asked = (
        FACTS["milestones"].objects.filter(person_id__in=people).values_list("person_id", "application_id")
    )
    found = {person for person, number in (*loans, *asked) if _plain(number) == typed}
    return found.pop() if len(found) == 1 else None


def country_here() -> str | None:
    """The lender's country, for numbers written without one."""
    lender = newest_one("lender")
    return str(lender.jurisdiction)[:2] if lender and lender.jurisdiction else None


def _plain(number: str) -> str:
    return "".join(it for it in ascii_digits(number).casefold() if it.isalnum())
