"""consider(person, occasion): the one gate. Nothing that is said to a person passes beside it.

The night's strategy is not the only one who speaks: a receipt, a confirmed opt-out, an agent's own letter, a call-back.
Each is a decision of its own, under the same holds, consents, caps and hours, and stands in the same log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from tideover.book.models import FACTS
from tideover.book.queries import known_about
from tideover.engine.decision.gate import asking
from tideover.engine.decision.rows import ENGINE_VERSION
from tideover.engine.decision.setup import Setup
from tideover.kit.errors import Refused
from tideover.strategy.models import Decision
from tideover.strategy.shares import setup_for

GATE = "gate"
USE_BY_DAYS = 3


class UnknownOccasion(Refused):
    """What is to be said is none of the purposes."""


class UnknownPerson(Refused):
    """Nobody of that key is in the book."""


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
    setup, moment = setup_for(person_id), int(at.timestamp())
    purposes = setup.strategy.lists.purposes
    if occasion not in purposes:
        raise UnknownOccasion(f"'{occasion}' is none of the purposes in purposes.yaml.")
    if not FACTS["borrowers"].objects.filter(borrower_id=person_id).exists():
        raise UnknownPerson(f"Nobody with the key {person_id!r} is in the book.")
    asked = asking([(person_id, subject, occasion, channel, use_by_days)])
    tables = known_about([person_id], at)
    (judged,) = setup.gate(moment).judge(asked, tables, moment).to_dicts()
    if judged["send_at"] is None:
        return Considered(None, str(judged["forbidden_by"]))
    treatment = "human" if purposes[occasion].by == "person" else "contact"
    told = {
        "language": _language(tables, person_id),
        "treatment": treatment,
        "reasons": because,
        "values": dict(values or {}),
    }
    return Considered(_decided(setup, judged, at, told))


def _decided(
    setup: Setup, judged: Mapping[str, object], at: datetime, told: Mapping[str, object]
) -> Decision:
    person, occasion, subject = (str(judged[name]) for name in ("person_id", "purpose", "subject"))
    plan = setup.plan(int(at.timestamp()))
    moments = {name: datetime.fromtimestamp(int(str(judged[name])), UTC) for name in ("send_at", "use_by")}
    decision, _ = Decision.objects.get_or_create(
        decision_id=f"{person}.{int(at.timestamp())}.{occasion}.{subject}"[:240],
        defaults={
            "person_id": person, "at": at, "subject": subject, "purpose": occasion, "policy": GATE,
            "step": occasion, "channel": str(judged["channel"]), "topics": [[subject, occasion]] if subject else [],
            "strategy_hash": plan.strategy.hash, "rules_hash": plan.rules.hash,
            "tables_hash": plan.published.hash, "content_hash": setup.content_hash, "engine_version": ENGINE_VERSION, **moments, **told,
        },
    )  # fmt: skip
    return decision


def _language(tables: Mapping[str, pl.DataFrame], person: str) -> str:
    known = tables["borrowers"].filter(borrower_id=person).get_column("language").drop_nulls().to_list()
    return str(known[0]) if known else ""
