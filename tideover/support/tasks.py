"""Calls and visits that wait for a person: asked again whenever something new is written about her, and closed if not wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, OuterRef, Q, Subquery

from tideover.book.models import FACTS, Person
from tideover.delivery.guards import SOON, Verdict, by_halves, guard
from tideover.delivery.models import Message
from tideover.strategy.releases import NothingLive
from tideover.support.closing import close_by_itself, message_of
from tideover.support.models import FROM_MESSAGE, TASKS, Case

OURS = (NothingLive, OperationalError, InterfaceError)
"""Faults that are of no task's doing."""

A_LOOK = 200
"""Tasks that are asked again in one turn."""

REFUSED = ("refused", "asked_no_calls", "wished_other_channel")
RESTS = "Something is written about her since that lets nobody call or visit her about this."
STOPPED = "She does not want to be called or visited any more."
PAID = "She has paid since, and nothing calls for it any more."


def close_unwanted(*, at: datetime) -> int:
    """Close the calls and visits that a hold, a stop or a payment made needless since. How many.

    Whoever sees to one already keeps it, and reads why it is not wanted any more.
    """
    cases = _written_about_since(at)
    messages = Message.objects.in_bulk([message_of(it) for it in cases]) if cases else {}
    try:
        verdicts = _judged(list(messages.values()), at)
    except NothingLive:
        return 0
    paid = _paid_since({it.subject for it in cases}, min((it.opened_at for it in cases), default=at))
    unwanted: dict[str, list[int]] = {}
    for case in cases:
        verdict = verdicts.get(message_of(case))
        case.facts_version = verdict.facts_version if verdict else case.now  # type: ignore[attr-defined]
        case.judge_again_at = at + SOON if verdict and verdict.is_ahead else None
        has_paid = paid.get(case.subject, case.opened_at) > case.opened_at
        if verdict and (why := _why_not(verdict, has_paid=has_paid)):
            unwanted.setdefault(why, []).append(case.pk)
    return _settled(cases, unwanted, at)


@transaction.atomic
def _settled(judged: Sequence[Case], unwanted: Mapping[str, Sequence[int]], at: datetime) -> int:
    Case.objects.bulk_update(judged, ["facts_version", "judge_again_at"])
    done = 0
    for why, cases in unwanted.items():
        Case.objects.filter(pk__in=cases, state="taken").update(note=why)
        outcome = "already_paid" if why == PAID else "nothing_to_do"
        done += len(close_by_itself(cases, why=why, at=at, outcome=outcome))
    return done


def _written_about_since(at: datetime) -> list[Case]:
    """The tasks about whose people something is written that they were not judged by, or could not be yet."""
    now, moment = Person.objects.filter(pk=OuterRef("person_id")).values("facts_version"), int(at.timestamp())
    rows = Case.objects.exclude(state="closed").filter(kind__in=TASKS, from_row__startswith=FROM_MESSAGE)
    rows = rows.annotate(now=Subquery(now)).filter(now__isnull=False)
    changed = rows.filter(~Q(facts_version=F("now")) | Q(judge_again_at__lte=moment))
    return list(changed.order_by("pk")[:A_LOOK])


def _judged(messages: Sequence[Message], at: datetime) -> dict[int, Verdict]:
    """What the guards say of each message, had it to leave now. They judge one message a person at a time."""
    found: dict[int, Verdict] = {}
    waiting = list(messages)
    for it in waiting:
        it.use_by = max(it.use_by, at + timedelta(days=1))
    while waiting:
        some = {it.person_id: it for it in waiting}
        # What fails alone is left as it is until more is written of her.
        guarded, _ = by_halves(
            list(some.values()), partial(guard, at=at), event="task_not_judged", raises=OURS
        )
        found |= {it.message.pk: it for each in guarded for it in each.verdicts}
        looked_at = {it.pk for it in some.values()}
        waiting = [it for it in waiting if it.pk not in looked_at]
    return found


def _paid_since(loans: Iterable[str], since: datetime) -> Mapping[str, datetime]:
    """By loan the latest moment at which money was told that is not taken back."""
    rows = FACTS["payments"].objects.filter(
        loan_id__in=loans, recorded_at__gte=since, reversed_at__isnull=True
    )
    return dict(rows.order_by("recorded_at").values_list("loan_id", "recorded_at"))


def _why_not(verdict: Verdict, *, has_paid: bool) -> str:
    """Hours and caps pass, and what a strategy would choose today is no reason: only what is written since is."""
    code = verdict.because.partition("@")[0]
    if code.startswith("hold_"):
        return RESTS
    if code in REFUSED:
        return STOPPED
    return PAID if code == "no_longer_useful" and has_paid else ""
