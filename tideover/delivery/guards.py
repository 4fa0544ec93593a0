"""Guards run again when a message leaves: is it still what the strategy says, and do the limits still let it through?

One micro-batch of the engine for a whole claim. In doubt nothing leaves: a guard that fails suppresses (`guard_error`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import polars as pl
import structlog

from tideover.book.models import Person
from tideover.book.queries import known_at, known_later, versions_about
from tideover.delivery.models import Message
from tideover.engine.decision.decide import Decisions
from tideover.engine.decision.gate import asking
from tideover.engine.decision.setup import Setup
from tideover.engine.message import KNOWN
from tideover.engine.policy.rules import CapRow, CellRow, RuleTables
from tideover.strategy.models import Decision
from tideover.strategy.releases import live_plan
from tideover.strategy.shares import in_force, setups_for

log = structlog.get_logger()
T = TypeVar("T")
Sayable = tuple[str, str, str]
"""A person, a subject, a purpose."""

SOON = timedelta(minutes=1)
"""After which somebody is looked at again about whom more is written than the clock can know of."""


@dataclass(frozen=True)
class Verdict:
    """What the guards say of one message: may it leave now, at a later moment, or never, and why."""

    message: Message
    facts_version: int
    may_leave: bool
    later: datetime | None = None
    because: str = ""
    cell: CellRow | None = None
    """What the rules of her place ask of this kind of message: words, links, a registered template."""

    number_caps: tuple[CapRow, ...] = ()
    """What a number may get in a while, however many people share it."""

    gives: Mapping[str, int] = field(default_factory=dict)
    """Days that the message names, as the rules count them from the day it is sent."""

    release: str = ""
    """The hash of the release that was asked."""

    is_ahead: bool = False
    """More is written about the person than the clock can know of."""


@dataclass(frozen=True)
class Guarded:
    """The verdicts of a claim, with what was known when they were made: the words are made from the same facts."""

    verdicts: tuple[Verdict, ...]
    tables: Mapping[str, pl.DataFrame]
    decided: Mapping[str, Decisions]
    """By person: what the release that decides for her says."""
    at: datetime
    may_be_told: frozenset[Sayable] = frozenset()
    """(person, subject, purpose) of all that could be said now, the further topics of a message among it."""


def guard(messages: Sequence[Message], *, at: datetime) -> Guarded:
    """Judge the messages of a claim, one a person, as of this moment."""
    moment, people = int(at.timestamp()), [it.person_id for it in messages]
    versions = dict(Person.objects.filter(pk__in=people).values_list("person_id", "facts_version"))
    facts = versions_about(people)
    tables, ahead = known_at(facts, at), known_later(facts, people, at)
    own = [it.contact_id for it in messages]
    for name in ("contacts", "contact_topics"):
        tables[name] = tables[name].filter(~pl.col("contact_id").is_in(own))
    by_strategy = set(
        Decision.objects.filter(pk__in=[it.decision_id for it in messages if it.decision_id])
        .exclude(policy="gate")
        .values_list("decision_id", flat=True)
    )
    decided: dict[str, Decisions] = {}
    told: set[Sayable] = set()
    found = {it.pk: Verdict(it, 0, may_leave=False, because="no_release") for it in messages}
    for setup, part in setups_for(people):
        mine, rules = [it for it in messages if it.person_id in part], setup.plan(moment).rules
        made, still, free, judged = _asked_again(setup, mine, tables, at)
        told |= {it for it in free if it[0] in part}
        decided |= dict.fromkeys(part, made)
        for it in mine:
            verdict = _verdict(
                it, judged[it.person_id], versions.get(it.person_id), at,
                says_so=it.decision_id not in by_strategy or (it.person_id, it.subject, it.purpose) in still,
                rules=rules, is_ahead=it.person_id in ahead,
            )  # fmt: skip
            found[it.pk] = replace(verdict, release=setup.strategy.hash)
    return Guarded(tuple(found.values()), tables, decided, at, frozenset(told))


def _asked_again(
    setup: Setup, messages: Sequence[Message], tables: Mapping[str, pl.DataFrame], at: datetime
) -> tuple[Decisions, set[Sayable], set[Sayable], dict[str, dict[str, object]]]:
    """What is decided now, what could be said, what of it nothing bars, and by person whether the limits let hers through."""
    moment = int(at.timestamp())
    full = live_plan(setup, at, also=KNOWN)
    with full.lock:
        decided, candidates = full.run(tables, moment), full.made["candidates"].frame
    said = candidates.select("person_id", "subject", "purpose", "blocked_by")
    still = set(said.drop("blocked_by").iter_rows())
    free = set(said.filter(pl.col("blocked_by").is_null()).drop("blocked_by").iter_rows())
    asked = [(it.person_id, it.subject, it.purpose, it.channel, _days_left(it, at)) for it in messages]
    rows = setup.gate(moment).judge(asking(asked), tables, moment).to_dicts()
    return decided, still, free, {row["person_id"]: row for row in rows}


def _verdict(
    message: Message,
    judged: Mapping[str, object],
    version: int | None,
    at: datetime,
    *,
    says_so: bool,
    rules: RuleTables,
    is_ahead: bool,
) -> Verdict:
    send_at = None if judged["send_at"] is None else datetime.fromtimestamp(int(str(judged["send_at"])), UTC)
    stops = (
        ("person_unknown", version is None),
        ("too_late", message.use_by <= at),
        (str(judged["forbidden_by"]), send_at is None),
        ("no_longer_useful", not says_so),
        ("no_moment_before_use_by", send_at is not None and send_at > message.use_by),
    )
    place, kind = judged["jurisdiction"], judged["kind"]
    cell = rules.cell(str(place), str(kind), message.purpose, message.channel) if place is not None else None
    gives = rules.gives.get((str(place), message.purpose), {})
    number_caps = tuple(it for it in rules.caps_of(cell) if it["scope"] == "address") if cell else ()
    judgement = Verdict(
        message,
        version or 0,
        may_leave=False,
        cell=cell,
        number_caps=number_caps,
        gives=gives,
        is_ahead=is_ahead,
    )
    stopped = next((because for because, holds in stops if holds), "")
    if stopped:
        return replace(judgement, because=stopped)
    if is_ahead:
        return replace(judgement, later=at + SOON, because="clock_behind")
    if send_at is not None and send_at > at:
        return replace(judgement, later=send_at, because="not_at_this_hour")
    return replace(judgement, may_leave=True)


def _days_left(message: Message, at: datetime) -> int:
    return max((message.use_by - at).days, 0)


def by_halves(
    messages: Sequence[Message],
    judge: Callable[[Sequence[Message]], T],
    *,
    event: str,
    raises: tuple[type[Exception], ...] = (),
) -> tuple[list[T], list[Message]]:
    """Judged together; where that fails, half by half, until what fails stands alone. The answers, and what failed.

    What fails alone is logged as this event, without a traceback: it may hold what a person wrote.
    """
    try:
        return [judge(messages)], []
    except raises:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, one that cannot be judged holds up no other
        if len(messages) == 1:
            log.error(event, message=messages[0].pk, error=type(error).__name__)  # noqa: TRY400
            return [], list(messages)
    half = len(messages) // 2
    first, second = (
        by_halves(it, judge, event=event, raises=raises) for it in (messages[:half], messages[half:])
    )
    return first[0] + second[0], first[1] + second[1]


def warm(at: datetime) -> None:
    """Build what a guard needs before anything is claimed, so that no lease runs out over it."""
    moment = int(at.timestamp())
    for setup in in_force().setups:
        live_plan(setup, at, also=KNOWN)
        setup.gate(moment)
