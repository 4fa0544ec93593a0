"""Decisions as another system reads them: what may not be told is replaced by a true, neutral reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from django.conf import settings

from tideover.engine.message import Explanation, Words, read_words
from tideover.engine.policy.lists import Lists, read_lists
from tideover.strategy.models import Decision
from tideover.web.api.models import Client
from tideover.web.api.scopes import Scope

HASHES = ("strategy_hash", "rules_hash", "tables_hash", "content_hash")
TEXTS = ("treatment", "purpose", "channel", "subject")


@lru_cache(maxsize=1)
def words() -> Words:
    """The words of explanations, with the lender's own in their place."""
    return read_words(settings.CONTENT)


def row_told(row: Mapping[str, object], client: Client) -> dict[str, object]:
    """A row of the engine."""
    lists, all_of_it = read_lists(settings.CONTENT), Scope.READ_RESTRICTED in client.scopes
    told: dict[str, object] = {name: row.get(name) or None for name in TEXTS} | {
        name: row.get(name) or "" for name in HASHES
    }
    return told | {
        "decision_id": row["decision_id"], "person_id": row["borrower_id"], "treatment": row["treatment"],
        **{name: _moment(row.get(name)) for name in ("at", "send_at", "use_by")},
        **{name: codes(row.get(name), lists, all_of_it=all_of_it) for name in ("reasons", "blocked_by")},
    }  # fmt: skip


def kept_told(decision: Decision, client: Client) -> dict[str, object]:
    """A decision of the log."""
    names = ("decision_id", "at", "send_at", "use_by", "reasons", "blocked_by", *TEXTS, *HASHES)
    return row_told(
        {"borrower_id": decision.person_id, **{it: getattr(decision, it) for it in names}}, client
    )


def codes(told: object, lists: Lists, *, all_of_it: bool) -> list[str]:
    """Reason codes, the restricted ones replaced for whoever may not read them."""
    listed = [it for it in str(told or "").split(",") if it]
    if all_of_it:
        return listed
    return list(dict.fromkeys(_neutral(it, lists) for it in listed))


def has_restricted(row: Mapping[str, object]) -> bool:
    """Does it rest on something that may not be told?"""
    lists = read_lists(settings.CONTENT)
    named = [it for name in ("reasons", "blocked_by") for it in str(row.get(name) or "").split(",")]
    return any(_neutral(it, lists) != it for it in named if it)


def explained(told: Explanation) -> dict[str, object]:
    """An explanation part by part."""
    parts = [
        {"name": it.name, "heading": it.heading, "lines": [line.text for line in it.lines]}
        for it in told.parts
    ]
    return {
        "audience": told.audience, "language": told.language, "direction": str(told.direction), "note": told.note,
        "parts": parts, "closing": told.closing,
    }  # fmt: skip


def _neutral(code: str, lists: Lists) -> str:
    reason = lists.reasons.get(code)
    return reason.instead if reason is not None and reason.audience == "restricted" else code


def _moment(value: object) -> datetime | None:
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int) else value  # type: ignore[return-value]
