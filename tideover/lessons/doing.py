"""A lesson that was done is a fact; how somebody answered is nobody's business and is kept nowhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tideover.book.actions import record
from tideover.book.models import FACTS, Person

SOURCE = "person"
AGAIN = timedelta(days=1)


@transaction.atomic
def finish(*, person_id: str, code: str, at: datetime) -> bool:
    """She has done the lesson; done again within a day it is once. Whether it is new."""
    list(
        Person.objects.select_for_update(no_key=True).filter(pk=person_id)
    )  # two presses wait for each other
    since = int((at - AGAIN).timestamp())
    if FACTS["lessons_done"].objects.filter(person_id=person_id, what=code, at__gt=since).exists():
        return False
    record("lessons_done", [{"person_id": person_id, "what": code, "at": at}], source=SOURCE, at=at)
    return True


def done_by(person_id: str, at: datetime) -> frozenset[str]:
    """The lessons somebody has done so far."""
    rows = FACTS["lessons_done"].objects.filter(person_id=person_id, at__lte=int(at.timestamp()))
    return frozenset(rows.values_list("what", flat=True))
