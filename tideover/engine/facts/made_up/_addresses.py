"""The tables `contact_points` and `consents`."""

from __future__ import annotations

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Flags, Ints
from tideover.engine.facts.made_up._frames import (
    UNKNOWN,
    Rows,
    changing,
    coded,
    ending,
    frame,
    gathered,
    glued,
)
from tideover.engine.facts.made_up._people import People
from tideover.engine.facts.made_up._scene import Scene
from tideover.engine.facts.made_up._world import APP, CALL, CHANNELS, EMAIL, OPEN_TO_OFFERS, PUSH, SMS

_STATES = ("ok", "bounced", "wrong_person")
_ADDRESSES = ("account", "device", "email", "phone", "post", "phone", "post")
"""What each channel goes to: calls and texts share a phone, letters and visits a home."""
_IN_CONTRACT = np.array([0.7, 0.3, 0.85, 0.97, 0.98, 0.97, 0.9])

_CLASSES = ("reminder", "collection", "help", "lesson", "survey", "offer")
"""Purpose classes for which consent is asked; the others need none."""
_ASKED = {
    SMS: ("reminder", "collection", "lesson", "survey", "offer"),
    EMAIL: ("reminder", "collection", "survey", "offer"),
    CALL: ("collection",),
    APP: ("lesson", "offer"),
    PUSH: ("reminder",),
}
"""For which classes the form asks, by channel."""
_GIVEN = (0.97, 0.96, 0.95, 0.55, 0.45, OPEN_TO_OFFERS)
"""How many of those asked say yes, by class."""
_WITHDRAWN = np.array([0.012, 0.015, 0.01, 0.03, 0.04, 0.07])
_TEXTS = tuple(f"{0x5EED0000 + place:08x}" for place in range(len(_CLASSES)))


def contact_points(scene: Scene) -> Rows:
    """The table `contact_points`. That an address bounces was found out later."""
    folk, since = scene.folk, scene.joined.at
    person, channel = np.nonzero(scene.reached.has)
    draws = folk.draws[person].each("address", channel)
    proven = clock.in_office(draws, "verified", folk.zone[person], scene.joined.day[person])
    table = frame(
        "contact_points",
        contact_point_id=glued(gathered(folk.ids, person), ":", coded(CHANNELS, channel)),
        person_id=gathered(folk.ids, person),
        channel=coded(CHANNELS, channel),
        address_id=_address_ids(folk, person, channel),
        verified_at=np.where(draws.happens("is verified", 0.72), np.minimum(proven, since[person]), UNKNOWN),
        in_contract=draws.happens("in contract", _IN_CONTRACT[channel]),
        state=coded(_STATES, scene.reached.state[person, channel]),
        since=since[person],
        recorded_at=np.maximum(since[person], scene.reached.changed_at[person, channel]),
    )
    return changing(table, pl.col("recorded_at") > pl.col("since"), table["since"], state="ok")


def _address_ids(folk: People, person: Ints, channel: Ints) -> pl.Series:
    """Surrogates; a few relatives share one phone."""
    shares = folk.draws.happens("shares phone", 0.10) & (folk.part > 0)
    owner = np.where(shares, np.maximum(np.arange(len(folk)) - folk.part, 0), np.arange(len(folk)))
    by_phone = (channel == SMS) | (channel == CALL)
    return glued(
        coded(_ADDRESSES, channel), ":", gathered(folk.ids, np.where(by_phone, owner[person], person))
    )


def consents(scene: Scene) -> Rows:
    """The table `consents`: what was asked and allowed, and taken back by a few."""
    folk, since = scene.folk, scene.joined
    person, channel, place = np.nonzero(_given(scene))
    draws = folk.draws[person].each("consent", channel * len(_CLASSES) + place)
    said = draws.happens("said", 0.96)
    person, channel, place, draws = person[said], channel[said], place[said], draws[said]
    granted = since.at[person] + 60
    day = since.some_day_since(draws, "withdrawn day", person, scene.at)
    gone = draws.happens("withdrawn", _WITHDRAWN[place])
    withdrawn = clock.by_day(draws, "withdrawn", folk.zone[person], np.where(gone, day, UNKNOWN))
    table = frame(
        "consents",
        person_id=gathered(folk.ids, person),
        channel=coded(CHANNELS, channel),
        purpose_class=coded(_CLASSES, place),
        granted_at=granted,
        withdrawn_at=withdrawn,
        text_hash=coded(_TEXTS, place),
        recorded_at=np.maximum(granted, withdrawn),
    )
    return ending(table, began="granted_at", ended="withdrawn_at")


def _given(scene: Scene) -> Flags:
    """People x channels x classes: asked there, and allowed by this person."""
    asked = np.array(
        [[name in _ASKED.get(channel, ()) for name in _CLASSES] for channel in range(len(CHANNELS))]
    )
    yes = [
        scene.folk.draws.happens(f"yes {name}", share) for name, share in zip(_CLASSES, _GIVEN, strict=True)
    ]
    willing = np.stack((*yes[:-1], scene.reached.allows_offers), axis=1)
    given: Flags = scene.reached.has[:, :, None] & asked[None] & willing[:, None, :]
    return given
