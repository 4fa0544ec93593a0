"""What staff do with an application: ask for documents, look at them, review, answer with reasons, pay out. In the audit trail."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from tideover.access.actors import staff_actor
from tideover.access.allowed import require
from tideover.access.audit import Plain, note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.applications.applying import moved
from tideover.book.applications.lifecycle import APPROVED, DECLINED, MISSING, PAID_OUT, RECEIVED, REVIEW
from tideover.book.applications.milestones import STAFF, reached
from tideover.book.applications.models import (
    ACCEPTED,
    DOCUMENT_MOVES,
    NOT_READABLE,
    STILL_MISSING,
    Application,
    NeededDocument,
)
from tideover.book.applications.offered import Offered
from tideover.book.applications.refusals import NoReason, NotNow, NotOffered, NotThere
from tideover.book.applications.reply_days import reply_by
from tideover.book.applications.second_look import must_be_another
from tideover.book.applications.whose import whose
from tideover.book.models import FACTS
from tideover.book.surrogates import surrogate_of

Source = Mapping[str, str]
"""Whose data was used: `code` from the list of sources, and for others `reach`, their name and address."""


@transaction.atomic
def ask_for(
    *, application: Application, kinds: Sequence[str], offered: Offered, by: Staff, at: datetime
) -> Application:
    """Ask for documents that are still needed; she is told which, and why. Raises NotAllowed, NotThere, NotNow, NotOffered."""
    found = _held(application, by)
    if unknown := [it for it in kinds if it not in offered.documents]:
        raise NotOffered(f"'{unknown[0]}' is none of the documents in applications.yaml.")
    for kind in kinds:
        needed, is_new = NeededDocument.objects.get_or_create(
            application=found, kind=kind, defaults={"person_id": found.person_id, "asked_at": at}
        )
        if not is_new and needed.state == ACCEPTED:
            needed.state, needed.asked_at = NOT_READABLE, at
            needed.save(update_fields=["state", "asked_at"])
    if not found.documents.filter(state__in=STILL_MISSING).exists():
        raise NotNow("Nothing is missing. Choose what you need first.")
    if found.state != MISSING:
        moved(found, MISSING)
    reached(found, MISSING, source=STAFF, at=at)
    return _noted(found, "documents_asked", by, at, {"documents": sorted(kinds)})


@transaction.atomic
def look_at(
    *, application: Application, kind: str, is_fine: bool, words: str, by: Staff, at: datetime
) -> NeededDocument:
    """Say of a document that it is fine, or why it cannot be used. Raises NotAllowed, NotThere, NotNow, NoReason."""
    found = _held(application, by)
    document = found.documents.select_for_update().filter(kind=kind).first()
    if document is None:
        raise NotThere("This document is not needed for the application.")
    if not is_fine and not words.strip():
        raise NoReason("Say in a few plain words what is wrong with it; she reads them.")
    state = ACCEPTED if is_fine else NOT_READABLE
    if document.state != state and state not in DOCUMENT_MOVES[document.state]:
        raise NotNow("Nothing has arrived for this document yet.")
    document.state, document.note = state, None if is_fine else words.strip()
    document.save(update_fields=["state", "note"])
    _noted(found, "document_looked_at", by, at, {"document": kind, "state": state})
    return document


@transaction.atomic
def review(*, application: Application, offered: Offered, by: Staff, at: datetime) -> Application:
    """Begin to look at it, or look again at a no; from now she waits for us. Raises NotAllowed, NotThere, NotNow, SameLooker."""
    found = _held(application, by)
    must_be_another(found, by, at)
    found.reply_by_on = reply_by(at.date(), offered.reply_days, whose(found.person_id).country)
    moved(found, REVIEW)
    reached(found, REVIEW, source=STAFF, at=at)
    return _noted(found, "application_under_review", by, at)


@transaction.atomic
def approve(*, application: Application, loan_id: str = "", by: Staff, at: datetime) -> Application:
    """Say yes. `loan_id`: the loan that follows, whose terms she reads before she signs.

    Raises NotAllowed, NotThere, NotNow, SameLooker.
    """
    found = _held(application, by)
    must_be_another(found, by, at)
    found.loan_id, found.decided_at = _hers(loan_id, found), at
    moved(found, APPROVED)
    reached(found, APPROVED, source=STAFF, at=at)
    return _noted(found, "application_approved", by, at)


@transaction.atomic
def decline(
    *, application: Application, reasons: Sequence[str], sources: Sequence[Source], offered: Offered, by: Staff, at: datetime
) -> Application:  # fmt: skip
    """Say no, with every reason and whose data it rests on. Raises NotAllowed, NotThere, NotNow, NoReason, SameLooker."""
    found = _held(application, by)
    must_be_another(found, by, at)
    if not reasons or any(it not in offered.reasons for it in reasons):
        raise NoReason("A no has at least one reason from the list.")
    if not sources or any(it.get("code") not in offered.sources for it in sources):
        raise NoReason("Say whose data was used, by the list.")
    if missing := [it["code"] for it in sources if it["code"] in OTHERS and not it.get("reach", "").strip()]:
        raise NoReason(f"Write the name and address behind '{missing[0]}', so that she can ask them.")
    found.reasons, found.decided_at = list(dict.fromkeys(reasons)), at
    found.sources = json.dumps([dict(it) for it in sources], ensure_ascii=False)
    found.review_asked_at, found.said_no_by = None, list(dict.fromkeys([*found.said_no_by, str(by.pk)]))
    moved(found, DECLINED)
    reached(found, DECLINED, source=STAFF, at=at)
    return _noted(found, "application_declined", by, at, {"reasons": found.reasons})


@transaction.atomic
def pay_out(*, application: Application, loan_id: str, by: Staff, at: datetime) -> Application:
    """The money is on its way, under this loan. Raises NotAllowed, NotThere, NotNow."""
    found = _held(application, by)
    if found.offered_terms.exclude(state="replaced").exists() and not found.offered_terms.filter(
        state="agreed"
    ):
        raise NotNow("She has not agreed to the terms. The money goes out after she has.")
    found.loan_id = _hers(loan_id or found.loan_id, found)
    if not found.loan_id:
        raise NotThere("Write which loan it became, so that she finds it from here.")
    moved(found, PAID_OUT)
    reached(found, PAID_OUT, source=STAFF, at=at)
    return _noted(found, "application_paid_out", by, at)


OTHERS = frozenset({"credit_register", "employer"})
"""Sources that are neither she nor we: she gets their name and address (GDPR articles 14 and 15; ECOA 12 CFR 1002.9)."""


def could(application: Application) -> frozenset[str]:
    """What can be done with it as it stands."""
    ways = {
        RECEIVED: {"ask-for", "review", "decline"}, MISSING: {"ask-for", "review", "decline"},
        REVIEW: {"ask-for", "approve", "decline"}, DECLINED: {"review"}, APPROVED: {"offer-terms", "pay-out"},
    }  # fmt: skip
    return frozenset(ways.get(application.state, set()))


def _held(application: Application, by: Staff) -> Application:
    """The application as it stands now, held until the end of the transaction."""
    require(by, Power.RECORD_FACTS)
    found = Application.objects.visible_to(by).select_for_update().filter(pk=application.pk).first()
    if found is None:
        raise NotThere("This application is of another branch.")
    return found


def _hers(loan_id: str, application: Application) -> str:
    """A loan of the same person. Raises NotThere."""
    loan_id = loan_id.strip()
    rows = FACTS["loans"].objects.filter(loan_id=loan_id, borrower_id=application.person_id)
    if loan_id and not rows.exists():
        raise NotThere("There is no loan of hers with this number.")
    return loan_id


def _noted(
    application: Application, action: str, by: Staff, at: datetime, detail: Mapping[str, Plain] | None = None
) -> Application:
    told = {"application": application.pk, **(detail or {})}
    note(action=action, by=staff_actor(by), at=at, about=surrogate_of(application.person_id), detail=told)
    return application
