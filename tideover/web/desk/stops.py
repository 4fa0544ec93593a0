"""What can be stopped with one press, and what is stopped now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tideover.access.models import Staff
from tideover.strategy.stops import ALL, RESTORED, standing
from tideover.strategy.telling import words


@dataclass(frozen=True)
class Stopped:
    """One stop that stands."""

    scope: str
    says: str
    since: datetime
    by: str


def scopes() -> Mapping[str, str]:
    """Everything, then channel by channel; with what stands by other means."""
    channels = {f"channel:{name}": f"Every message by {name}" for name in words().lists.channels}
    others = {it.scope: it.scope.replace(":", " ") for it in standing()}
    if RESTORED in others:
        others[RESTORED] = "Everything, since a backup was restored"
    return {ALL: "Everything", **{scope: others[scope] for scope in others if scope != ALL}, **channels}


def standing_stops() -> list[Stopped]:
    """What is stopped now, the longest first."""
    found, known = list(standing()), scopes()
    numbers = [int(it.pressed_by) for it in found if it.pressed_by.isdecimal()]
    names = {str(pk): name for pk, name in Staff.objects.filter(pk__in=numbers).values_list("pk", "name")}
    return [
        Stopped(
            it.scope, known.get(it.scope, it.scope), it.pressed_at, names.get(it.pressed_by, it.pressed_by)
        )
        for it in found
    ]
