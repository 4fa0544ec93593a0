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
from tideover.book.queries import chunks, known_about
from tideover.engine.decision.gate import asking
from tideover.engine.decision.rows import ENGINE_VERSION
from tideover.engine.decision.setup import Setup
from tideover.kit.errors import Refused
from tideover.strategy.models import Decision
from tideover.strategy.shares import setups_for
from tideover.strategy.telling import words

GATE = "gate"
USE_BY_DAYS = 3
A_BATCH = 500
NOBODY, NO_STRATEGY = "person_unknown", "no_strategy"
"""What forbids a contact besides holds, rules and wishes: she is in no book, or no strategy that is live is for her."""


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


@dataclass(frozen=True)
class Foreseen:
    """By which channel it would go and when; or what forbids it."""

    channel: str = ""
    send_at: datetime | None = None
    use_by: datetime | None = None
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
    judged = _judged(asked, occasion, at, use_by_days)
    found = {it.person_id: Considered(None, NOBODY) for it in asked}
    making = {}
    for it in asked:
        row = judged.rows.get(it.person_id)
        if row is not None and row["send_at"] is None:
            found[it.person_id] = Considered(None, str(row["forbidden_by"]))
        elif row is not None:
            making[it.person_id] = _decision(judged, row, it, at, because)
    return found | {it: Considered(made) for it, made in _kept(making).items()}


def foresee(asked: Asked, *, occasion: str, at: datetime, use_by_days: int = USE_BY_DAYS) -> Foreseen:
    """What the gate would answer now; nothing is decided. Raises UnknownOccasion, UnknownPerson."""
    row = _judged([asked], occasion, at, use_by_days).rows.get(asked.person_id)
    if row is None:
        raise UnknownPerson(f"Nobody with the key {asked.person_id!r} is in the book.")
    if row["send_at"] is None:
        return Foreseen(forbidden_by=str(row["forbidden_by"]))
    return Foreseen(str(row["channel"]), _moment(row, "send_at"), _moment(row, "use_by"))


@dataclass(frozen=True)
class _Judged:
    """The gate's answers by person, with what they rest on."""

    rows: Mapping[str, Mapping[str, object]]
    languages: Mapping[str, str | None] = field(default_factory=dict)
    setups: Mapping[str, Setup] = field(default_factory=dict)
    """By person: what decides for her."""


def _judged(asked: Sequence[Asked], occasion: str, at: datetime, use_by_days: int) -> _Judged:
    if occasion not in words().lists.purposes:
        raise UnknownOccasion(f"'{occasion}' is none of the purposes in purposes.yaml.")
    by_person = {it.person_id: it for it in asked}
    if len(by_person) < len(asked):
        raise AskedTwice("The same person stands twice in the set; each is asked about once.")
    known = _known(by_person)
    if not known:
        return _Judged({})
    tables, moment = known_about(known, at), int(at.timestamp())
    rows: dict[str, Mapping[str, object]] = {}
    setups: dict[str, Setup] = {}
    for setup, part in setups_for(known):
        told = [
            (it, by_person[it].subject, occasion, by_person[it].channel, use_by_days) for it in sorted(part)
        ]
        answers = setup.gate(moment).judge(asking(told), tables, moment)
        rows |= {str(it["person_id"]): it for it in answers.iter_rows(named=True)}
        setups |= dict.fromkeys(part, setup)
    languages = dict(tables["borrowers"].select("borrower_id", "language").iter_rows())
    left_in_peace: Mapping[str, object] = {"send_at": None, "forbidden_by": NO_STRATEGY}
    return _Judged(dict.fromkeys(known, left_in_peace) | rows, languages, setups)


def _known(people: Mapping[str, Asked]) -> set[str]:
    """Those of the people who are in the book."""
    known = set[str]()
    for some in chunks(people, A_BATCH):
        rows = FACTS["borrowers"].objects.filter(borrower_id__in=some)
        known |= set(rows.values_list("borrower_id", flat=True))
    return known


def _kept(made: Mapping[str, Decision]) -> dict[str, Decision]:
    """The decisions as rows; one that was made before stays as it is."""
    Decision.objects.bulk_create(made.values(), batch_size=A_BATCH, ignore_conflicts=True)
    rows = Decision.objects.in_bulk([it.decision_id for it in made.values()])
    return {person: rows[it.decision_id] for person, it in made.items()}


def _decision(
    judged: _Judged, row: Mapping[str, object], asked: Asked, at: datetime, because: str
) -> Decision:
    setup, occasion, moment = judged.setups[asked.person_id], str(row["purpose"]), int(at.timestamp())
    plan = setup.plan(moment)
    by = setup.strategy.lists.purposes[occasion].by
    # Two channels that she stops in one breath are confirmed by each of them.
    by_channel = f".{asked.channel}" if asked.channel else ""
    own = (
        f"{asked.key}.{asked.person_id}"
        if asked.key
        else f"{asked.person_id}.{moment}.{occasion}.{asked.subject}{by_channel}"
    )
    return Decision(
        decision_id=own[:240], person_id=asked.person_id, at=at, subject=asked.subject, purpose=occasion, policy=GATE,
        step=occasion, channel=str(row["channel"]), topics=[[asked.subject, occasion]] if asked.subject else [],
        values=dict(asked.values), language=asked.language or judged.languages.get(asked.person_id) or "",
        treatment="human" if by == "person" else "contact", reasons=because,
        send_at=_moment(row, "send_at"), use_by=_moment(row, "use_by"), strategy_hash=plan.strategy.hash,
        rules_hash=plan.rules.hash, tables_hash=plan.published.hash, content_hash=setup.content_hash, engine_version=ENGINE_VERSION,
    )  # fmt: skip


def _moment(row: Mapping[str, object], name: str) -> datetime:
    return datetime.fromtimestamp(int(str(row[name])), UTC)
