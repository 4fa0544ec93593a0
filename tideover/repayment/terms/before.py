"""Terms before there is a loan: offered with a yes, read in peace, agreed to by name and moment, or not."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from tideover.access.actors import Actor, person_actor, staff_actor
from tideover.access.allowed import require
from tideover.access.audit import note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.applications.lifecycle import APPROVED
from tideover.book.applications.models import Application, OfferedTerms
from tideover.book.applications.refusals import NotNow, NotThere
from tideover.book.surrogates import surrogate_of
from tideover.kit.cards import cover_cards
from tideover.kit.errors import Refused
from tideover.kit.text import without_bidi_controls
from tideover.repayment.loans import BORROWER, Instalment, Loan
from tideover.repayment.terms.full import terms_told
from tideover.repayment.terms.place import place_of
from tideover.repayment.terms.schedule import Wanted, schedule_of

LONGEST = 200


class TermsChanged(Refused):
    """They are not those that she has read."""


class TermsIncomplete(Refused):
    """Nobody agrees to terms of which a part is not written down."""


class NoName(Refused):
    """She agrees with her name."""


@transaction.atomic
def offer_terms(*, application: Application, wanted: Wanted, by: Staff, at: datetime) -> OfferedTerms:
    """Write down the terms of the loan that would follow; earlier ones give way. Raises NotAllowed, NotThere, NotNow, NotALoan."""
    require(by, Power.RECORD_FACTS)
    found = Application.objects.visible_to(by).select_for_update().filter(pk=application.pk).first()
    if found is None:
        raise NotThere("This application is of another branch.")
    if found.state != APPROVED:
        raise NotNow("Terms are offered after a yes, and before the money goes out.")
    if OfferedTerms.objects.filter(application=found, state="agreed").exists():
        raise NotNow("She has agreed to terms already.")
    told = _kept(wanted, schedule_of(wanted))
    open_now = OfferedTerms.objects.filter(application=found, state="offered")
    if same := open_now.filter(key=_key(told)).first():
        return same
    open_now.update(state="replaced")
    made = OfferedTerms.objects.create(
        application=found,
        person_id=found.person_id,
        terms=told,
        key=_key(told),
        offered_at=at,
        offered_by=str(by.pk),
    )
    _noted("terms_offered", made, staff_actor(by), at)
    return made


@transaction.atomic
def agree(
    *, person_id: str, application_id: str, key: str, name: str, language: str, at: datetime
) -> OfferedTerms:
    """She agrees to the terms of that key; pressed twice it is once. Raises NotThere, TermsChanged, TermsIncomplete, NoName."""
    found = _hers(person_id, application_id, key)
    if found.state == "agreed":
        return found
    told = terms_told(
        loan_of(found), country=place_of(person_id, at).country, language=language, today=at.date()
    )
    if told.terms.missing:
        raise TermsIncomplete("Some of the terms are not written down yet.")
    written = " ".join(cover_cards(without_bidi_controls(name)).split())[:LONGEST]
    if not written:
        raise NoName("Write your name.")
    found.name, found.language = written, language
    return _answered(found, "agreed", at)


@transaction.atomic
def refuse(*, person_id: str, application_id: str, key: str, at: datetime) -> OfferedTerms:
    """She wants no loan on these terms; nothing is agreed, and others can be offered. Raises NotThere, TermsChanged."""
    found = _hers(person_id, application_id, key)
    return found if found.state == "refused" else _answered(found, "refused", at)


def newest_terms(application_id: str) -> OfferedTerms | None:
    """The terms that stand, or the last that were answered; None where none were offered."""
    rows = OfferedTerms.objects.filter(application_id=application_id).exclude(state="replaced")
    return rows.order_by("-pk").first()


def loan_of(offered: OfferedTerms) -> Loan:
    """The loan as it would be; it stands in no book."""
    told = offered.terms
    steps = tuple(
        Instalment(number, date.fromisoformat(on), principal, interest, fees, 0, None)
        for number, (on, principal, interest, fees) in enumerate(told["schedule"], 1)
    )
    return Loan(
        offered.application_id, offered.person_id, BORROWER, "all", offered.application.product, "instalment", "", told["currency"],
        told["principal"], told["annual_rate_ppm"], told["rhythm"], date.fromisoformat(told["paid_out_on"]), None, None, steps,
    )  # fmt: skip


def _hers(person_id: str, application_id: str, key: str) -> OfferedTerms:
    """What she has read, held until the end of the transaction."""
    application = (
        Application.objects.select_for_update().filter(pk=application_id, person_id=person_id).first()
    )
    found = newest_terms(application_id) if application else None
    if application is None or found is None:
        raise NotThere("There are no such terms of yours.")
    if found.key != key or (found.state == "offered" and application.state != APPROVED):
        raise TermsChanged("The terms have changed since you read them.")
    return found


def _answered(found: OfferedTerms, state: str, at: datetime) -> OfferedTerms:
    if found.state != "offered":
        raise TermsChanged("These terms were answered already.")
    found.state, found.answered_at = state, at
    found.save()
    _noted(f"terms_{state}", found, person_actor(surrogate_of(found.person_id)), at)
    return found


def _kept(wanted: Wanted, steps: tuple[Instalment, ...]) -> dict[str, object]:
    return {
        "principal": wanted.principal, "currency": wanted.currency, "annual_rate_ppm": wanted.annual_rate_ppm, "rhythm": wanted.rhythm,
        "paid_out_on": wanted.paid_out_on.isoformat(),
        "schedule": [[it.due_on.isoformat(), it.principal, it.interest, it.fees] for it in steps],
    }  # fmt: skip


def _key(told: Mapping[str, object]) -> str:
    """Names just these terms: agreed is what was read."""
    return hashlib.sha256(repr(sorted(told.items())).encode()).hexdigest()[:32]


def _noted(action: str, found: OfferedTerms, by: Actor, at: datetime) -> None:
    detail = {"application": found.application_id, "terms": found.key}
    note(action=action, by=by, at=at, about=surrogate_of(found.person_id), detail=detail)
