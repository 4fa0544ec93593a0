"""A death, told once by anybody: everything to that person stops, one person of ours sees to it, and one letter is written."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from tideover.access.actors import SYSTEM, person_actor, staff_actor
from tideover.access.allowed import NotAllowed, require
from tideover.access.audit import note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.models import FACTS, Person
from tideover.book.surrogates import surrogate_of
from tideover.delivery import outbox
from tideover.kit.cards import cover_cards
from tideover.kit.errors import Refused
from tideover.kit.text import ascii_digits
from tideover.repayment.ways.references import loan_of_reference
from tideover.strategy.gate import consider
from tideover.strategy.models import Decision
from tideover.support.models import Case
from tideover.support.opening import open_case
from tideover.support.resting import seen_by
from tideover.support.voice.acting import (
    NoAddress,
    channel_of,
    loans_taken,
    people_at,
    somebody_who_acts,
    tie,
    untie,
)
from tideover.support.voice.facts import country_of, ended_by, hold, lift, may_end
from tideover.support.voice.models import DEATH_MOVES, DeathTold
from tideover.support.voice.pressed import once_only

BEREAVED = "bereavement"
"""The hold that a death puts."""
LETTER, BECAUSE, ROLE = "condolence", "you_asked_for_it", "executor"


class NobodyNamed(Refused):
    """Nobody was named, or we do not know how to reach whoever told it."""


class NotPossible(Refused):
    """This cannot be done as things stand."""


@once_only
def tell_death(
    *, who: str, reference: str, her_address: str, told_by: str, reach: str, at: datetime, once: str, language: str = "en"
) -> DeathTold:  # fmt: skip
    """Write down that somebody has died. `reference`: a number of a loan; `her_address`: a phone number or mail address of hers.

    Nobody is told whether we know her. Where we know surely who it is everything to her stops in this moment. Raises NobodyNamed.
    """
    if known := DeathTold.objects.filter(once=once[:80]).first():
        return known
    if not who.strip() or not reach.strip():
        raise NobodyNamed("Write who has died, and how we may reach you.")
    person_id = surely(reference, her_address)
    told = "\n".join(
        cover_cards(it.strip()) for it in (who, reference, her_address, told_by, reach) if it.strip()
    )
    case = open_case("death", person_id, origin=f"death-{once}", at=at, said=told)
    made = DeathTold.objects.create(
        once=once[:80], said=cover_cards(who.strip()), told_by=cover_cards(told_by.strip()), reach=reach.strip()[:300],
        language=language, case=case, told_at=at,
    )  # fmt: skip
    if person_id:
        _stop(made, person_id, at)
        note(action="death_told", by=SYSTEM, at=at, about=surrogate_of(person_id), detail={"death": made.pk})
    return made


@transaction.atomic
def someone_close_died(*, person_id: str, at: datetime, until: datetime, said: str, once: str) -> None:
    """Somebody close to her has died: she is left in peace for a while, and a person of ours knows it."""
    key = f"bereaved-{surrogate_of(person_id)}-{once}"[:80]
    if Case.objects.filter(from_row=key).exists():
        return
    open_case("bereaved", person_id, origin=key, at=at, said=said, due=until.date())
    hold(person_id, BEREAVED, key=key, at=at, until=until)
    outbox.cancel([person_id], at=at, because=BEREAVED)
    her = surrogate_of(person_id)
    note(action="bereavement_told", by=person_actor(her), at=at, about=her)


@transaction.atomic
def found(*, death: DeathTold, person_id: str, by: Staff, at: datetime) -> DeathTold:
    """A person of ours knows who it is: everything to her stops now. Raises NotAllowed, NotPossible."""
    require(by, Power.ANSWER)
    if not Person.objects.visible_to(by).filter(pk=person_id).exists():
        raise NotPossible("Nobody of that key is in the book, or she is of another branch.")
    known = _moved(death, "found")
    _stop(known, person_id, at)
    note(
        action="death_found",
        by=staff_actor(by),
        at=at,
        about=surrogate_of(person_id),
        detail={"death": known.pk},
    )
    return known


@transaction.atomic
def condole(*, death: DeathTold, by: Staff, at: datetime) -> Decision:
    """The one letter: condolence, what to do, whom to call; no amount. Raises NotAllowed, NotPossible, NoAddress, NothingLive."""
    require(by, Power.ANSWER)
    known = _moved(death, "condoled")
    acts = somebody_who_acts(
        name=known.told_by, reach=known.reach, beside=known.person_id, language=known.language, at=at
    )
    tie(known.person_id, acts, ROLE, told="nothing", at=at, until=None)
    made = consider(person_id=acts, occasion=LETTER, at=at, because=BECAUSE, use_by_days=14)
    if made.decision is None:
        raise NotPossible(
            "No way is open by which it could go. Write a letter by hand, to the address in the case."
        )
    known.executor_id, known.condoled_at = acts, at
    known.save()
    note(
        action="condoled",
        by=staff_actor(by),
        at=at,
        about=surrogate_of(known.person_id),
        detail={"death": known.pk},
    )
    return made.decision


@transaction.atomic
def mistaken(*, death: DeathTold, by: Staff, at: datetime) -> DeathTold:
    """It is not so: what rested for it goes on as before. Only who may end holds says so. Raises NotAllowed, NotPossible."""
    if not may_end(by, BEREAVED):
        raise NotAllowed(f"What rests after a death is for {' or '.join(ended_by(BEREAVED))} to end.")
    known = _moved(death, "mistaken")
    known.save()
    if known.person_id:
        lift(known.person_id, _hold_of(known), at)
        for it in seen_by(by, known.case, at):
            if may_end(by, it.kind):
                lift(it.person_id, it.hold_id, at)
        if known.executor_id:
            untie(loans_taken(known.person_id), known.executor_id, ROLE, at)
        note(action="death_mistaken", by=staff_actor(by), at=at, about=surrogate_of(known.person_id))
    return known


def can_be_written_to(death: DeathTold) -> bool:
    """Whether whoever told it left an address by which a message can go."""
    with suppress(NoAddress):
        return bool(channel_of(death.reach, country=country_of(death.person_id)))
    return False


def surely(reference: str, her_address: str) -> str:
    """The one person whom a loan's number or an address stands for; "" where that is not sure."""
    if person := _of_loan(reference):
        return person
    with suppress(NoAddress):
        people = people_at(*channel_of(her_address, country=_country_here()))
        if len(people) == 1:
            return people[0]
    return ""


