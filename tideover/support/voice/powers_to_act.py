"""Powers to act: somebody may see, speak or agree for a borrower, until a day. She gives them and ends them herself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.surrogates import surrogate_of
from tideover.support.voice.models import PowerToAct

KINDS = ("adviser", "carer", "family", "lawyer")
MAY = ("see", "speak", "agree")
REPRESENTS = ("adviser", "lawyer")
"""For whom our messages rest while the power lasts: law or good custom has us write to her representative."""
SOURCE = "person"


@transaction.atomic
def give_power(
    *, person_id: str, kind: str, name: str, reach: str, may: Sequence[str], until_on: date, at: datetime
) -> PowerToAct:
    """Let somebody act for her. A lawyer or adviser who may speak is who we speak with: our messages to her rest."""
    made = PowerToAct.objects.create(
        person_id=person_id,
        kind=kind,
        name=name,
        reach=reach,
        reach_index=blind(reach),
        may=list(may),
        given_at=at,
        until_on=until_on,
    )
    if kind in REPRESENTS and "speak" in may:
        _hold(made, at)
    note(
        action="power_to_act_given",
        by=person_actor(surrogate_of(person_id)),
        at=at,
        detail={"power": made.pk, "kind": kind},
    )
    return made


@transaction.atomic
def end_power(*, power: PowerToAct, at: datetime) -> PowerToAct:
    """It is over. Ended twice is ended once."""
    found = PowerToAct.objects.select_for_update().get(pk=power.pk)
    if found.ended_at is None:
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        if found.kind in REPRESENTS and "speak" in found.may:
            _hold(found, at)
        note(
            action="power_to_act_ended",
            by=person_actor(surrogate_of(found.person_id)),
            at=at,
            detail={"power": found.pk},
        )
    return found


def powers_of(person_id: str, at: datetime) -> list[PowerToAct]:
    """Those that hold now."""
    running = PowerToAct.objects.filter(person_id=person_id, ended_at=None).order_by("given_at", "pk")
    return [it for it in running if it.until_on >= at.date()]


def _hold(power: PowerToAct, at: datetime) -> None:
    hold = {
        "hold_id": f"represented-{power.pk}", "person_id": power.person_id, "kind": "represented", "from_at": power.given_at,
        "until_at": power.ended_at,
    }  # fmt: skip
    record("holds", [hold], source=SOURCE, at=at)
