"""A death, told once. Everything to that person stops at once where it is surely she; a person of ours writes one letter."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from tideover.access.actors import SYSTEM, staff_actor
from tideover.access.allowed import require
from tideover.access.audit import note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.models import FACTS, Address, Person
from tideover.book.surrogates import surrogate_of
from tideover.delivery import outbox
from tideover.kit.cards import cover_cards
from tideover.kit.errors import Refused
from tideover.kit.phones import phone_of
from tideover.kit.text import ascii_digits
from tideover.strategy.gate import consider
from tideover.support.models import Case
from tideover.support.voice.models import DeathTold

SOURCE = "relative"
DAY = timedelta(days=1)


class AlreadyWritten(Refused):
    """There is one letter."""


class CannotBeWritten(Refused):
    """Nothing is known to which it could go."""


@transaction.atomic
def tell_death(
    *,
    who: str,
    at: datetime,
    once: str,
    reference: str = "",
    teller: str = "",
    reach: str = "",
    person_id: str = "",
) -> DeathTold:
    """Write down that somebody has died, whoever says so. The same page sent twice is told once.

    Whoever tells is answered alike, found or not: nobody learns here who our customer is.
    """
    known = DeathTold.objects.filter(once=once).first()
    if known is not None:
        return known
    person = person_id or _surely(reference)
    told = DeathTold.objects.create(
        once=once, who=cover_cards(who.strip()), reference=reference.strip() or None, teller=teller.strip() or None,
        reach=reach.strip() or None, person_id=person, told_at=at,
    )  # fmt: skip
    if person:
        hold = {
            "hold_id": f"bereavement-told-{told.pk}",
            "person_id": person,
            "kind": "bereavement",
            "from_at": at,
        }
        record("holds", [hold], source=SOURCE, at=at)
        outbox.cancel([person], at=at, because="bereavement")
    branch = Person.objects.filter(pk=person).values_list("branch", flat=True).first() or "" if person else ""
    words = "\n".join(filter(None, (told.who, told.reference, told.teller, told.reach)))
    Case.objects.create(
        kind="death", person_id=person, branch=branch, said=words, from_row=f"death-{told.pk}", due_on=(at + DAY).date(), opened_at=at
    )  # fmt: skip
    note(action="death_told", by=SYSTEM, at=at, about=surrogate_of(person) if person else "")
    return told


@transaction.atomic
def send_condolence(*, told: DeathTold, by: Staff, at: datetime) -> DeathTold:
    """The one letter: sorrow, no amount, what to do, whom to call. Raises NotAllowed, AlreadyWritten, Refused."""
    require(by, Power.ANSWER)
    found = DeathTold.objects.select_for_update().get(pk=told.pk)
    if found.letter_at is not None:
        raise AlreadyWritten("The letter of condolence was written already. There is one, and no second.")
    made = consider(person_id=found.person_id, occasion="condolence", at=at, channel="letter", use_by_days=14)
    if made.decision is None:
        raise CannotBeWritten("No address is known to which the letter could go. Call the family instead.")
    found.letter_at = at
    found.save(update_fields=["letter_at"])
    note(action="condolence_written", by=staff_actor(by), at=at, about=surrogate_of(found.person_id))
    return found


def _surely(reference: str) -> str:
    """The one person whose loan has that number, or whose phone or mailbox it is; nobody where it could be several."""
    plain = "".join(it for it in ascii_digits(reference).casefold() if it.isalnum())
    if len(plain) < 4:
        return ""
    loans = FACTS["loans"].objects.filter(loan_id__iexact=reference.strip())
    found = set(loans.values_list("borrower_id", flat=True))
    address = reference.strip()
    with suppress(Refused):
        address = phone_of(address) if "@" not in address else address
    ids = list(Address.objects.filter(index=blind(address)).values_list("address_id", flat=True))
    points = FACTS["contact_points"].objects.filter(address_id__in=ids)
    found |= set(points.values_list("person_id", flat=True))
    return str(found.pop()) if len(found) == 1 else ""
