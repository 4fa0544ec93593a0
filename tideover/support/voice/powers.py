"""Powers to act: given by her, used by whoever she chose, ended by her with one press. Every look is written down for her."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.access.models import AuditRow
from tideover.book.surrogates import surrogate_of
from tideover.kit.errors import Refused
from tideover.repayment.loans import Loan, loans_of
from tideover.strategy.gate import UnknownPerson, consider
from tideover.strategy.releases import NothingLive
from tideover.support.voice.acting import loans_taken, somebody_who_acts, tie, untie
from tideover.support.voice.facts import hold, lift
from tideover.support.voice.models import MAY, POWER_MOVES, PowerToAct
from tideover.support.voice.pressed import once_only

ROLE, INVITES = "representative", "invited_to_act"
LOOKED, AGREED = "looked_for_somebody", "agreed_for_somebody"
LONGEST = timedelta(days=2 * 366)
"""A power to act ends by itself after this; she can give it again."""


class NoName(Refused):
    """Somebody has a name."""


class NotThatDay(Refused):
    """The day is over, or too far away."""


class NothingAllowed(Refused):
    """Whoever acts for her may do at least one thing."""


class NotThere(Refused):
    """There is no such power to act, or it has ended."""


@dataclass(frozen=True)
class Leave:
    """What she lets somebody do. `instead`: we speak with them and not with her, so they may speak."""

    name: str
    reach: str
    may: tuple[str, ...]
    until: date
    instead: bool = False


@once_only
def give(*, person_id: str, leave: Leave, at: datetime, once: str, language: str = "en") -> PowerToAct:
    """She lets somebody act for her until a day. The same `once` is one. Raises NoName, NotThatDay, NothingAllowed, NoAddress."""
    key = f"{surrogate_of(person_id)}-{once}"[:80]
    if known := PowerToAct.objects.filter(once=key).first():
        return known
    wanted = {*leave.may, *(("speak",) if leave.instead else ())}
    allowed, until = [it for it in MAY if it in wanted], leave.until
    _check(leave.name, allowed, until, at)
    acts_id = somebody_who_acts(
        name=leave.name, reach=leave.reach, beside=person_id, language=language, at=at
    )
    made = PowerToAct.objects.create(
        once=key, person_id=person_id, acts_id=acts_id, name=leave.name.strip()[:200], reach=leave.reach.strip()[:200], may=allowed,
        instead=leave.instead, given_at=at, until_on=until,
    )  # fmt: skip
    # As a party they are told nothing: what they may see stands on one page alone, where each look is written down.
    tie(person_id, acts_id, ROLE, told="nothing", at=at, until=_end_of(until))
    if made.instead:
        hold(person_id, "represented", key=_hold_of(made), at=at, until=_end_of(until))
    _noted("power_given", made, at, {"may": allowed})
    with suppress(NothingLive, UnknownPerson):
        consider(person_id=acts_id, occasion=INVITES, at=at, because="you_asked_for_it")
    return made


@transaction.atomic
def end(*, power: PowerToAct, person_id: str, at: datetime) -> PowerToAct:
    """She ends it, or whoever acts gives it back; from now on they see nothing. Raises NotThere."""
    found = PowerToAct.objects.select_for_update().filter(pk=power.pk).first()
    if (
        found is None
        or person_id not in (found.person_id, found.acts_id)
        or "ended" not in POWER_MOVES[found.state]
    ):
        raise NotThere("This has ended already.")
    found.state, found.ended_at = "ended", at
    found.save()
    if not _others(found, at):
        untie(loans_taken(found.person_id), found.acts_id, ROLE, at)
    lift(found.person_id, _hold_of(found), at)
    _noted("power_ended", found, at, {"by_her": person_id == found.person_id})
    return found


@transaction.atomic
def look(*, power_id: int, acts_id: str, at: datetime) -> tuple[PowerToAct, tuple[Loan, ...]]:
    """What whoever acts may see of her, and that they looked. Raises NotThere."""
    found = PowerToAct.objects.filter(pk=power_id, acts_id=acts_id).first()
    if found is None or not is_in_force(found, at):
        raise NotThere("This has ended, or was never yours.")
    if found.state == "given":
        PowerToAct.objects.filter(pk=found.pk, state="given").update(
            state="in_use", used_at=int(at.timestamp())
        )
        found.state = "in_use"
    seen = tuple(it for it in loans_of(found.person_id, at) if it.is_hers) if "see" in found.may else ()
    note(
        action=LOOKED, by=person_actor(surrogate_of(acts_id)), at=at, about=surrogate_of(found.person_id), detail={"power": found.pk}
    )  # fmt: skip
    return found, seen


def may_for(acts_id: str, person_id: str, what: str, at: datetime) -> bool:
    """Whether somebody may do this for her now: see, speak or agree."""
    held = PowerToAct.objects.filter(acts_id=acts_id, person_id=person_id)
    return any(what in it.may and is_in_force(it, at) for it in held)


def is_in_force(power: PowerToAct, at: datetime) -> bool:
    """It was not ended, and its day is not over."""
    return power.state != "ended" and at < _end_of(power.until_on)


def given_by(person_id: str) -> list[PowerToAct]:
    """What she gave, the newest first."""
    return list(PowerToAct.objects.filter(person_id=person_id).order_by("-given_at", "-pk"))


def given_to(acts_id: str, at: datetime) -> list[PowerToAct]:
    """For whom somebody may act now."""
    return [
        it
        for it in PowerToAct.objects.filter(acts_id=acts_id).order_by("-given_at", "-pk")
        if is_in_force(it, at)
    ]


@dataclass(frozen=True)
class Look:
    """One look at her loans, or one thing agreed to for her: when, and by whom. `what`: looked or agreed."""

    at: datetime
    name: str
    what: str = "looked"


def looks_at(person_id: str, most: int = 50) -> list[Look]:
    """Who looked at what is hers, or agreed to something for her; the newest first."""
    rows = list(
        AuditRow.objects.filter(action__in=(LOOKED, AGREED), about=surrogate_of(person_id)).order_by(
            "-number"
        )[:most]
    )
    names = {it.pk: it.name for it in PowerToAct.objects.filter(person_id=person_id)}
    return [
        Look(it.at, names[it.detail["power"]], "looked" if it.action == LOOKED else "agreed")
        for it in rows
        if it.detail.get("power") in names
    ]


def _check(name: str, may: list[str], until: date, at: datetime) -> None:
    if not name.strip():
        raise NoName("Write the name of whoever acts for you.")
    if not may:
        raise NothingAllowed("Choose at least one thing that they may do.")
    if not at.date() <= until <= (at + LONGEST).date():
        raise NotThatDay("Choose a day from today on, within two years.")


def _others(power: PowerToAct, at: datetime) -> bool:
    """Another power of hers for the same person still stands."""
    others = PowerToAct.objects.filter(person_id=power.person_id, acts_id=power.acts_id).exclude(pk=power.pk)
    return any(is_in_force(it, at) for it in others)


def _end_of(on: date) -> datetime:
    return datetime.combine(on + timedelta(days=1), time(), UTC)


def _hold_of(power: PowerToAct) -> str:
    return f"represented-{power.pk}"


def _noted(action: str, power: PowerToAct, at: datetime, detail: dict[str, object]) -> None:
    her = surrogate_of(power.person_id)
    note(action=action, by=person_actor(her), at=at, about=her, detail={"power": power.pk, **detail})  # type: ignore[dict-item]
