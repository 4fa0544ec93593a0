"""What can be stopped with one press, what is stopped now, and who may let it go on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from tideover.access.allowed import may
from tideover.access.models import Request, Staff
from tideover.access.roles import Power
from tideover.strategy.lifting import asked, may_take_back
from tideover.strategy.models import Release, Stop
from tideover.strategy.models.releases import DECIDING
from tideover.strategy.stops import ALL, RESTORED, standing
from tideover.strategy.telling import words

OF_STRATEGY = "strategy:"


@dataclass(frozen=True)
class Stopped:
    """One stop that stands, with what its reader may do about it."""

    scope: str
    says: str
    since: datetime
    by: str
    why: str = ""
    asked_by: str = ""
    asked_at: datetime | None = None
    is_own_wish: bool = False
    may_ask: bool = False
    may_agree: bool = False
    may_take_back: bool = False


def scopes() -> Mapping[str, str]:
    """Everything, then channel by channel and strategy by strategy; with what stands by other means."""
    channels = {f"channel:{name}": f"Every message by {name}" for name in words().lists.channels}
    others = {it.scope: it.scope.replace(":", " ") for it in standing()}
    if RESTORED in others:
        others[RESTORED] = "Everything, since a backup was restored"
    return {
        ALL: "Everything",
        **{scope: others[scope] for scope in others if scope != ALL},
        **channels,
        **_strategies(others),
    }


def _strategies(stopped: Collection[str]) -> Mapping[str, str]:
    """What decides just now, and what is stopped already though it decides no more."""
    hashes = [it.removeprefix(OF_STRATEGY) for it in stopped if it.startswith(OF_STRATEGY)]
    found = Release.objects.filter(Q(state__in=DECIDING) | Q(pk__in=hashes)).order_by("state")
    return {f"{OF_STRATEGY}{it.pk}": f"Every message that {it} decided" for it in found}


def standing_stops(reader: Staff, at: datetime) -> list[Stopped]:
    """What is stopped now, the longest first."""
    found, known = list(standing()), scopes()
    numbers = [int(it.pressed_by) for it in found if it.pressed_by.isdecimal()]
    names = {str(pk): name for pk, name in Staff.objects.filter(pk__in=numbers).values_list("pk", "name")}
    wishes = asked(found, at)
    return [
        _told(
            it,
            known.get(it.scope, it.scope),
            names.get(it.pressed_by, it.pressed_by),
            wishes.get(it.pk),
            reader,
            at,
        )
        for it in found
    ]


def _told(stop: Stop, says: str, by: str, wish: Request | None, reader: Staff, at: datetime) -> Stopped:
    is_own = wish is not None and wish.asked_by_id == reader.pk
    return Stopped(
        stop.scope, says, stop.pressed_at, by, stop.why,
        asked_by=wish.asked_by.name if wish else "",
        asked_at=wish.asked_at if wish else None,
        is_own_wish=is_own,
        may_ask=wish is None and may(reader, Power.RELEASE_SENDING),
        may_agree=wish is not None and (settings.ONE_PERSON if is_own else may(reader, Power.APPROVE_RELEASE)),
        may_take_back=may_take_back(stop, reader, at),
    )  # fmt: skip
