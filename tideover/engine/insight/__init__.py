"""Insights: what follows from the recorded facts. Import this package and every insight is registered."""

from tideover.engine.insight import (
    applications,
    contacts,
    generated,
    habits,
    instalments,
    loans,
    needs,
    payments,
    promises,
    segments,
    standings,
)
from tideover.engine.insight._define import REGISTRY, ROWS, Insight, Level, Unit
from tideover.engine.insight.compute import Asked, derive, joined, masked, totals

THEMES = (instalments, standings, loans, payments, promises, habits, segments, contacts, needs, applications)
"""The modules in the order in which the reference shows them."""

__all__ = [
    "REGISTRY",
    "ROWS",
    "THEMES",
    "Asked",
    "Insight",
    "Level",
    "Unit",
    "derive",
    "generated",
    "joined",
    "masked",
    "totals",
]
