"""Who the people are: where they live, what they read, how they pay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _habits as habits
from tideover.engine.facts.made_up._countries import COUNTRIES, FIRST_ZONE
from tideover.engine.facts.made_up._draws import Draws, Ints
from tideover.engine.facts.made_up._frames import glued, numbered
from tideover.engine.facts.made_up._world import LANGUAGES

ROLES = ("borrower", "co_borrower", "guarantor", "group_member", "payer", "representative", "executor")
BORROWER, CO_BORROWER, GUARANTOR, GROUP_MEMBER, PAYER, REPRESENTATIVE, EXECUTOR = range(len(ROLES))

FAR = 10_000
"""Days: far enough to be never."""


@dataclass(frozen=True)
class People:
    """Columns of one length: each borrower in order of number, followed by whoever stands in the borrower's loan."""

    number: Ints
    role: Ints
    """Position in ROLES; of somebody else, the part he or she has in the borrower's first loan."""
    part: Ints
    """0 for the borrower, 1 and 2 for the others."""
    draws: Draws
    country: Ints
    zone: Ints
    language: Ints
    region: Ints
    habit: Ints
    due_day: Ints
    """Day of the month on which this person's instalments usually fall due."""
    gap: Ints
    """Days from the due day to payday, where the pay comes later; else 0."""
    hard_from: Ints
    """Day on which a hard stretch began, within the last year; far in the future when none did."""
    hard_until: Ints

    def __len__(self) -> int:
        return len(self.number)

    @cached_property
    def ids(self) -> pl.Series:
        """borrower_id and person_id."""
        return glued("b", numbered(self.number, 8), pl.Series(["", "-1", "-2"]).gather(self.part))

    @cached_property
    def mains(self) -> Ints:
        """Rows of the borrowers themselves."""
        return np.flatnonzero(self.part == 0)


def people(seed: int, numbers: Ints, at: int) -> People:
    """The borrowers with these numbers and everyone who stands in their loans."""
    homes = Draws.of(seed, numbers)
    country = homes.choose("country", tuple(land.share for land in COUNTRIES))
    first, second = _others(homes, country)
    everyone = np.repeat(np.arange(len(numbers)), 1 + (first > 0) + (second > 0))
    part = np.arange(len(everyone)) - np.searchsorted(everyone, everyone)
    role = np.where((part == 1) & (first > 0)[everyone], first[everyone], second[everyone])
    return _living(homes, country, everyone, part, np.where(part == 0, BORROWER, role), numbers, at)


def _others(homes: Draws, country: Ints) -> tuple[Ints, Ints]:
    """The roles of up to two more people a borrower; 0 for nobody."""
    guaranteed = homes.happens("guarantor", np.array([land.guarantors for land in COUNTRIES])[country])
    first = np.where(guaranteed, GUARANTOR, BORROWER)
    also = homes.choose("also", (0.916, 0.058, 0.0, 0.013, 0.006, 0.005, 0.002))
    return first, also


def _living(
    homes: Draws, country: Ints, everyone: Ints, part: Ints, role: Ints, numbers: Ints, at: int
) -> People:
    draws = homes[everyone].each("part", part)
    habit = homes.choose("habit", habits.shares())
    begins = at - 30 - homes.below("hard from", 330)
    is_hard = homes.happens("hard", 0.03)
    zone = (
        _of_country(homes, "zone", country, [len(land.zones) for land in COUNTRIES])
        + np.array(FIRST_ZONE)[country]
    )
    return People(
        number=numbers[everyone],
        role=role,
        part=part,
        draws=draws,
        country=country[everyone],
        zone=zone[everyone],
        language=_languages(draws, country[everyone]),
        region=_of_country(homes, "region", country, [len(land.regions) for land in COUNTRIES])[everyone],
        habit=habit[everyone],
        due_day=_due_days(homes, country)[everyone],
        gap=np.where(habit == habits.PAYDAY_GAP, homes.quantile("gap", habits.GAPS), 0)[everyone],
        hard_from=np.where(is_hard, begins, at + FAR)[everyone],
        hard_until=np.where(is_hard, begins + 60 + homes.below("hard days", 150), at + FAR)[everyone],
    )


def _of_country(draws: Draws, what: str, country: Ints, counts: list[int]) -> Ints:
    return draws.below(what, np.array(counts)[country])


def _languages(draws: Draws, country: Ints) -> Ints:
    """Positions in LANGUAGES; a few are not known."""
    chosen = np.zeros(len(country), dtype=np.int64)
    for place, land in enumerate(COUNTRIES):
        here = np.flatnonzero(country == place)
        names, shares = zip(*land.languages, strict=True)
        spoken = np.array([LANGUAGES.index(name) for name in names])
        chosen[here] = spoken[draws[here].choose("language", shares)]
    return np.where(draws.happens("language unknown", 0.003), LANGUAGES.index(None), chosen)


def _due_days(draws: Draws, country: Ints) -> Ints:
    """Mostly the country's usual days; some any day, the 29th to the 31st among them."""
    usual = np.zeros(len(country), dtype=np.int64)
    for place, land in enumerate(COUNTRIES):
        here = np.flatnonzero(country == place)
        usual[here] = np.array(land.due_days)[draws[here].below("due day", len(land.due_days))]
    return np.where(draws.happens("any day", 0.15), 1 + draws.below("which day", 31), usual)
