"""What a person does with her application: begin, answer, send, withdraw and take that back."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.book.applications.form import answers_of, open_question, read_answer
from tideover.book.applications.lifecycle import DRAFT, MOVES, RECEIVED, STARTED, WITHDRAWN
from tideover.book.applications.milestones import PERSON, reached
from tideover.book.applications.models import Application, NeededDocument
from tideover.book.applications.offered import Offered
from tideover.book.applications.refusals import NotNow, NotOffered, NotThere, Unanswered
from tideover.book.applications.reply_days import reply_by
from tideover.book.surrogates import surrogate_of

UNDO = timedelta(days=1)
"""How long she can take back that she withdrew."""


@transaction.atomic
def begin(*, person_id: str, product: str, currency: str, offered: Offered, at: datetime) -> Application:
    """An application she can fill in now or later; begun twice, the first goes on. Raises NotOffered."""
    if product not in offered.products_in(currency):
        raise NotOffered("This is not offered in your currency.")
    key = f"a-{secrets.token_hex(8)}"
    made, is_new = Application.objects.get_or_create(
        person_id=person_id, product=product, state=DRAFT,
        defaults={"application_id": key, "currency": currency, "answers": "{}", "begun_at": at},
    )  # fmt: skip
    if is_new:
        asked = [
            NeededDocument(application=made, person_id=person_id, kind=it, asked_at=at)
            for it in offered.products[product].documents
        ]
        NeededDocument.objects.bulk_create(asked)
        reached(made, STARTED, source=PERSON, at=at)
        _noted("application_begun", made, at)
    return made


@transaction.atomic
def answer(
    *, person_id: str, application_id: str, step: str, text: str, offered: Offered, language: str
) -> Application:
    """Keep one answer; whatever was typed before stays. Raises NotThere, NotNow, BadAnswer."""
    found = hers(person_id, application_id)
    if found.state != DRAFT:
        raise NotNow("It has been sent already.")
    value = read_answer(step, text, found, offered, language)
    told = answers_of(found) | {step: value}
    found.amount = int(told.pop("amount")) if "amount" in told else None
    found.answers = json.dumps(told, ensure_ascii=False)
    found.save(update_fields=["amount", "answers"])
    return found


@transaction.atomic
def send(*, person_id: str, application_id: str, country: str, offered: Offered, at: datetime) -> Application:
    """The application is ours to answer from now on; sent twice it is sent once. Raises NotThere, NotNow, Unanswered."""
    found = hers(person_id, application_id)
    if found.sent_at is not None and found.state != WITHDRAWN:
        return found
    if step := open_question(found):
        raise Unanswered(step)
    found.sent_at = at
    found.reply_by_on = reply_by(at.date(), offered.reply_days, country)
    moved(found, RECEIVED)
    reached(found, RECEIVED, source=PERSON, at=at)
    _noted("application_sent", found, at)
    return found


@transaction.atomic
def withdraw(*, person_id: str, application_id: str, at: datetime) -> Application:
    """She wants it no longer; for a day she can take that back. Raises NotThere, NotNow."""
    found = hers(person_id, application_id)
    if found.state == WITHDRAWN:
        return found
    found.state_before, found.withdrawn_at = found.state, at
    moved(found, WITHDRAWN)
    if found.sent_at is not None:
        reached(found, WITHDRAWN, source=PERSON, at=at)
    _noted("application_withdrawn", found, at)
    return found


@transaction.atomic
def take_back(*, person_id: str, application_id: str, at: datetime) -> Application:
    """It stands where it stood. Raises NotThere, NotNow."""
    found = hers(person_id, application_id)
    if found.state != WITHDRAWN:
        return found
    if not can_take_back(found, at):
        raise NotNow("It was withdrawn more than a day ago. Begin a new one; it takes a few minutes.")
    back, sent = found.state_before, found.sent_at is not None
    other = Application.objects.filter(person_id=person_id, product=found.product, state=DRAFT)
    if back == DRAFT and other.exists():
        raise NotNow("You have begun a new one for the same already. Go on with that one.")
    found.state_before, found.withdrawn_at = "", None
    moved(found, back)
    if sent:
        reached(found, back, source=PERSON, at=at)
    _noted("application_taken_back", found, at)
    return found


@transaction.atomic
def ask_for_review(*, person_id: str, application_id: str, at: datetime) -> Application:
    """She asks that a person looks at a no again; asked twice is asked once. Raises NotThere, NotNow."""
    found = hers(person_id, application_id)
    if found.state != "declined":
        raise NotNow("There is no answer to look at again.")
    if found.review_asked_at is None:
        found.review_asked_at = at
        found.save(update_fields=["review_asked_at"])
        _noted("application_review_asked", found, at)
    return found


def can_take_back(application: Application, at: datetime) -> bool:
    """Whether she may still take back that she withdrew it."""
    since = application.withdrawn_at
    return since is not None and at - since <= UNDO


def hers(person_id: str, application_id: str) -> Application:
    """Her application, held until the end of the transaction. Raises NotThere."""
    rows = Application.objects.select_for_update()
    found = rows.filter(person_id=person_id, pk=application_id).first()
    if found is None:
        raise NotThere("There is no such application of yours.")
    return found


def moved(application: Application, state: str) -> None:
    """The application in its new state, kept. Raises NotNow."""
    if state not in MOVES[application.state]:
        raise NotNow(f"The application is '{application.state}' and cannot become '{state}'.")
    application.state = state
    application.save()


def _noted(action: str, application: Application, at: datetime) -> None:
    her = surrogate_of(application.person_id)
    note(action=action, by=person_actor(her), at=at, about=her, detail={"application": application.pk})
