"""Long text messages come in parts, in any order: they are read as one, or after a while as far as they came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction

from tideover.delivery.channels.sms.lettering import read
from tideover.delivery.incoming.received import Answered
from tideover.delivery.models import TextPart

A_WHILE = timedelta(minutes=2)
"""Networks hand over the parts of one message within seconds. A stop may stand in what came: it does not wait longer."""

MANY = 500


def is_part(said: Answered) -> bool:
    """Is it a part of something longer? A message of one part, or with numbers that make no sense, is whole."""
    if said.part is None:
        return False
    _, total, number = said.part
    return 1 < total <= 255 and 1 <= number <= total


@transaction.atomic
def joined(said: Answered, person: str, *, at: datetime) -> list[str]:
    """The texts that are whole now: none while parts are awaited. An older message under the same mark is read as it is."""
    mark, total, number = said.part or (0, 0, 0)
    of_it = TextPart.objects.select_for_update().filter(
        person_id=person, channel=said.channel, mark=mark, total=total
    )
    here = {it.number: it for it in of_it}
    whole: list[str] = []
    if number in here and here[number].data != said.raw.hex():
        whole.append(text_of(here.values()))
        of_it.delete()
        here = {}
    if number not in here:
        here[number] = TextPart.objects.create(
            person_id=person, channel=said.channel, mark=mark, total=total, number=number, coding=said.coding,
            data=said.raw.hex(), at=at,
        )  # fmt: skip
    if len(here) == total:
        whole.append(text_of(here.values()))
        of_it.delete()
    return whole


def left_behind(*, at: datetime) -> list[list[TextPart]]:
    """Messages whose other parts did not come: the parts of each, to be read as they are."""
    late = TextPart.objects.filter(at__lte=int((at - A_WHILE).timestamp())).order_by("at", "pk")[:MANY]
    keys = {(it.person_id, it.channel, it.mark, it.total) for it in late}
    people = {person for person, *_ in keys}
    parts = TextPart.objects.filter(person_id__in=people).order_by("person_id", "channel", "mark", "total")
    found = groupby(parts, lambda it: (it.person_id, it.channel, it.mark, it.total))
    return [list(of_one) for key, of_one in found if key in keys]


def text_of(parts: Iterable[TextPart]) -> str:
    """What these parts say together. A letter that two parts share is read whole where both are here."""
    ordered = sorted(parts, key=lambda it: it.number)
    runs = groupby(enumerate(ordered), lambda it: (it[1].coding, it[1].number - it[0]))
    return " ".join(read(b"".join(bytes.fromhex(it.data) for _, it in run), key[0]) for key, run in runs)
