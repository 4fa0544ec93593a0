"""The tables `borrowers`, `locations` and `protected`: who people are, and where."""

from __future__ import annotations

import hashlib

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._countries import COUNTRIES, ZONES
from tideover.engine.facts.made_up._draws import Flags, Ints
from tideover.engine.facts.made_up._frames import UNKNOWN, Rows, coded, ending, frame, gathered, moments
from tideover.engine.facts.made_up._people import People
from tideover.engine.facts.made_up._scene import Scene
from tideover.engine.facts.made_up._world import LANGUAGES

_OLD_NAMES = {"Asia/Ho_Chi_Minh": "Asia/Saigon", "Asia/Kolkata": "Asia/Calcutta"}
"""Other names of the same clocks, as older systems write them."""
_COUNTRY_OF_ZONE = tuple(land.code for land in COUNTRIES for _ in land.zones)
_AGES = ("18-24", "25-34", "35-49", "50-64", "65+")
_GENDERS = ("woman", "man", "other", "not_said")
_ADDRESS, _PHONE_PREFIX, _TOLD = range(3)


def borrowers(scene: Scene) -> Rows:
    """The table `borrowers`. A few moved to another branch, or told their language, later."""
    folk = scene.folk
    moved, told = folk.draws.happens("moved", 0.02), folk.draws.happens("told language", 0.01)
    day = scene.joined.some_day_since(folk.draws, "change", np.arange(len(folk)), scene.at)
    changed_at = clock.by_day(folk.draws, "changed", folk.zone, day)
    now = _borrowers(scene, _branches(folk, moved), folk.language)
    latest = now.with_columns(
        moments(np.where(moved | told, changed_at, scene.joined.at)).alias("recorded_at")
    )

    def earlier() -> tuple[pl.DataFrame, ...]:
        untold = np.where(told, LANGUAGES.index(None), folk.language)
        before = _borrowers(scene, _branches(folk, np.zeros_like(moved)), untold)
        return (before.filter(moved | told),)

    return Rows(latest, earlier)


def _borrowers(scene: Scene, branch: pl.Series, language: Ints) -> pl.DataFrame:
    folk = scene.folk
    return frame(
        "borrowers",
        borrower_id=folk.ids,
        language=coded(LANGUAGES, language),
        country=coded(*_countries(folk)),
        timezone=_zones(folk),
        branch=branch,
        joined_on=scene.joined.day,
        team=branch + "/" + coded(("desk", "field"), folk.draws.choose("team", (0.7, 0.3))),
        seed=_seeds(folk.ids),
        recorded_at=scene.joined.at,
    )


def _seeds(ids: pl.Series) -> Ints:
    """The first 8 hex digits of md5(borrower_id), as `kit.ids.seed_of` makes them, many at once."""
    digests = b"".join([hashlib.md5(one.encode(), usedforsecurity=False).digest()[:4] for one in ids])
    return np.frombuffer(digests, dtype=">u4").astype(np.int64)


def _branches(folk: People, moved: Flags) -> pl.Series:
    names = [f"{land.code}-{region}" for land in COUNTRIES for region in land.regions]
    counts = np.array([len(land.regions) for land in COUNTRIES])
    first = np.cumsum(counts) - counts
    region = np.where(moved, (folk.region + 1) % counts[folk.country], folk.region)
    return coded(names, first[folk.country] + region)


def _countries(folk: People) -> tuple[list[str], Ints]:
    """The country, with the state where another law holds there."""
    codes = [land.code for land in COUNTRIES]
    return [*codes, "BR-SP"], np.where(_in_sao_paulo(folk), len(codes), folk.country)


def _in_sao_paulo(folk: People) -> Flags:
    flags: Flags = (folk.country == [land.code for land in COUNTRIES].index("BR")) & (folk.region == 0)
    return flags


def _zones(folk: People) -> pl.Series:
    """Few are not known, and a few carry an old name of the same clock."""
    older = [_OLD_NAMES.get(zone, zone) for zone in ZONES]
    place = np.where(folk.draws.happens("old zone name", 0.004), folk.zone + len(ZONES), folk.zone)
    place = np.where(folk.draws.happens("zone unknown", 0.004), 2 * len(ZONES), place)
    return coded([*ZONES, *older, None], place)


def locations(scene: Scene) -> Rows:
    """The table `locations`: the address, and for a few a phone or a word that says they are elsewhere."""
    folk = scene.folk
    everywhere = np.ones(len(folk), bool)
    says = (everywhere, folk.draws.happens("elsewhere", 0.025), folk.draws.happens("told", 0.006))
    person, source = np.nonzero(np.stack(says, axis=1))
    draws, is_home = folk.draws[person], source == _ADDRESS
    far = (folk.zone + 1 + folk.draws.below("far", len(ZONES) - 1)) % len(ZONES)
    zone = np.where(is_home, folk.zone[person], far[person])
    since = np.where(
        is_home, scene.joined.day[person], scene.joined.some_day_since(draws, "far since", person, scene.at)
    )
    is_back = (source == _TOLD) & folk.draws.happens("back", 0.5)[person] & ((since + scene.at) // 2 > since)
    since_at = clock.by_day(draws, "since", folk.zone[person], since)
    until = np.where(is_back, (since + scene.at) // 2, UNKNOWN)
    until_at = clock.by_day(draws, "until", folk.zone[person], until)
    table = frame(
        "locations",
        borrower_id=gathered(folk.ids, person),
        country=coded(_COUNTRY_OF_ZONE, zone),
        region=coded((None, "SP"), np.where(is_home & _in_sao_paulo(folk)[person], 1, 0)),
        timezone=coded(ZONES, zone),
        source=coded(("address", "phone_prefix", "told"), source),
        since=since_at,
        until=until_at,
        recorded_at=np.maximum(since_at, until_at),
    )
    return ending(table, began="since", ended="until")


def protected(scene: Scene) -> Rows:
    """The table `protected`: known of some, and never for decisions."""
    folk = scene.folk
    told = folk.draws.happens("attributes known", 0.4)
    person, which = np.nonzero(np.stack((told, told), axis=1))
    age = folk.draws.choose("age", (0.14, 0.32, 0.34, 0.15, 0.05))[person]
    gender = folk.draws.choose("gender", (0.52, 0.44, 0.01, 0.03))[person]
    table = frame(
        "protected",
        person_id=gathered(folk.ids, person),
        name=coded(("age", "gender"), which),
        value=coded((*_AGES, *_GENDERS), np.where(which == 0, age, len(_AGES) + gender)),
        recorded_at=scene.joined.at[person],
    )
    return Rows(table)
