"""Promises as facts: one row a loan, a new version with each change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tideover.book.actions import record
from tideover.repayment.promises.models import IN_FACTS, Part

SOURCE = "promises"


def write_facts(parts: Iterable[Part], *, at: datetime) -> None:
    """Tell the book how these parts stand. Their promises are at hand already."""
    record("promises", [_row(it) for it in parts], source=SOURCE, at=at)


def _row(part: Part) -> dict[str, object]:
    promise = part.promise
    return {
        "promise_id": str(part), "loan_id": part.subject, "person_id": part.person_id, "amount": part.amount,
        "on": promise.on, "made_at": promise.made_at, "origin": promise.origin, "kept_amount": part.kept_amount,
        "ended_at": part.ended_at, "end": IN_FACTS.get(part.state),
    }  # fmt: skip
