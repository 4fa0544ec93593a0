"""An answer of "1": she chooses the day that the message offered. Where it offered none, a person reads the answer."""

from __future__ import annotations

import json
from datetime import date

from tideover.delivery.about import subjects_of
from tideover.delivery.answers import Heard, left_to_a_person
from tideover.delivery.models import Message
from tideover.kit.days import date_of
from tideover.kit.errors import Refused
from tideover.repayment.promises.making import promise_to_pay
from tideover.repayment.promises.models import Part

OFFERED = "offered_on"
OF_A_PROMISE = ("promise_confirmed", "promise_eve")
"""Messages about a day she chose already: a yes to these says that it still holds."""


def choose_the_offered_day(heard: Heard) -> None:
    """Write the day down; what cannot be written down waits for a person, and so does a yes that may mean one of two days."""
    held = [it for it in heard.messages if _still_holds(it)]
    asked = [(it, on) for it in heard.messages if it not in held and (on := _offered(it))]
    if held and not asked:
        return
    if held or len({on for _, on in asked}) != 1:
        left_to_a_person(heard)
        return
    message, on = asked[0]
    try:
        promise_to_pay(
            person_id=heard.person, loan_ids=subjects_of(message), on=on, origin="self", at=heard.at
        )
    except Refused:
        left_to_a_person(heard)


def _still_holds(message: Message) -> bool:
    running = Part.objects.filter(person_id=message.person_id, subject=message.subject, state="open")
    return message.purpose in OF_A_PROMISE and running.exists()


def _offered(message: Message) -> date | None:
    """The day that its words named, or that was given with it."""
    said = json.loads(message.body) if message.body else {}
    day = said.get(OFFERED) or message.occasion.get("values", {}).get(OFFERED)
    return date_of(day) if isinstance(day, int) else None
