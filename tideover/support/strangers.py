"""Somebody whom we do not know wrote to us: a person reads it. A death or a danger told so is seen to like any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction

from tideover.delivery.models import Unplaced
from tideover.support.models import Case
from tideover.support.opening import NOBODY, open_case
from tideover.support.voice.deaths import tell_death
from tideover.support.voice.models import DeathTold

MANY = 500
KEPT = timedelta(days=30)
"""How long the words of somebody whom nobody knows stay after their case is closed."""


def open_for_strangers(*, at: datetime) -> int:
    """A case for what each sender said since we last looked; the words are sealed with it, and no longer here. How many."""
    rows = Unplaced.objects.filter(text__isnull=False).order_by("channel", "index", "pk")[:MANY]
    found = [list(of_one) for _, of_one in groupby(rows, lambda it: (it.channel, it.index))]
    for each in found:
        _opened(each, at)
    return len(found)


def forget_strangers(*, at: datetime) -> int:
    """Words that led to nobody go, a while after somebody closed their case. How many cases were emptied."""
    before = int((at - KEPT).timestamp())
    over = Unplaced.objects.filter(text__isnull=True, is_stop=False, at__lte=before)
    if over.exists():
        over.delete()
    done = Case.objects.filter(person_id=NOBODY, state="closed", closed_at__lte=before, said__isnull=False)
    cases = list(done.values_list("pk", flat=True)[:MANY])
    return _emptied(cases) if cases else 0


@transaction.atomic
def _emptied(cases: Sequence[int]) -> int:
    DeathTold.objects.filter(case_id__in=cases).update(said="", told_by="", reach="")
    return Case.objects.filter(pk__in=cases).update(said=None, note=None)


@transaction.atomic
def _opened(rows: Sequence[Unplaced], at: datetime) -> None:
    """Danger first; a death so that a person can say who it is. Parts of one long text come as one."""
    first = rows[0]
    words, sender = "\n".join(it.text or "" for it in rows), first.sender or ""
    told, key = f"{first.channel}: {sender}\n{words}", f"unplaced-{first.pk}"
    is_danger, is_death = any(it.is_danger for it in rows), any(it.is_death for it in rows)
    nobody_to_reach = is_death and not sender.strip()
    if is_danger or not is_death or nobody_to_reach:
        kind = "danger" if is_danger else "death" if is_death else "question"
        open_case(kind, NOBODY, origin=key, at=at, said=told)
    if is_death and not nobody_to_reach:
        tell_death(
            who=words or sender, reference="", her_address="", told_by="", reach=sender, at=at, once=key
        )
    Unplaced.objects.filter(pk__in=[it.pk for it in rows]).update(text=None, sender=None)
