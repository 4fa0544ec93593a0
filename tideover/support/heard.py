"""What somebody told one of us on the phone or at the door: written down, it counts as if they had written it themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from tideover.access.actors import staff_actor
from tideover.access.allowed import require
from tideover.access.audit import Plain, note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.book.surrogates import surrogate_of
from tideover.delivery.answers import EVERY, hear
from tideover.delivery.models import Answer
from tideover.kit.errors import Refused
from tideover.support.actions import NotYours
from tideover.support.voice.complaining import complain
from tideover.support.voice.pressed import once_only

HEARD: Mapping[str, str] = MappingProxyType(
    {
        "stop": "Wants us to stop",
        "call_me": "Asks to be called",
        "paid": "Has paid already",
        "wrong_amount": "Says that the amount is wrong",
        "cannot_pay": "Cannot pay now",
        "help": "Has a question, or wants help",
        "complaint": "Complains",
        "not_me": "Is not the person we look for",
        "death": "Tells that the person has died",
        "danger": "May be in danger, or puts somebody in danger",
    }
)
"""What can be written down, in words."""

STOPPABLE: Mapping[str, str] = MappingProxyType(
    {
        "call": "calls",
        "visit": "visits",
        "sms": "text messages",
        "email": "e-mail",
        "push": "notifications",
        "letter": "letters",
        EVERY: "everything that may be stopped",
    }
)
"""What somebody may want us to stop. What a law says must be told still comes, and answers to what they ask."""

STOP, COMPLAINT = "stop", "complaint"
HEARD_ON = "call"
LONGEST = 4_000


class NothingChosen(Refused):
    """It was not said what was heard, or what is to stop."""


@once_only
def write_down(
    *,
    person_id: str,
    kind: str,
    by: Staff,
    at: datetime,
    once: str,
    words: str = "",
    stops: Iterable[str] = (),
) -> None:
    """Write down what somebody said, and what is to stop, with its effects at once. Raises NotAllowed, NotYours, NothingChosen.

    The same `once` about the same person, said alike, is one time.
    """
    require(by, Power.RECORD_FACTS)
    if not Person.objects.visible_to(by).filter(pk=person_id).exists():
        raise NotYours("This person is of another branch.")
    wanted, said = sorted(set(stops) & set(STOPPABLE)), words.strip()[:LONGEST]
    if kind not in HEARD:
        raise NothingChosen("Choose what was said.")
    if kind == STOP and not wanted:
        raise NothingChosen("Choose what is to stop.")
    her = surrogate_of(person_id)
    key = f"heard-{her}-{hashlib.sha256(f'{once} {kind} {wanted} {said}'.encode()).hexdigest()[:24]}"
    if Answer.objects.filter(outside_id=key).exists():
        return
    if kind == COMPLAINT:
        complain(person_id=person_id, said=said, at=at, once=key[-24:])
    hear(person_id=person_id, kind=kind, stops=wanted, heard_on=HEARD_ON, text=said, at=at, outside_id=key)
    detail: dict[str, Plain] = {"kind": kind, **({"stops": wanted} if wanted else {})}
    note(action="heard", by=staff_actor(by), at=at, about=her, detail=detail)
