"""Plans as facts: one row a plan, a new version with each change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tideover.book.actions import record
from tideover.repayment.plans.models import Plan

SOURCE = "plans"


def write_facts(plans: Iterable[Plan], *, at: datetime) -> None:
    """Tell the book how these plans stand."""
    record("plans", [_row(it) for it in plans], source=SOURCE, at=at)


def _row(plan: Plan) -> dict[str, object]:
    return {
        "plan_id": str(plan), "loan_id": plan.subject, "kind": plan.kind, "from_on": plan.from_on,
        "until_on": plan.until_on, "ended_at": plan.ended_at, "end": None if plan.state == "open" else plan.state,
    }  # fmt: skip
