"""A complaint, made in any words: an owner and a day at once, what is disputed rests, and she can see where it stands."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import transaction

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.book.actions import record
from tideover.book.surrogates import surrogate_of
from tideover.delivery import outbox
from tideover.delivery.incoming.words import classify
from tideover.kit.cards import cover_cards
from tideover.kit.days import day_of
from tideover.kit.errors import Refused
from tideover.repayment.loans import loans_of
from tideover.strategy.gate import UnknownPerson, consider
from tideover.strategy.releases import NothingLive
from tideover.support.models import Case
from tideover.support.opening import open_case
from tideover.support.voice.clocks import clock_of
from tideover.support.voice.facts import SOURCE, country_of, hold, lift
from tideover.support.voice.models import ABOUT, COMPLAINT_MOVES, Complaint
from tideover.support.voice.pressed import once_only

MOST = 4_000
"""Characters of a complaint."""
ACKNOWLEDGES, BECAUSE = "complaint_received", "you_asked_for_it"


class NothingSaid(Refused):
    """Nothing was written."""


class NotHers(Refused):
    """This loan is not one of hers, or this complaint is another's."""


class NotPossible(Refused):
    """The complaint is in a state from which this cannot be done."""


@once_only
def complain(
    *, person_id: str, said: str, at: datetime, once: str, about: str = "other", wish: str = "", loan_id: str = "", language: str = "en"
) -> Complaint:  # fmt: skip
    """Take a complaint in. The same `once` is one complaint. Raises NothingSaid, NotHers."""
    key = f"complaint-{surrogate_of(person_id)}-{once}"[:80]
    if known := Complaint.objects.filter(complaint_id=key).first():
        return known
    words = cover_cards(said.strip())[:MOST]
    if not words:
        raise NothingSaid("Write what happened, in your own words.")
    if loan_id and loan_id not in {it.loan_id for it in loans_of(person_id, at)}:
        raise NotHers("This loan is not one of yours.")
    made = _made(
        key,
        person_id,
        words,
        cover_cards(wish.strip())[:MOST],
        about if about in ABOUT else "other",
        loan_id,
        at,
    )
    _told(made, at)
    rest(made, at)
    if classify(words, language).danger:
        _in_danger(person_id, words, key=f"{key[:73]}-danger", at=at)
    _acknowledge(made, at)
    her = surrogate_of(person_id)
    note(
        action="complaint_made",
        by=person_actor(her),
        at=at,
        about=her,
        detail={"complaint": made.pk, "about": made.about},
    )
    return made


def _in_danger(person_id: str, words: str, *, key: str, at: datetime) -> None:
    """A person reads it first, and nothing goes to her by itself until they say that it may."""
    open_case("danger", person_id, origin=key, at=at, said=words)
    hold(person_id, "danger", key=key, at=at)
    outbox.cancel([person_id], at=at, because="danger")


def hold_kind(complaint: Complaint) -> str:
    """What rests: of an amount that is said to be wrong that loan, for everybody in it; else what is asked of her."""
    return "dispute" if complaint.about == "amount" else "complaint"


def rest(complaint: Complaint, at: datetime, *, until: datetime | None = None) -> None:
    """What is disputed rests, without an end or until a moment."""
    kind = hold_kind(complaint)
    loan = complaint.loan_id if kind == "dispute" else ""
    hold(
        complaint.person_id,
        kind,
        key=complaint.complaint_id,
        from_at=complaint.made_at,
        at=at,
        loan_id=loan,
        until=until,
    )


@transaction.atomic
def content(*, complaint: Complaint, person_id: str, at: datetime) -> Complaint:
    """She is content with the answer: it is closed, and nothing rests for it any more. Raises NotHers, NotPossible."""
    found = moved(complaint, "closed", person_id)
    found.closed_at = at
    found.save()
    lift(person_id, found.complaint_id, at)
    return _seen_to(found, "complaint_closed", at)


