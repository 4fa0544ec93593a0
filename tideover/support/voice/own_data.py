"""What we keep about her, told by topic; and what she wants corrected or gone: a case with a day, seen to by people."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.book.models import FACTS, Address, Person
from tideover.book.newest import newest
from tideover.book.surrogates import surrogate_of
from tideover.delivery.models import Answer, Message
from tideover.kit.errors import Refused
from tideover.strategy.gate import UnknownPerson, consider
from tideover.strategy.releases import NothingLive
from tideover.support.models import Case
from tideover.support.opening import open_case
from tideover.support.voice.powers import looks_at

WITHIN = timedelta(days=30)
"""One month to answer (GDPR article 12(3)), taken as its shortest usual length."""
ADDRESSES = ("phone", "email", "post")
CORRECTABLE = ("name", *ADDRESSES, "loan", "payment", "other")
OF_CHANNEL = {"sms": "phone", "call": "phone", "email": "email", "letter": "post", "visit": "post"}
TELLS_OLD = "change_asked"


class NothingNew(Refused):
    """What is right was not written."""


class NotCorrectable(Refused):
    """Such a thing cannot be corrected here."""


@dataclass(frozen=True)
class Kept:
    """What we keep: her name, addresses by kind, and how much there is under each topic."""

    name: str
    addresses: tuple[tuple[str, str], ...]
    counts: Mapping[str, int]


def kept_about(person_id: str) -> Kept:
    """What we keep about her, as of now."""
    points = [
        it for it in newest("contact_points", person_id=person_id) if it.until is None and it.address_id
    ]
    values = dict(Address.objects.filter(pk__in=[it.address_id for it in points]).values_list("pk", "value"))
    held = {
        (OF_CHANNEL[it.channel], values[it.address_id])
        for it in points
        if it.address_id in values and it.channel in OF_CHANNEL
    }
    name = Person.objects.filter(pk=person_id).values_list("name", flat=True).first()
    return Kept(name or "", tuple(sorted(held)), _counts(person_id))


@transaction.atomic
def ask_correction(*, person_id: str, what: str, old: str, new: str, at: datetime, once: str) -> Case:
    """She says what is wrong and what is right. Of an address the old one is told, so that nobody changes it unseen.

    Raises NotCorrectable, NothingNew.
    """
    if what not in CORRECTABLE:
        raise NotCorrectable("This cannot be corrected here. Talk to a person.")
    if not new.strip():
        raise NothingNew("Write what is right.")
    key = f"correct-{surrogate_of(person_id)}-{once}"[:80]
    if known := Case.objects.filter(from_row=key).first():
        return known
    said = "\n".join(
        f"{name}: {text.strip()[:2_000]}" for name, text in (("what", what), ("old", old), ("new", new))
    )
    case = open_case(
        "correct_data",
        person_id,
        origin=key,
        at=at,
        said=said,
        due=(at + WITHIN).date() if what not in ADDRESSES else None,
    )
    _noted("correction_asked", person_id, case, at, {"what": what})
    if what in ADDRESSES:
        with suppress(NothingLive, UnknownPerson):
            consider(person_id=person_id, occasion=TELLS_OLD, at=at, because="you_asked_for_it")
    return case


@transaction.atomic
def ask_erasure(*, person_id: str, at: datetime) -> Case:
    """She wants what we keep to go. Asked twice while the first waits, it is one request; two people see to it."""
    waiting = Case.objects.filter(person_id=person_id, kind="erase_data").exclude(state="closed").first()
    if waiting is not None:
        return waiting
    key = f"erase-{surrogate_of(person_id)}-{int(at.timestamp())}"[:80]
    case = open_case("erase_data", person_id, origin=key, at=at, due=(at + WITHIN).date())
    _noted("erasure_asked", person_id, case, at, {})
    return case


def _counts(person_id: str) -> dict[str, int]:
    loans = set(FACTS["loans"].objects.filter(borrower_id=person_id).values_list("loan_id", flat=True))
    return {
        "loans": len(loans),
        "payments": FACTS["payments"]
        .objects.filter(loan_id__in=loans)
        .values("payment_id")
        .distinct()
        .count(),
        "messages": Message.objects.filter(person_id=person_id).count(),
        "answers": Answer.objects.filter(person_id=person_id).count(),
        "wishes": FACTS["preferences"].objects.filter(person_id=person_id).values("name").distinct().count(),
        "consents": FACTS["consents"]
        .objects.filter(person_id=person_id)
        .values("channel", "purpose_class")
        .distinct()
        .count(),
        "looks": len(looks_at(person_id)),
    }


def _noted(action: str, person_id: str, case: Case, at: datetime, detail: dict[str, str]) -> None:
    her = surrogate_of(person_id)
    note(action=action, by=person_actor(her), at=at, about=her, detail={"case": case.pk, **detail})
