"""A wrong message is followed by a correction to exactly those who got it, once each.

One person says what was wrong, another agrees, and everybody is asked about at the one gate in one plan. It goes in the
language and by the channel of what was wrong; whom a hold or rule keeps us from writing to, a person sees to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction

from tideover.access import two_persons
from tideover.access.actors import staff_actor
from tideover.access.allowed import require
from tideover.access.audit import Plain, note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.delivery.models import KEPT_BACK, Corrected, Correction, Message
from tideover.delivery.wrong import Got, Wrong, who_got
from tideover.kit.errors import Refused
from tideover.strategy.gate import Asked, Considered, consider_all

OCCASION = "correction"
BECAUSE = "we_were_wrong"


class NobodyGotIt(Refused):
    """There is nobody to put it right with."""


class NothingSaid(Refused):
    """A correction names what was wrong, in a sentence for colleagues."""


class NotAgreed(Refused):
    """A correction is carried on only after a second person has agreed to it."""


@transaction.atomic
def ask_correction(*, wrong: Wrong, says: str, by: Staff, at: datetime) -> Correction:
    """Ask that everybody who got this be told that it was wrong. Raises NotAllowed, NothingSaid, NobodyGotIt."""
    require(by, Power.CORRECT)
    if not says.strip():
        raise NothingSaid(
            "Say in a sentence what was wrong, for whoever agrees and for those who are asked about it."
        )
    got = who_got(wrong)
    if not got:
        raise NobodyGotIt("Nobody got such a message, so there is nobody to put it right with.")
    request = two_persons.ask(power=Power.CORRECT, what=_what(wrong), by=by, at=at)
    made = Correction.objects.create(request=request, says=says.strip(), **wrong.columns)
    _noted("correction_asked", made, by, at, {"people": len(got)})
    return made


@transaction.atomic
def agree_correction(*, correction: Correction, by: Staff, at: datetime) -> Correction:
    """Agree as the second person: everybody who got it by now is decided. Raises NotAllowed, SecondPersonNeeded, NotOpen."""
    found = Correction.objects.select_for_update().get(pk=correction.pk)
    request, what = found.request, _what(Wrong.of(found))
    two_persons.approve(request=request, by=by, at=at)
    two_persons.use(request=request, power=Power.CORRECT, what=what, by=request.asked_by, at=at)
    return _decided(found, by, at)


@transaction.atomic
def turn_down_correction(*, correction: Correction, by: Staff, at: datetime) -> None:
    """Say no as the second person, or take one's own wish back. Raises NotAllowed, NotOpen."""
    two_persons.turn_down(request=correction.request, by=by, at=at)


@transaction.atomic
def carry_on(*, correction: Correction, by: Staff, at: datetime) -> Correction:
    """Ask again about those who got it since, or whom nothing told yet; nobody is told twice. Raises NotAllowed, NotAgreed."""
    require(by, Power.CORRECT)
    found = Correction.objects.select_for_update().get(pk=correction.pk)
    if found.decided_at is None:
        raise NotAgreed("Somebody else has to agree first.")
    return _decided(found, by, at)


def _decided(correction: Correction, by: Staff, at: datetime) -> Correction:
    asked = correction.people.exclude(decision_id="")
    # What ended without leaving, such as under a stop that outlasted it, told nobody anything.
    in_vain = set(
        Message.objects.filter(
            contact_id__in=asked.values("decision_id"), state__in=KEPT_BACK, maybe_twice=False
        ).values_list("person_id", flat=True)
    )
    told = set(asked.values_list("person_id", flat=True)) - in_vain
    got = {person: it for person, it in who_got(Wrong.of(correction)).items() if person not in told}
    made = _considered(correction, got, in_vain, at)
    rows = [
        Corrected(
            correction=correction, person_id=person, message_id=got[person].message,
            decision_id=it.decision.decision_id if it.decision else "", forbidden_by=it.forbidden_by,
        )
        for person, it in made.items()
    ]  # fmt: skip
    Corrected.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["correction", "person_id"],
        update_fields=["message", "decision_id", "forbidden_by"],
    )  # fmt: skip
    correction.decided_at = at
    correction.save(update_fields=["decided_at"])
    forbidden = sum(not it.decision for it in made.values())
    _noted("correction_decided", correction, by, at, {"told": len(made) - forbidden, "forbidden": forbidden})
    return correction


def _considered(
    correction: Correction, got: Mapping[str, Got], in_vain: Collection[str], at: datetime
) -> dict[str, Considered]:
    """By the channel of what was wrong; where that is closed by whichever the rules leave open."""
    first = f"{OCCASION}-{correction.pk}"
    # A decision whose message did not leave is over: the next is one of its own.
    keys = dict.fromkeys(got, first) | dict.fromkeys(in_vain, f"{first}-{int(at.timestamp())}")
    made = _at_the_gate(keys, got.items(), at, same_channel=True)
    closed = [(person, got[person]) for person, it in made.items() if it.decision is None]
    return made | _at_the_gate(keys, closed, at, same_channel=False)


def _at_the_gate(
    keys: Mapping[str, str], got: Iterable[tuple[str, Got]], at: datetime, *, same_channel: bool
) -> dict[str, Considered]:
    asked = [
        Asked(
            person, it.subject, it.channel if same_channel else None, it.values, it.language, key=keys[person]
        )
        for person, it in got
    ]  # fmt: skip
    return consider_all(asked, occasion=OCCASION, at=at, because=BECAUSE)


def _what(wrong: Wrong) -> dict[str, Plain]:
    moments = {"since": wrong.since, "until": wrong.until}
    named = {
        "purpose": wrong.purpose,
        "template": wrong.template,
        "release": wrong.release,
        "channel": wrong.channel,
    }
    return {**named, **{name: int(it.timestamp()) if it else None for name, it in moments.items()}}


def _noted(action: str, correction: Correction, by: Staff, at: datetime, detail: dict[str, Plain]) -> None:
    note(action=action, by=staff_actor(by), at=at, about=f"correction:{correction.pk}", detail=detail)
