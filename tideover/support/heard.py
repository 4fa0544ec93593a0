"""What somebody told one of us on the phone or at the door: written down, it counts as if they had written it themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.db import transaction

from tideover.access.actors import staff_actor
from tideover.access.allowed import require
from tideover.access.audit import Plain, note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.book.surrogates import surrogate_of
from tideover.delivery.answers import hear
from tideover.delivery.models import Answer
from tideover.kit.errors import Refused
from tideover.support.actions import NotYours
from tideover.support.voice.complaining import complain

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

EVERYTHING = "all"
STOPPABLE: Mapping[str, str] = MappingProxyType(
    {
        "call": "calls",
        "visit": "visits",
        "sms": "text messages",
        "email": "e-mail",
        "push": "notifications",
        "letter": "letters",
        EVERYTHING: "everything that may be stopped",
    }
)
"""What somebody may want us to stop. What a law says must be told still comes, and answers to what they ask."""

HEARD_ON = "call"
LONGEST = 4_000


class NothingChosen(Refused):
    """It was not said what was heard, or what is to stop."""


@transaction.atomic
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
    """Write down what somebody said, with its effects at once. The same `once` is one time. Raises NotAllowed, NotYours, NothingChosen."""
    require(by, Power.RECORD_FACTS)
    if not Person.objects.visible_to(by).filter(pk=person_id).exists():
        raise NotYours("This person is of another branch.")
    wanted, said = sorted(set(stops) & set(STOPPABLE)), words.strip()[:LONGEST]
    if kind not in HEARD:
        raise NothingChosen("Choose what was said.")
    if kind == "stop" and not wanted:
        raise NothingChosen("Choose what is to stop.")
    keys = {it: f"heard-{once}-{it}"[:200] for it in (wanted if kind == "stop" else [HEARD_ON])}
    if Answer.objects.filter(outside_id__in=keys.values()).exists():
        return
    if kind == "complaint":
        complain(person_id=person_id, said=said, at=at, once=once)
    else:
        for channel, key in keys.items():
            hear(
                person_id=person_id, kind=kind, about=channel, heard_on=HEARD_ON, text=said, at=at, outside_id=key
            )  # fmt: skip
    detail: dict[str, Plain] = {"kind": kind, **({"stops": ", ".join(wanted)} if kind == "stop" else {})}
    note(action="heard", by=staff_actor(by), at=at, about=surrogate_of(person_id), detail=detail)