@transaction.atomic
def not_content(*, complaint: Complaint, person_id: str, at: datetime, why: str = "") -> Complaint:
    """She is not: somebody else looks at it anew, and it rests as before. Raises NotHers, NotPossible."""
    found = moved(complaint, "open", person_id)
    times = Complaint.objects.get(pk=found.pk).case_id
    said = "\n\n".join(filter(None, (found.said, cover_cards(why.strip())[:MOST])))
    clock = clock_of(found.country, settings.CONTENT)
    found.answer_by = clock.answer_by(at.date(), found.country)
    found.case = open_case(
        "complaint", person_id, origin=f"{found.complaint_id[:60]}-again-{times}", at=at, said=said, subject=found.loan_id,
        due=found.answer_by,
    )  # fmt: skip
    found.save()
    rest(found, at)
    return _seen_to(found, "complaint_opened_again", at)


def complaints_of(person_id: str) -> list[Complaint]:
    """All of hers, the newest first."""
    return list(Complaint.objects.filter(person_id=person_id).order_by("-made_at", "-pk"))


def needs_no_answer(case: Case) -> None:
    """Whether a case may be closed as it is. Raises NotPossible where a complaint waits for its answer."""
    if Complaint.objects.filter(case=case, state="open").exists():
        raise NotPossible(
            "She waits for an answer with its reasons. Answer the complaint; that closes the case."
        )


def moved(complaint: Complaint, state: str, person_id: str = "") -> Complaint:
    """The complaint as it stands now, in its new state; not yet kept."""
    found = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if person_id and found.person_id != person_id:
        raise NotHers("This complaint is another's.")
    if state not in COMPLAINT_MOVES[found.state]:
        raise NotPossible("This is done already. Look at it once more.")
    found.state = state
    return found


def told_as_fact(complaint: Complaint, at: datetime) -> None:
    """Where it stands, as the engine reads it."""
    row = {
        "complaint_id": complaint.complaint_id, "person_id": complaint.person_id, "loan_id": complaint.loan_id or None,
        "what": complaint.about, "at": complaint.made_at, "state": complaint.state, "closed_at": complaint.closed_at,
    }  # fmt: skip
    record("complaints", [row], source=SOURCE, at=at)


def _made(
    key: str, person_id: str, said: str, wish: str, about: str, loan_id: str, at: datetime
) -> Complaint:
    country, on = country_of(person_id), at.date()
    clock = clock_of(country, settings.CONTENT)
    answer_by = clock.answer_by(on, country)
    whole = "\n\n".join(filter(None, (said, wish)))
    case = open_case("complaint", person_id, origin=key, at=at, said=whole, subject=loan_id, due=answer_by)
    return Complaint.objects.create(
        complaint_id=key, person_id=person_id, loan_id=loan_id, about=about, said=said, wish=wish or None, case=case, made_at=at,
        country=country, acknowledge_by=clock.acknowledge_by(on, country), answer_by=answer_by,
    )  # fmt: skip


def _told(complaint: Complaint, at: datetime) -> None:
    told_as_fact(complaint, at)
    talk = {
        "conversation_id": complaint.complaint_id, "person_id": complaint.person_id, "loan_id": complaint.loan_id or None,
        "channel": "app", "at": at, "by": "them", "outcome": "complained",
    }  # fmt: skip
    record("conversations", [talk], source=SOURCE, at=at)


def _acknowledge(complaint: Complaint, at: datetime) -> None:
    """She has it in writing by whatever way is open; the page says it at once in any case."""
    with suppress(NothingLive, UnknownPerson):
        values = {"reply_by_on": day_of(complaint.answer_by)}
        made = consider(
            person_id=complaint.person_id, occasion=ACKNOWLEDGES, at=at, subject=complaint.loan_id, values=values, because=BECAUSE
        )  # fmt: skip
        if made.decision is not None:
            complaint.acknowledged_at = at
            complaint.save(update_fields=["acknowledged_at"])


def _seen_to(complaint: Complaint, action: str, at: datetime) -> Complaint:
    told_as_fact(complaint, at)
    her = surrogate_of(complaint.person_id)
    note(action=action, by=person_actor(her), at=at, about=her, detail={"complaint": complaint.pk})
    return complaint
