"""Releases and how they went live, the runs that decided by them, what they decided to say, and what stops them."""

from tideover.strategy.models.releases import Move, Release, Trial
from tideover.strategy.models.runs import Changed, Decision, Lease, Run, Stop, Watermark

__all__ = ["Changed", "Decision", "Lease", "Move", "Release", "Run", "Stop", "Trial", "Watermark"]
