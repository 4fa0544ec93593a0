"""Whoever is spoken for is not written to about a debt: what the night would have said to her is a person's to say to them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tideover.strategy.day import BLOCKED, last_night, listed
from tideover.strategy.models import Watermark
from tideover.support.voice.models import PowerToAct
from tideover.support.voice.powers import is_in_force

KIND, HOLD, MARK = "for_adviser", "hold_represented", "support:spoken_for"
MOST = 10_000
"""People of one night for whom a case is opened; more than that is a fault, not advice."""


@dataclass(frozen=True)
class Spokesperson:
    """Who is to be spoken with instead, and how they are reached."""

    name: str
    reach: str


def speak_with(person_id: str, at: datetime) -> list[Spokesperson]:
    """Those with whom we speak and not with her, as she wrote it."""
    return [
        Spokesperson(it.name, it.reach)
        for it in PowerToAct.objects.filter(person_id=person_id, instead=True).order_by("given_at", "pk")
        if is_in_force(it, at)
    ]


def rested_by_it(*, at: datetime, seen: dict[str, int]) -> Iterable[tuple[str, str]]:
    """Whom the last night left in peace because somebody speaks for her, each with a key that is the same all month.

    A night is read once, noted in `seen` for whoever keeps it with the cases: a turn in which none has come costs a read.
    """
    run = last_night()
    if run is None or Watermark.objects.filter(table=MARK, last_id__gte=run.pk).exists():
        return
    rested, _ = listed(run, BLOCKED, HOLD, None, start=0, most=MOST)
    for it in rested:
        yield it.person_id, f"{KIND}-{hashlib.sha256(f'{it.person_id} {at:%Y-%m}'.encode()).hexdigest()[:40]}"
    seen[MARK] = run.pk
