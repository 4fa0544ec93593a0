"""Why a payment is late, and what she can pay: told once, in one tap, and never needed.

What is about health, a death, violence or her mind is told in confidence: with the words she agreed to, sealed, for a
while, and only for the people who help her. The book hears of it as "rather not say".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tideover.access.actors import person_actor, staff_actor
from tideover.access.allowed import NotAllowed, require
from tideover.access.audit import note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.actions import record
from tideover.book.consents import agreed_text
from tideover.book.models import Person
from tideover.book.surrogates import surrogate_of
from tideover.delivery.answers import receive
from tideover.delivery.models import Answer
from tideover.repayment.plans.limits import plan_limits
from tideover.repayment.plans.means import UNTOLD, Means
from tideover.repayment.plans.models import Budget, Confidence
from tideover.repayment.plans.refusals import NotAnAnswer
from tideover.repayment.promises import whereabouts_of

RATHER_NOT = "rather_not_say"
NEEDS = (
    RATHER_NOT, "payday_later", "forgot", "income_drop", "job_loss", "business_slow", "family", "other_debts", "disaster"
)  # fmt: skip
"""Reasons that everybody who decides about help may know."""

SENSITIVE = ("health", "mental_health", "bereavement", "violence")
"""Reasons that need consent of their own (GDPR article 9), and stay with the people who help."""

SOURCE = "person"
LATELY = timedelta(days=14)


@transaction.atomic
def tell_reason(*, person_id: str, need: str, at: datetime, via: str = "app", loan_id: str = "") -> None:
    """Write down a reason. Of a sensitive one nothing is written here but that she would rather not say."""
    if need not in (*NEEDS, *SENSITIVE):
        raise NotAnAnswer("Please choose one of the answers.")
    said = need if need in NEEDS else RATHER_NOT
    row = {"person_id": person_id, "loan_id": loan_id, "need": said, "told_at": at, "via": via}
    record("lateness_reasons", [row], source=SOURCE, at=at)


@transaction.atomic
def confide(*, person_id: str, need: str, words: str, language: str, at: datetime) -> Confidence:
    """Keep a sensitive reason as she agreed to it, and ask a person of ours to look."""
    if need not in SENSITIVE:
        raise NotAnAnswer("Please choose one of the answers.")
    text_hash = agreed_text(words, language=language, at=at)
    until = at + timedelta(days=plan_limits(settings.CONTENT).confidence_days)
    kept, is_new = Confidence.objects.get_or_create(
        person_id=person_id, told_at=int(at.timestamp()),
        defaults={"need": need, "text_hash": text_hash, "keep_until": until},
    )  # fmt: skip
    tell_reason(person_id=person_id, need=need, at=at)
    ask_for_review(person_id=person_id, at=at)
    her = surrogate_of(person_id)
    if is_new:
        note(action="told_in_confidence", by=person_actor(her), at=at, about=her, detail={"text": text_hash})
    return kept


@transaction.atomic
def forget_confidence(*, person_id: str, at: datetime) -> int:
    """She takes her consent back: what she told in confidence is gone. How much it was."""
    count, _ = Confidence.objects.filter(person_id=person_id).delete()
    if count:
        her = surrogate_of(person_id)
        note(action="confidence_taken_back", by=person_actor(her), at=at, about=her, detail={"count": count})
    return count


@transaction.atomic
def confided(*, person_id: str, by: Staff, at: datetime) -> list[str]:
    """What she told in confidence, for a person who answers her; that it was read stands in the trail. Raises NotAllowed."""
    require(by, Power.ANSWER)
    if not Person.objects.visible_to(by).filter(pk=person_id).exists():
        raise NotAllowed("This person is looked after by another branch.")
    found = Confidence.objects.filter(person_id=person_id, keep_until__gt=at).order_by("told_at")
    note(action="confidence_read", by=staff_actor(by), at=at, about=surrogate_of(person_id))
    return [it.need for it in found]


def ask_for_review(*, person_id: str, at: datetime) -> None:
    """A person looks at it all and speaks with her; until then nothing is asked for. Asked twice a day it is once."""
    today = whereabouts_of(person_id, at).today(at)
    receive(
        person_id=person_id, channel="app", at=at, kind="cannot_pay",
        outside_id=f"review:{surrogate_of(person_id)}:{today.isoformat()}",
    )  # fmt: skip


def has_asked(person_id: str, at: datetime) -> bool:
    """Whether she asked for it within the last days."""
    since = int((at - LATELY).timestamp())
    return Answer.objects.filter(
        person_id=person_id, kind="cannot_pay", outside_id__startswith="review:", at__gte=since
    ).exists()


def has_confided(person_id: str) -> bool:
    """Whether something of hers is kept in confidence."""
    return Confidence.objects.filter(person_id=person_id).exists()


@transaction.atomic
def tell_means(*, person_id: str, comes_in: int, goes_out: int, payday: int | None, at: datetime) -> Means:
    """A budget of one minute, in minor units a month. It is sealed and forgotten after some days. Raises NotAnAnswer."""
    if comes_in < 0 or goes_out < 0 or not (payday is None or 1 <= payday <= 31):
        raise NotAnAnswer("Please write amounts above zero, and a day from 1 to 31.")
    told = {"in": comes_in, "out": goes_out, "payday": payday}
    until = at + timedelta(days=plan_limits(settings.CONTENT).budget_days)
    Budget.objects.update_or_create(
        person_id=person_id, defaults={"told": json.dumps(told), "told_at": at, "keep_until": until}
    )
    return _means(told)


def means_of(person_id: str, at: datetime) -> Means:
    """What she told of it within the last days; nothing where she did not."""
    found = Budget.objects.filter(person_id=person_id, keep_until__gt=at).first()
    return _means(json.loads(found.told)) if found else UNTOLD


def _means(told: Mapping[str, int | None]) -> Means:
    return Means(max((told["in"] or 0) - (told["out"] or 0), 0), told["payday"])
