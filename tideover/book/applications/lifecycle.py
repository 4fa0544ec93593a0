"""Where an application can stand, and where it can go from there; each way is a milestone, and so a message."""

from __future__ import annotations

from collections.abc import Mapping

DRAFT, RECEIVED, MISSING, REVIEW = "draft", "received", "documents_missing", "under_review"
APPROVED, DECLINED, PAID_OUT, CLOSED, WITHDRAWN = "approved", "declined", "disbursed", "closed", "withdrawn"

MOVES: Mapping[str, frozenset[str]] = {
    DRAFT: frozenset({RECEIVED, WITHDRAWN}),
    RECEIVED: frozenset({MISSING, REVIEW, DECLINED, WITHDRAWN}),
    MISSING: frozenset({REVIEW, DECLINED, WITHDRAWN}),
    REVIEW: frozenset({MISSING, APPROVED, DECLINED, WITHDRAWN}),
    APPROVED: frozenset({PAID_OUT, WITHDRAWN}),
    DECLINED: frozenset({REVIEW}),
    PAID_OUT: frozenset({CLOSED}),
    CLOSED: frozenset(),
    WITHDRAWN: frozenset({DRAFT, RECEIVED, MISSING, REVIEW, APPROVED}),
}
"""A no may be looked at again; what she withdrew comes back to where it stood."""

WAITS_FOR_US = frozenset({RECEIVED, MISSING, REVIEW})
IS_OPEN = WAITS_FOR_US | {DRAFT, APPROVED}

STARTED, DOCUMENT_CAME = "started", "document_received"
"""Milestones that are no state of their own."""
