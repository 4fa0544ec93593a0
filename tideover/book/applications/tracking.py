"""The way of an application as its person sees it: what happened, what happens now, what comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, Literal

from tideover.book.applications.lifecycle import (
    APPROVED,
    CLOSED,
    DECLINED,
    DOCUMENT_CAME,
    DRAFT,
    MISSING,
    PAID_OUT,
    RECEIVED,
    REVIEW,
    STARTED,
    WITHDRAWN,
)
from tideover.book.applications.models import STILL_MISSING, Application, NeededDocument
from tideover.book.applications.whose import whose
from tideover.book.models import FACTS
from tideover.kit.money import Money

State = Literal["done", "now", "next"]
DECISION = "decision"
WAY = (STARTED, RECEIVED, REVIEW, DECISION, PAID_OUT, CLOSED)
"""What everybody passes who gets a yes."""
_REACHED = {
    DRAFT: STARTED, STARTED: STARTED, RECEIVED: RECEIVED, MISSING: RECEIVED, DOCUMENT_CAME: RECEIVED, REVIEW: REVIEW,
    APPROVED: DECISION, DECLINED: DECISION, WITHDRAWN: WITHDRAWN, PAID_OUT: PAID_OUT, CLOSED: CLOSED,
}  # fmt: skip
"""How far somebody is at a step."""


@dataclass(frozen=True)
class Milestone:
    """One step of the way: `on` is the person's own day."""

    code: str
    state: State
    on: date | None = None


@dataclass(frozen=True)
class Journey:
    """One application. `application` is None where another system keeps it and told us its steps only."""

    application_id: str
    product: str
    step: str
    way: tuple[Milestone, ...]
    application: Application | None = None
    documents: tuple[NeededDocument, ...] = ()
    loan_id: str = ""
    since: date | None = field(default=None, compare=False)

    @property
    def money(self) -> Money | None:
        """What she asked for, as far as she has said."""
        kept = self.application
        return Money(kept.amount, kept.currency) if kept is not None and kept.amount is not None else None

    @property
    def missing(self) -> tuple[NeededDocument, ...]:
        """What she still has to send, or send again."""
        return tuple(it for it in self.documents if it.state in STILL_MISSING)


def journeys_of(person_id: str, at: datetime) -> tuple[Journey, ...]:
    """Every application of a person, the newest first. Five queries, however many there are."""
    steps = _steps(person_id, at)
    kept = {it.pk: it for it in Application.objects.filter(person_id=person_id)}
    documents: defaultdict[str, list[NeededDocument]] = defaultdict(list)
    for it in NeededDocument.objects.filter(person_id=person_id).order_by("pk"):
        documents[it.application_id].append(it)
    loans = _closings(person_id, at)
    zone = whose(person_id).zone
    made = [
        _journey(key, kept.get(key), steps.get(key, {}), documents[key], loans, zone)
        for key in dict.fromkeys((*kept, *steps))
    ]
    return tuple(sorted(made, key=lambda it: (it.since or date.min, it.application_id), reverse=True))


def journey_of(application_id: str, person_id: str, at: datetime) -> Journey | None:
    """One of them; None where it is nobody's or not hers."""
    return next((it for it in journeys_of(person_id, at) if it.application_id == application_id), None)


@dataclass(frozen=True)
class _Reached:
    product: str
    at: datetime


def _steps(person_id: str, at: datetime) -> Mapping[str, dict[str, _Reached]]:
    rows = FACTS["milestones"].objects.filter(person_id=person_id, recorded_at__lte=int(at.timestamp()))
    found: defaultdict[str, dict[str, _Reached]] = defaultdict(dict)
    for row in rows.order_by("recorded_at", "id"):
        found[row.application_id][row.step] = _Reached(row.product or "", row.at)
    return found


def _journey(
    key: str, kept: Application | None, steps: Mapping[str, _Reached], documents: Iterable[NeededDocument],
    loans: Mapping[str, date | None], zone: tzinfo,
) -> Journey:  # fmt: skip
    days = {step: it.at.astimezone(zone).date() for step, it in steps.items()}
    last = max(steps, key=lambda it: (steps[it].at, _place(it)), default=STARTED)
    step = kept.state if kept else last
    loan = kept.loan_id if kept else ""
    if loan and loans.get(loan) and step == PAID_OUT:
        step, days[CLOSED] = CLOSED, loans[loan]  # type: ignore[assignment]
    product = kept.product if kept else next((it.product for it in steps.values()), "")
    since = min(days.values(), default=None)
    return Journey(key, product, step, _way(step, days), kept, tuple(documents), loan, since)


def _way(step: str, days: Mapping[str, date]) -> tuple[Milestone, ...]:
    """The steps with their days; after a no, or when she withdrew, the way ends there."""
    if step in (DECLINED, WITHDRAWN):
        done = [Milestone(it, "done", days[it]) for it in (STARTED, RECEIVED, REVIEW) if it in days]
        return (*done, Milestone(step, "now", days.get(step)))
    place = WAY.index(_REACHED.get(step, STARTED))
    return tuple(_milestone(n, place, days) for n in range(len(WAY)))


def _milestone(n: int, place: int, days: Mapping[str, date]) -> Milestone:
    code = APPROVED if WAY[n] == DECISION and n <= place else WAY[n]
    return Milestone(code, _state(n, place), days.get(code) if n <= place else None)


def _state(n: int, place: int) -> State:
    return "done" if n < place or (n == place == len(WAY) - 1) else "now" if n == place else "next"


def _place(step: str) -> int:
    order = list(_REACHED)
    return order.index(step) if step in order else -1


def _closings(person_id: str, at: datetime) -> Mapping[str, date | None]:
    rows: Iterable[Any] = (
        FACTS["loans"]
        .objects.filter(borrower_id=person_id, recorded_at__lte=int(at.timestamp()))
        .order_by("recorded_at", "id")
    )
    return {it.loan_id: it.closed_on for it in rows}
