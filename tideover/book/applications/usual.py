"""How long a step usually takes, counted over finished applications for the same product; said only where enough ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import median

from django.core.cache import cache

from tideover.book.applications.lifecycle import APPROVED, DECLINED, PAID_OUT, RECEIVED, REVIEW
from tideover.book.models import FACTS

ENOUGH = 20
"""Fewer say nothing that could be relied on, and could tell of one person."""
SINCE = timedelta(days=365)
MOST_ROWS = 20_000
DAY = 86_400

Usual = Mapping[str, int]
"""Days by the step they lead to; steps of which too little is known are not there."""


def usual_days(product: str, at: datetime) -> Usual:
    """The middle number of days to each step, counted once a day."""
    key = f"usual-days:{product}:{at:%Y-%m-%d}"
    known: Usual | None = cache.get(key)
    if known is None:
        known = counted(product, at)
        cache.set(key, known, timeout=DAY)
    return known


def counted(product: str, at: datetime) -> Usual:
    """The same, counted now. One query."""
    steps: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    rows = FACTS["milestones"].objects.filter(
        product=product, at__gte=int((at - SINCE).timestamp()), recorded_at__lte=int(at.timestamp())
    )
    for row in rows.order_by("-recorded_at", "-id")[:MOST_ROWS]:
        steps[row.application_id].setdefault(row.step, row.at)
    found: defaultdict[str, list[float]] = defaultdict(list)
    for of in steps.values():
        for step, days in _lengths(of):
            found[step].append(days)
    return {step: max(1, round(median(days))) for step, days in found.items() if len(days) >= ENOUGH}


def _lengths(of: Mapping[str, datetime]) -> list[tuple[str, float]]:
    """Days to each step of one application that was answered."""
    decided = of.get(APPROVED) or of.get(DECLINED)
    if decided is None or RECEIVED not in of:
        return []
    ends = [
        (REVIEW, RECEIVED, of.get(REVIEW)),
        (APPROVED, RECEIVED, decided),
        (PAID_OUT, APPROVED, of.get(PAID_OUT)),
    ]
    return [
        (step, (end - of[start]).total_seconds() / DAY)
        for step, start, end in ends
        if end is not None and start in of and end >= of[start]
    ]
