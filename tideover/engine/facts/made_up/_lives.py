"""What the tables say of the people themselves: who they are, where, and protected attributes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Ints
from tideover.engine.facts.made_up._frames import UNKNOWN, Rows, coded, frame, gathered
from tideover.engine.facts.made_up._lending import Loans
from tideover.engine.facts.made_up._people import People
from tideover.engine.facts.made_up._world import COUNTRIES, LANGUAGES, ZONES

_OLD_NAMES = {"Asia/Ho_Chi_Minh": "Asia/Saigon", "Asia/Kolkata": "Asia/Calcutta"}
"""Other names of the same clocks, as older systems write them."""
_AGES = ("18-24", "25-34", "35-49", "50-64", "65+")
_GENDERS = ("woman", "man", "other", "not_said")


@dataclass(frozen=True)
class Lives:
    """Days and moments of each person that several tables need."""

    joined: Ints
    joined_at: Ints


def lives(folk: People, loans: Loans) -> Lives:
    """Everybody joined before the first loan of the family; whoever stands in a loan of somebody else, just before it."""
    first = np.full(len(folk), np.iinfo(np.int64).max)
    np.minimum.at(first, loans.person, loans.disbursed)
    first = first[folk.mains][np.searchsorted(folk.number[folk.mains], folk.number)]
    earlier = 1 + np.where(folk.part == 0, folk.draws.below("joined", 700), folk.draws.below("joined", 20))
    joined = first - earlier
    return Lives(joined, clock.in_office(folk.draws, "joined at", folk.zone, joined))


def borrowers(folk: People, known: Lives, seeds: Ints, at: int, history: bool) -> Rows:
    """The table `borrowers`. A few moved to another branch, or told their language, later."""
    moved = folk.draws.happens("moved", 0.02)
    told = folk.draws.happens("told language", 0.01)
    changed = clock.by_day(folk.draws, "changed", folk.zone, _some_day_since(folk, known, "change", at))
    latest = _borrowers(folk, known, seeds, _branches(folk, moved), folk.language)
    latest = latest.with_columns(recorded_at=_moments(np.where(moved | told, changed, known.joined_at)))
    if not history:
        return Rows(latest)
    before = _borrowers(
        folk, known, seeds, _branches(folk, moved & False), np.where(told, LANGUAGES.index(None), folk.language)
    )
    return Rows(latest, (before.filter(moved | told),))


def _some_day_since(folk: People, known: Lives, what: str, at: int) -> Ints:
    """A day between joining and the book's day."""
    return known.joined + 1 + folk.draws.below(what, np.maximum(at - known.joined - 1, 1))


def _borrowers(folk: People, known: Lives, seeds: Ints, branch: pl.Series, language: Ints) -> pl.DataFrame:
    return frame(
        "borrowers",
        borrower_id=folk.ids,
        language=coded(LANGUAGES, language),
        country=_countries(folk),
        timezone=_zones(folk),
        branch=branch,
        joined_on=known.joined,
        team=branch + "/" + coded(("desk", "field"), folk.draws.choose("team", (0.7, 0.3))),
        seed=seeds,
        recorded_at=known.joined_at,
    )


def _moments(seconds: Ints) -> pl.Series:
    return pl.Series(seconds * 1_000_000).cast(pl.Datetime("us", "UTC"))


def _branches(folk: People, moved: Ints) -> pl.Series:
    names = [f"{land.code}-{region}" for land in COUNTRIES for region in land.regions]
    counts = np.array([len(land.regions) for land in COUNTRIES])
    first = np.cumsum(counts) - counts
    region = np.where(moved, (folk.region + 1) % counts[folk.country], folk.region)
    return coded(names, first[folk.country] + region)


def _countries(folk: People) -> pl.Series:
    """The country, with the state where another law holds there."""
    codes = [land.code for land in COUNTRIES]
    in_sao_paulo = (folk.country == codes.index("BR")) & (folk.region == 0)
    return coded([*codes, "BR-SP"], np.where(in_sao_paulo, len(codes), folk.country))


def _zones(folk: People) -> pl.Series:
    """Few are not known, and a few carry an old name of the same clock."""
    older = [_OLD_NAMES.get(zone, zone) for zone in ZONES]
    place = np.where(folk.draws.happens("old zone name", 0.004), folk.zone + len(ZONES), folk.zone)
    place = np.where(folk.draws.happens("zone unknown", 0.004), 2 * len(ZONES), place)
    return coded([*ZONES, *older, None], place)


def locations(folk: People, known: Lives, at: int, history: bool) -> Rows:
    """The table `locations`: the address, and for a few a phone or a word that says they are elsewhere."""
    elsewhere = folk.draws.happens("elsewhere", 0.025)
    kinds = np.stack((np.ones(len(folk), bool), elsewhere, folk.draws.happens("told", 0.006)), axis=1)
    person, kind = np.nonzero(kinds)
    far = (folk.zone + 1 + folk.draws.below("far", len(ZONES) - 1)) % len(ZONES)
    zone = np.where(kind == 0, folk.zone[person], far[person])
    since = np.where(kind == 0, known.joined, _some_day_since(folk, known, "far since", at)[np.maximum(person, 0)])
    until = np.where((kind == 2) & folk.draws.happens("back", 0.5)[person], (since + at) // 2, UNKNOWN)
    since_at = clock.by_day(folk.draws[person], "since", folk.zone[person], since)
    until_at = clock.by_day(folk.draws[person], "until", folk.zone[person], np.where(until > since, until, UNKNOWN))
    table = frame(
        "locations",
        borrower_id=gathered(folk.ids, person),
        country=coded(_COUNTRY_OF_ZONE, zone),
        region=coded(("SP", None), np.where((kind == 0) & (_countries(folk).to_numpy()[person] == "BR-SP"), 0, 1)),
        timezone=coded(ZONES, zone),
        source=coded(("address", "phone_prefix", "told"), kind),
        since=since_at,
        until=until_at,
        recorded_at=np.maximum(since_at, until_at),
    )
    return table_with_end(table, "since", ("until",), history)


def table_with_end(table: pl.DataFrame, begun: str, ends: tuple[str, ...], history: bool) -> Rows:
    """A table whose rows were first recorded when they began, and again when they ended."""
    if not history:
        return Rows(table)
    later = table.filter(pl.col("recorded_at") > pl.col(begun))
    blank = [pl.lit(None, table.schema[name]).alias(name) for name in ends]
    return Rows(table, (later.with_columns(*blank, pl.col(begun).alias("recorded_at")),))


def protected(folk: People, known: Lives) -> Rows:
    """The table `protected`: known of some, and never for decisions."""
    told = folk.draws.happens("attributes known", 0.4)
    person, which = np.nonzero(np.stack((told, told), axis=1))
    age = folk.draws.choose("age", (0.14, 0.32, 0.34, 0.15, 0.05))[person]
    gender = folk.draws.choose("gender", (0.52, 0.44, 0.01, 0.03))[person]
    return Rows(
        frame(
            "protected",
            person_id=gathered(folk.ids, person),
            name=coded(("age", "gender"), which),
            value=coded((*_AGES, *_GENDERS), np.where(which == 0, age, len(_AGES) + gender)),
            recorded_at=known.joined_at[person],
        )
    )


_COUNTRY_OF_ZONE = tuple(land.code for land in COUNTRIES for _ in land.zones)
