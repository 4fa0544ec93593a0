"""Events, read off new rows: what happened since the last look, for the people whom a client sees.

Rows may become visible later than their number says, when a transaction took long. So the last hour is looked at again,
and what was noted already is left out.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import models, transaction
from django.db.models import Q

from tideover.book.models import FACTS, Person
from tideover.delivery.models import Answer
from tideover.strategy.models import Decision, Run, Watermark
from tideover.support.models import USUAL_DAYS, Case
from tideover.web.api.models import Endpoint, Outgoing
from tideover.web.api.scopes import Scope

ROWS, AGAIN, LAST_HOUR = 2_000, 1_000, timedelta(hours=1)
Told = Mapping[str, str | int | None]


@dataclass(frozen=True)
class Source:
    """Rows of one table that are events. `told` says by keys and codes what happened."""

    event: str
    rows: Callable[[], models.QuerySet]
    moment: str
    key: str
    told: Callable[[models.Model], Told]


def _values(*names: str) -> Callable[[models.Model], Told]:
    return lambda row: {it: _plain(getattr(row, it)) for it in names}


def _plain(value: object) -> str | int | None:
    if value is None or isinstance(value, int | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _contacts(state: str) -> Callable[[], models.QuerySet]:
    return lambda: FACTS["contacts"].objects.filter(provenance="delivery", state=state)


def _first_told() -> models.QuerySet:
    earlier = FACTS["promises"].objects.filter(
        promise_id=models.OuterRef("promise_id"), id__lt=models.OuterRef("id")
    )
    return FACTS["promises"].objects.filter(~models.Exists(earlier), person_id__isnull=False)


_CONTACT = _values("contact_id", "channel", "purpose", "subject", "send_at")
SOURCES = (
    Source("message.accepted", _contacts("accepted"), "recorded_at", "contact_id", _CONTACT),
    Source("message.suppressed", _contacts("suppressed"), "recorded_at", "contact_id", _CONTACT),
    Source(
        "answer.received", Answer.objects.all, "at", "id", _values("kind", "channel", "certain", "danger")
    ),
    Source("case.opened", Case.objects.all, "opened_at", "id", _values("kind", "subject", "due_on")),
    Source(
        "promise.made",
        _first_told,
        "recorded_at",
        "promise_id",
        _values("promise_id", "loan_id", "amount", "on", "origin"),
    ),
)
DECISION = "decision.made"
READ_BY: Mapping[str, Scope] = {
    **{it.event: Scope.READ_MESSAGES for it in SOURCES},
    DECISION: Scope.READ_DECISIONS,
}
"""The scope by which the same could be read: no event tells more than its client may ask for."""

OF_DANGER, NEUTRAL = ("danger", "for_her"), "question"
"""Kinds that come of words of danger, and the kind as which they are told to whoever may not read of them."""
_DECISION = _values(
    "decision_id", "treatment", "purpose", "channel", "subject", "send_at", "use_by", "strategy_hash"
)
EVENTS = (*(it.event for it in SOURCES), DECISION)
"""What an endpoint can hear of."""


def note_events(endpoint: Endpoint, *, at: datetime) -> int:
    """Put what is new in line for an endpoint. How many events."""
    scopes = endpoint.client.scopes
    wanted = {it for it in endpoint.events if READ_BY.get(it) in scopes}
    noted = sum(_note(endpoint, it, at) for it in SOURCES if it.event in wanted)
    return noted + (_note_decisions(endpoint, at) if DECISION in wanted else 0)


@transaction.atomic
def _note(endpoint: Endpoint, source: Source, at: datetime) -> int:
    begins = Q(**{f"{source.moment}__gte": endpoint.made_at})
    mark, _ = Watermark.objects.select_for_update().get_or_create(table=f"hook:{endpoint.pk}:{source.event}")
    recent = Q(**{f"{source.moment}__gte": at - LAST_HOUR})
    fresh = Q(pk__gt=mark.last_id) | (Q(pk__gt=mark.last_id - AGAIN) & recent)
    rows = list(source.rows().filter(begins, fresh).order_by("pk")[: ROWS + AGAIN])
    if rows and rows[-1].pk > mark.last_id:
        mark.last_id = rows[-1].pk
        mark.save(update_fields=["last_id"])
    tell = source.told if Scope.READ_RESTRICTED in endpoint.client.scopes else partial(_openly, source.told)
    return _line_up(endpoint, source.event, ((str(getattr(it, source.key)), it, tell(it)) for it in rows), at)


def _openly(told: Callable[[models.Model], Told], row: models.Model) -> Told:
    """Without a word of danger: what comes of it reads like any other question, its day too."""
    said = {name: value for name, value in told(row).items() if name != "danger"}
    if said.get("kind") in OF_DANGER:
        said["kind"] = NEUTRAL
        if isinstance(row, Case):
            said["due_on"] = _plain(row.opened_at.date() + timedelta(days=USUAL_DAYS))
    return said


def _note_decisions(endpoint: Endpoint, at: datetime) -> int:
    """Those of the runs that ended since the endpoint was added, and at most three days ago."""
    since = max(endpoint.made_at, at - timedelta(days=3))
    runs = Run.objects.filter(ended_at__gte=since).exclude(kind="shadow").values("pk")
    people = Person.objects.in_branches(endpoint.client.visible_branches).values("pk")
    noted = Outgoing.objects.filter(endpoint=endpoint, event=DECISION).values("row_key")
    rows = (
        Decision.objects.filter(run__in=runs, person_id__in=people)
        .exclude(decision_id__in=noted)
        .order_by("pk")[:ROWS]
    )
    return _line_up(endpoint, DECISION, ((it.pk, it, _DECISION(it)) for it in rows), at)


def _line_up(
    endpoint: Endpoint, event: str, found: Iterable[tuple[str, models.Model, Told]], at: datetime
) -> int:
    rows = list(found)
    people = {str(row.person_id) for _, row, _ in rows}  # type: ignore[attr-defined]
    seen = set(
        Person.objects.in_branches(endpoint.client.visible_branches)
        .filter(pk__in=people)
        .values_list("pk", flat=True)
    )
    known = set(
        Outgoing.objects.filter(
            endpoint=endpoint, event=event, row_key__in=[it[0] for it in rows]
        ).values_list("row_key", flat=True)
    )
    made = [*_outgoing(endpoint, event, (it for it in rows if it[0] not in known), seen, at)]
    Outgoing.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
    return len(made)


def _outgoing(
    endpoint: Endpoint,
    event: str,
    rows: Iterable[tuple[str, models.Model, Told]],
    seen: set[str],
    at: datetime,
) -> Iterator[Outgoing]:
    for key, row, told in rows:
        person = str(row.person_id)  # type: ignore[attr-defined]
        body = {"type": event, "timestamp": at.isoformat(), "data": {"person_id": person, **told}}
        if person in seen:
            yield Outgoing(
                endpoint=endpoint, event=event, row_key=key, person_id=person, event_id=f"msg_{secrets.token_hex(16)}",
                body=json.dumps(body, ensure_ascii=True, separators=(",", ":")), made_at=at, due_at=at,
            )  # fmt: skip
