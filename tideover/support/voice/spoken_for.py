"""Where nothing goes by itself, what the night would have said is a person's to say: to whoever speaks for her, or to her in danger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tideover.strategy.day import BLOCKED, last_night, listed
from tideover.strategy.models import Watermark
from tideover.support.voice.models import PowerToAct
from tideover.support.voice.powers import is_in_force

KIND, MARK = "for_adviser", "support:spoken_for"
BY_HOLD = {"hold_represented": KIND, "hold_danger": "for_her"}
"""The case that is opened for whom a hold left in peace."""

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


def rested_by_it(*, at: datetime, seen: dict[str, int]) -> Iterable[tuple[str, str, str]]:
    """Whom the last night left in peace although there was something to say: the case's kind, the person, a key of the month.

    A night is read once, noted in `seen` for whoever keeps it with the cases: a turn in which none has come costs a read.
    """
    run = last_night()
    if run is None or Watermark.objects.filter(table=MARK, last_id__gte=run.pk).exists():
        return
    for hold, kind in BY_HOLD.items():
        rested, _ = listed(run, BLOCKED, hold, None, start=0, most=MOST)
        for it in rested:
            key = hashlib.sha256(f"{it.person_id} {at:%Y-%m}".encode()).hexdigest()[:40]
            yield kind, it.person_id, f"{kind}-{key}"
    seen[MARK] = run.pk
