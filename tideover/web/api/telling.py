"""Decisions as another system reads them: what may not be told is replaced by a true, neutral reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from tideover.engine.message import Explanation
from tideover.strategy.models import Decision
from tideover.strategy.telling import open_codes
from tideover.web.api.models import Client
from tideover.web.api.scopes import Scope

HASHES = ("strategy_hash", "rules_hash", "tables_hash", "content_hash")
TEXTS = ("treatment", "purpose", "channel", "subject")


def row_told(row: Mapping[str, object], client: Client) -> dict[str, object]:
    """A row of the engine."""
    all_of_it = Scope.READ_RESTRICTED in client.scopes
    told: dict[str, object] = {name: row.get(name) or None for name in TEXTS} | {
        name: row.get(name) or "" for name in HASHES
    }
    return told | {
        "decision_id": row["decision_id"], "person_id": row["borrower_id"], "treatment": row["treatment"],
        **{name: _moment(row.get(name)) for name in ("at", "send_at", "use_by")},
        **{name: codes(row.get(name), all_of_it=all_of_it) for name in ("reasons", "blocked_by")},
    }  # fmt: skip


def kept_told(decision: Decision, client: Client) -> dict[str, object]:
    """A decision of the log."""
    names = ("decision_id", "at", "send_at", "use_by", "reasons", "blocked_by", *TEXTS, *HASHES)
    return row_told(
        {"borrower_id": decision.person_id, **{it: getattr(decision, it) for it in names}}, client
    )


def codes(told: object, *, all_of_it: bool) -> list[str]:
    """Reason codes, the restricted ones replaced for whoever may not read them."""
    listed = [it for it in str(told or "").split(",") if it]
    return listed if all_of_it else list(dict.fromkeys(open_codes(told)))


def has_restricted(row: Mapping[str, object]) -> bool:
    """Does it rest on something that may not be told?"""
    return any(
        list(open_codes(row.get(name))) != codes(row.get(name), all_of_it=True)
        for name in ("reasons", "blocked_by")
    )


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


def _moment(value: object) -> datetime | None:
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int) else value  # type: ignore[return-value]
