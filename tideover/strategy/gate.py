"""consider(person, occasion): the one gate. Nothing that is said to a person passes beside it.

The night's strategy is not the only one who speaks: a receipt, a confirmed opt-out, an agent's own letter, a call-back,
a correction to many. Each is a decision of its own, under the same holds, consents, caps and hours, and stands in the
same log. One person or a hundred thousand: it is one plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tideover.book.models import FACTS
from tideover.book.queries import known_about
from tideover.engine.decision.gate import asking
from tideover.engine.decision.rows import ENGINE_VERSION
from tideover.engine.decision.setup import Setup
from tideover.kit.errors import Refused
from tideover.strategy.models import Decision
from tideover.strategy.releases import live_setup

GATE = "gate"
USE_BY_DAYS = 3
A_BATCH = 500
NOBODY = "person_unknown"


class UnknownOccasion(Refused):
    """What is to be said is none of the purposes."""


class UnknownPerson(Refused):
    """Nobody of that key is in the book."""


class AskedTwice(Refused):
    """A set names each person once."""


@dataclass(frozen=True)
class Asked:
    """What is to be said to one person. `key` makes it one decision however often it is asked; else the moment does."""

    person_id: str
    subject: str = ""
    channel: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    language: str = ""
    key: str = ""


@dataclass(frozen=True)
class Considered:
    """The decision to contact, or what forbids it: the hold, rule or wish."""

    decision: Decision | None
    forbidden_by: str = ""


def consider(
    *,
    person_id: str,
    occasion: str,
    at: datetime,
    subject: str = "",
    channel: str | None = None,
    values: Mapping[str, object] | None = None,
    use_by_days: int = USE_BY_DAYS,
    because: str = "asked",
) -> Considered:
    """May this be said to this person, and when? What may is decided and waits for delivery. Raises UnknownOccasion, UnknownPerson."""
    asked = Asked(person_id, subject, channel, values or {})
    (made,) = consider_all(
        [asked], occasion=occasion, at=at, use_by_days=use_by_days, because=because
    ).values()
    if made.forbidden_by == NOBODY:
        raise UnknownPerson(f"Nobody with the key {person_id!r} is in the book.")
    return made


def consider_all(
    asked: Sequence[Asked],
    *,
    occasion: str,
    at: datetime,
    use_by_days: int = USE_BY_DAYS,
    because: str = "asked",
) -> dict[str, Considered]:
    """The same for many people, by person: one plan judges them all. Raises UnknownOccasion, AskedTwice."""
    setup, moment = live_setup(at), int(at.timestamp())
    purposes = setup.strategy.lists.purposes
    if occasion not in purposes:
        raise UnknownOccasion(f"'{occasion}' is none of the purposes in purposes.yaml.")
    by_person = {it.person_id: it for it in asked}
    if not by_person:
        return {}
    if len(by_person) < len(asked):
        raise AskedTwice("The same person stands twice in the set; each is asked about once.")
    known = _known(by_person)
    found = {it: Considered(None, NOBODY) for it in by_person if it not in known}
    tables = known_about(known, at)
    rows = [(it, by_person[it].subject, occasion, by_person[it].channel, use_by_days) for it in sorted(known)]
    judged = setup.gate(moment).judge(asking(rows), tables, moment)
    treatment = "human" if purposes[occasion].by == "person" else "contact"
    languages = dict(tables["borrowers"].select("borrower_id", "language").iter_rows())
    making = {}
    for row in judged.iter_rows(named=True):
        person = str(row["person_id"])
        if row["send_at"] is None:
            found[person] = Considered(None, str(row["forbidden_by"]))
        else:
            language = by_person[person].language or languages.get(person) or ""
            told = {"language": language, "treatment": treatment, "reasons": because}
            making[person] = _decision(setup, row, by_person[person], at, told)
    return found | {it: Considered(made) for it, made in _kept(making).items()}


def _known(people: Mapping[str, Asked]) -> set[str]:
    """Those of the people who are in the book."""
    every, borrowers, known = sorted(people), FACTS["borrowers"].objects, set[str]()
    for start in range(0, len(every), A_BATCH):
        rows = borrowers.filter(borrower_id__in=every[start : start + A_BATCH])
        known |= set(rows.values_list("borrower_id", flat=True))
    return known


def _kept(made: Mapping[str, Decision]) -> dict[str, Decision]:
    """The decisions as rows; one that was made before stays as it is."""
    Decision.objects.bulk_create(made.values(), batch_size=A_BATCH, ignore_conflicts=True)
    rows = Decision.objects.in_bulk([it.decision_id for it in made.values()])
    return {person: rows[it.decision_id] for person, it in made.items()}


def _decision(
    setup: Setup, judged: Mapping[str, object], asked: Asked, at: datetime, told: Mapping[str, object]
) -> Decision:
    occasion, subject, moment = str(judged["purpose"]), asked.subject, int(at.timestamp())
    plan = setup.plan(moment)
    moments = {name: datetime.fromtimestamp(int(str(judged[name])), UTC) for name in ("send_at", "use_by")}
    own = (
        f"{asked.key}.{asked.person_id}" if asked.key else f"{asked.person_id}.{moment}.{occasion}.{subject}"
    )
    return Decision(
        decision_id=own[:240], person_id=asked.person_id, at=at, subject=subject, purpose=occasion, policy=GATE,
        step=occasion, channel=str(judged["channel"]), topics=[[subject, occasion]] if subject else [],
        values=dict(asked.values), strategy_hash=plan.strategy.hash, rules_hash=plan.rules.hash,
        tables_hash=plan.published.hash, content_hash=setup.content_hash, engine_version=ENGINE_VERSION, **moments, **told,
    )  # fmt: skip
