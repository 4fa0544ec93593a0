"""The decision: who, about what, how, when, or silence, with reasons."""

from tideover.engine.decision.decide import Decisions, Facts, decide
from tideover.engine.decision.plan import Plan
from tideover.engine.decision.published import Published, shipped

__all__ = ["Decisions", "Facts", "Plan", "Published", "decide", "shipped"]
