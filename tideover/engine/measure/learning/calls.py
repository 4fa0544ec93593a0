"""How many calls a team can make a day, and the cut-off that follows: the effect of the last person who still gets one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tideover.engine.measure.words import listed, plural

NOBODY = 10_001
"""A cut-off that no effect per 10,000 reaches."""

WITHOUT_TEAM = ""


@dataclass(frozen=True)
class Cutoffs:
    """Cut-offs by team and for people without one, and in words how they came about."""

    by_team: Mapping[str, int]
    otherwise: int
    says: str


def cutoffs(line: pl.DataFrame, a_day: Mapping[str, int], otherwise: int) -> Cutoffs:
    """From people in line for a call (team, effect per 10,000) and calls a day by team; "" is whoever has no team.

    People of one effect are not told apart: all of them pass, and those beyond the day's calls are first tomorrow.
    """
    effects: dict[str, list[int]] = {team: [] for team in a_day}
    for team, effect in line.select(pl.col("team").fill_null(WITHOUT_TEAM), "effect").iter_rows():
        if team in effects:
            effects[team].append(effect)
    found = {
        team: _cutoff(sorted(known, reverse=True), a_day[team]) for team, known in sorted(effects.items())
    }
    says = listed(_said(team, a_day[team], len(effects[team]), cut) for team, cut in found.items())
    named = {team: cut for team, cut in found.items() if team != WITHOUT_TEAM}
    return Cutoffs(named, found.get(WITHOUT_TEAM, otherwise), says)


def _cutoff(effects: list[int], calls: int) -> int:
    if calls <= 0:
        return NOBODY
    return effects[calls - 1] if calls <= len(effects) else 0


def _said(team: str, calls: int, waiting: int, cut: int) -> str:
    name = team or "no team"
    return f"{name}: {plural(calls, 'call')} a day, {waiting:,} in line, least effect {cut}"
