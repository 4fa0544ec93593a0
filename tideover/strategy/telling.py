"""Why somebody is spoken to, or left in peace: a decision told with what was known when it was made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import narwhals as nw
import polars as pl

from tideover.access.allowed import may
from tideover.access.roles import Power
from tideover.book.queries import known_about
from tideover.engine.decision.decide import Decisions, Facts
from tideover.engine.decision.setup import Setup
from tideover.engine.facts.backends import PlannedBackend
from tideover.engine.message import (
    KNOWN,
    Explanation,
    Knowledge,
    Told,
    UnknownPerson,
    Words,
    explain,
    read_words,
)
from tideover.strategy.models import Decision
from tideover.strategy.own_content import content_in_force
from tideover.strategy.releases import live_plan, setup_of
from tideover.strategy.shares import setup_for

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Explained:
    """The same decision twice: for staff, and for the person in her own language."""

    told: Told
    staff: Explanation
    borrower: Explanation


@lru_cache(maxsize=1)
def words() -> Words:
    """The shipped words, with the lender's own in their place, as they were approved."""
    return read_words(content_in_force())


def decided(people: Iterable[str], setup: Setup, at: datetime) -> tuple[Tables, Decisions]:
    """What was known about these people at a moment, and what follows from it, with all that an explanation may use."""
    moment, tables = int(at.timestamp()), known_about(people, at)
    return tables, live_plan(setup, at, also=KNOWN).run(tables, moment)


def told_now(person: str, at: datetime) -> Told:
    """What would be decided about somebody now. Raises NothingLive, UnknownPerson."""
    tables, made = decided([person], setup_for(person), at)
    row = _row(made.decisions, "borrower_id", person)
    if not row:
        raise UnknownPerson(f"Nobody with the key {person!r} is known among the borrowers.")
    mine = nw.col("decision_id") == str(row["decision_id"])
    offers = sorted(made.offers.filter(mine).collect().rows(named=True), key=lambda it: it["place"])
    topics = tuple(made.topics.filter(mine).collect().rows(named=True))
    return Knowledge(facts_at(tables, at), made).told(
        row, topics=topics, offers=tuple(it["offer"] for it in offers)
    )


def told_then(decision: Decision) -> Told:
    """A decision that stands, with what was known at its moment: its own columns win over a replay's."""
    tables, made = decided([decision.person_id], setup_of(decision.strategy_hash), decision.at)
    stands = {name: getattr(decision, name) for name in STANDS}
    moments = {name: int(getattr(decision, name).timestamp()) for name in ("at", "send_at", "use_by")}
    again = _row(made.decisions, "decision_id", decision.decision_id)
    row = {**again, **stands, **moments, "borrower_id": decision.person_id}
    topics = tuple(
        {"decision_id": decision.decision_id, "subject": subject, "occasion": occasion}
        for subject, occasion in decision.topics
    )
    known = Knowledge(facts_at(tables, decision.at), made)
    return known.told(row, topics=topics, offers=tuple(decision.offers))


STANDS = (
    "decision_id", "subject", "treatment", "purpose", "policy", "step", "channel", "language", "tone", "lesson", "reasons",
    "blocked_by", "arm", "leaf", "propensity", "strategy_hash", "rules_hash", "tables_hash", "content_hash", "engine_version",
)  # fmt: skip


def explained(told: Told, *, sent_at: datetime | None = None, reader: object = None) -> Explained:
    """In words. `reader` is a member of staff: what their role may not read is left as the person reads it."""
    told = replace(told, sent_at=int(sent_at.timestamp()) if sent_at else None)
    for_staff = told if reader is None else for_reader(told, reader)
    return Explained(
        told,
        explain(for_staff, audience="staff", language="en", words=words()),
        explain(told, audience="borrower", words=words()),
    )


def for_reader(told: Told, reader: object) -> Told:
    """Without restricted reasons and holds, unless this member of staff may see them."""
    if may(reader, Power.SEE_RESTRICTED_REASONS):
        return told
    row = {
        **told.row,
        **{name: ",".join(open_codes(told.row.get(name))) for name in ("reasons", "blocked_by")},
    }
    held = str(told.values.get("own_holds") or "").split(",")
    holds = [it for it in held if it and it not in hidden_holds(reader)]
    return replace(told, row=row, values={**told.values, "own_holds": ",".join(holds)})


def open_codes(text: object) -> tuple[str, ...]:
    """The codes of a column, each restricted one replaced by its true, neutral one. A channel may stand behind a code."""
    known = words().lists.reasons
    parts = (code.partition("@") for code in str(text or "").split(",") if code)
    return tuple(
        it.instead if (it := known.get(code)) and it.audience == "restricted" else f"{code}{at}{where}"
        for code, at, where in parts
    )


def secret_codes(reader: object) -> frozenset[str]:
    """The reasons that this member of staff may not read."""
    if may(reader, Power.SEE_RESTRICTED_REASONS):
        return frozenset()
    return frozenset(code for code, it in words().lists.reasons.items() if it.audience == "restricted")


def hidden_holds(reader: object) -> frozenset[str]:
    """The kinds of hold that this member of staff may not see."""
    if may(reader, Power.SEE_RESTRICTED_REASONS):
        return frozenset()
    secret = secret_codes(reader)
    return frozenset(
        kind for kind, hold in words().lists.holds.items() if hold.restricted or f"hold_{kind}" in secret
    )


def facts_at(tables: Tables, at: datetime) -> Facts:
    """Tables in memory, as an explanation and the words of a message read them."""
    return Facts(lambda table: nw.from_native(tables[table].lazy()), PlannedBackend(), int(at.timestamp()))


def _row(rows: nw.LazyFrame, key: str, value: str) -> dict[str, int | str | bool | None]:
    found = rows.filter(nw.col(key) == value).collect().rows(named=True)
    return dict(found[0]) if found else {}
