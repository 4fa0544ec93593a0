"""The end a person gives to her own promise: undone on the day it was made, or taken back later."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tideover.access.actors import Actor, person_actor
from tideover.access.audit import note
from tideover.book.surrogates import surrogate_of
from tideover.repayment.promises.models import Part, Promise
from tideover.repayment.promises.refusals import NothingToEnd
from tideover.repayment.promises.whereabouts import whereabouts_of
from tideover.repayment.promises.writing import write_facts


def promise_of(promise_id: int, person_id: str) -> Promise | None:
    """One of her promises; None where it is nobody's or not hers to see."""
    return Promise.objects.filter(pk=promise_id, person_id=person_id).prefetch_related("parts").first()


def open_promise_of(person_id: str, at: datetime) -> Promise | None:
    """The promise of hers that runs, the latest first; made before that moment."""
    running = Promise.objects.filter(person_id=person_id, parts__state="open", made_at__lte=at)
    return running.order_by("-made_at", "-pk").prefetch_related("parts").first()


def may_undo(promise: Promise, at: datetime) -> bool:
    """It is still the day on which it was made, on her calendar, and it runs."""
    where = whereabouts_of(promise.person_id, at)
    is_open = any(it.state == "open" for it in promise.parts.all())
    return is_open and where.today(promise.made_at) == where.today(at)


@transaction.atomic
def withdraw(*, promise_id: int, person_id: str, at: datetime, by: Actor | None = None) -> Promise:
    """It no longer runs. On its own day that is an undo, and the one it replaced runs again. Raises NothingToEnd."""
    promise = Promise.objects.select_for_update().filter(pk=promise_id, person_id=person_id).first()
    parts = list(promise.parts.filter(state="open").select_related("promise")) if promise else []
    if promise is None or not parts:
        raise NothingToEnd("There is no day to take back.")
    before = (
        list(promise.replaces.filter(state="replaced").select_related("promise"))
        if may_undo(promise, at)
        else []
    )
    _moved(parts, "withdrawn", at)
    _moved(before, "open", None)
    write_facts([*parts, *before], at=at)
    her = surrogate_of(person_id)
    note(
        action="promise_withdrawn",
        by=by or person_actor(her),
        at=at,
        about=her,
        detail={"promise": promise.pk},
    )
    return promise


@transaction.atomic
def give_way(*, loan_id: str, person_id: str, at: datetime) -> None:
    """A plan was agreed for the loan: her promise about it has nothing more to say."""
    parts = list(
        Part.objects.filter(subject=loan_id, person_id=person_id, state="open").select_related("promise")
    )
    _moved(parts, "replaced", at)
    write_facts(parts, at=at)


def _moved(parts: list[Part], state: str, ended_at: datetime | None) -> None:
    for it in parts:
        it.move(state)
        it.ended_at = ended_at
    Part.objects.bulk_update(parts, ["state", "ended_at"])