def _of_loan(reference: str) -> str:
    typed = ascii_digits(reference.strip())
    if not typed:
        return ""
    loan_id = loan_of_reference(typed) or typed
    owners = set(FACTS["loans"].objects.filter(loan_id=loan_id).values_list("borrower_id", flat=True))
    return str(owners.pop()) if len(owners) == 1 else ""


def _country_here() -> str:
    rows = FACTS["lender"].objects.order_by("-recorded_at", "-id")
    return str(rows.values_list("jurisdiction", flat=True).first() or "")[:2]


def _stop(death: DeathTold, person_id: str, at: datetime) -> None:
    death.person_id, death.state = person_id, "found"
    death.save()
    branch = Person.objects.filter(pk=person_id).values_list("branch", flat=True).first() or ""
    Case.objects.filter(pk=death.case_id).update(person_id=person_id, branch=branch)
    hold(person_id, BEREAVED, key=_hold_of(death), at=at)
    outbox.cancel([person_id], at=at, because=BEREAVED)


def _moved(death: DeathTold, state: str) -> DeathTold:
    known = DeathTold.objects.select_for_update().get(pk=death.pk)
    if state not in DEATH_MOVES[known.state]:
        raise NotPossible("This is done already, or something has to be done before it.")
    known.state = state
    return known


def _hold_of(death: DeathTold) -> str:
    return f"bereavement-told-{death.pk}"
