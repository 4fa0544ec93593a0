"""How people can be reached, and what they allowed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Flags, Ints
from tideover.engine.facts.made_up._frames import UNKNOWN, Rows, coded, frame, gathered, glued
from tideover.engine.facts.made_up._lives import Lives
from tideover.engine.facts.made_up._people import People
from tideover.engine.facts.made_up._world import APP, CALL, CHANNELS, COUNTRIES, EMAIL, LETTER, PUSH, SMS, VISIT

OK, BOUNCED, WRONG_PERSON = range(3)
_STATES = ("ok", "bounced", "wrong_person")
_ADDRESS = ("account", "device", "email", "phone", "post", "phone", "post")
"""What a channel writes or goes to: calls and texts share a phone, letters and visits a home."""

CLASSES = ("reminder", "collection", "help", "lesson", "survey", "offer")
"""Purpose classes for which consent is asked; the others need none."""
_ASKED = {SMS: 0b111111, EMAIL: 0b111111, CALL: 0b000111, APP: 0b111001, PUSH: 0b000001}
"""By channel, for which classes the form asks: bit n for the class at position n."""
_GIVEN = np.array([0.97, 0.96, 0.95, 0.55, 0.45, 0.32])
"""How many of those asked say yes, by class."""


@dataclass(frozen=True)
class Reach:
    """By person and channel: is there an address, since when, and what became of it."""

    has: Flags
    """People x channels."""
    state: Ints
    """People x channels: OK, BOUNCED or WRONG_PERSON."""
    changed: Ints
    """Moment at which the state was found out; UNKNOWN while OK."""
    favourite: Ints
    """The channel in which a person answers best."""
    allows_offers: Flags

    @property
    def open(self) -> Flags:
        """People x channels: an address that works today."""
        works: Flags = self.has & (self.state == OK)
        return works


def reach(folk: People, known: Lives, at: int) -> Reach:
    """Most people have a phone; how many have an app, a mailbox or a known street depends on the country."""
    share = np.array([land.reach for land in COUNTRIES])[folk.country]
    phone = folk.draws.happens("phone", share[:, 3])
    app = folk.draws.happens("app", share[:, 0])
    post = folk.draws.happens("post", share[:, 4])
    push = app & folk.draws.happens("push", share[:, 1] / share[:, 0])
    email = folk.draws.happens("email", share[:, 2])
    has = np.stack((app, push, email, phone, post, phone, post & folk.draws.happens("home known", 0.7)), axis=1)
    state = np.stack([_states(folk, channel) for channel in range(len(CHANNELS))], axis=1)
    state[:, CALL], state[:, VISIT], state[:, APP] = state[:, SMS], OK, OK
    day = known.joined + 1 + folk.draws.below("bounced", np.maximum(at - known.joined - 1, 1))
    changed = clock.by_day(folk.draws, "bounced at", folk.zone, day)
    favourite = folk.draws.choose("favourite channel", (0.22, 0.08, 0.18, 0.34, 0.02, 0.16))
    return Reach(has, state, np.where(state == OK, UNKNOWN, changed[:, None]), favourite, _open_to_offers(folk))


def _open_to_offers(folk: People) -> Flags:
    return folk.draws.happens("offers", float(_GIVEN[-1]))


def _states(folk: People, channel: int) -> Ints:
    bounced = {PUSH: 0.05, EMAIL: 0.03, SMS: 0.02, LETTER: 0.02}.get(channel, 0.0)
    return folk.draws.choose(f"state {channel}", (1 - bounced - 0.004, bounced, 0.004))


def contact_points(folk: People, known: Lives, reached: Reach, history: bool) -> Rows:
    """The table `contact_points`."""
    person, channel = np.nonzero(reached.has)
    draws = folk.draws[person].each("address", channel)
    proven = clock.in_office(draws, "verified", folk.zone[person], known.joined[person])
    recorded = np.maximum(known.joined_at[person], reached.changed[person, channel])
    in_contract = draws.happens("in contract", np.array([0.7, 0.3, 0.85, 0.97, 0.98, 0.97, 0.9])[channel])
    table = frame(
        "contact_points",
        contact_point_id=glued(gathered(folk.ids, person), ":", coded(CHANNELS, channel)),
        person_id=gathered(folk.ids, person),
        channel=coded(CHANNELS, channel),
        address_id=_addresses(folk, person, channel),
        verified_at=np.where(draws.happens("is verified", 0.72), np.minimum(proven, known.joined_at[person]), UNKNOWN),
        in_contract=in_contract,
        state=coded(_STATES, reached.state[person, channel]),
        since=known.joined_at[person],
        until=np.full(len(person), UNKNOWN),
        recorded_at=recorded,
    )
    if not history:
        return Rows(table)
    later = table.filter(pl.col("recorded_at") > pl.col("since"))
    return Rows(table, (later.with_columns(pl.lit("ok").alias("state"), pl.col("since").alias("recorded_at")),))


def _addresses(folk: People, person: Ints, channel: Ints) -> pl.Series:
    """Surrogates; a few relatives share one phone."""
    shares = folk.draws.happens("shares phone", 0.10) & (folk.part > 0)
    owner = np.where(shares, np.maximum(np.arange(len(folk)) - folk.part, 0), np.arange(len(folk)))
    by_phone = (channel == SMS) | (channel == CALL)
    return glued(coded(_ADDRESS, channel), ":", gathered(folk.ids, np.where(by_phone, owner[person], person)))


def consents(folk: People, known: Lives, reached: Reach, at: int, history: bool) -> Rows:
    """The table `consents`: what was asked and allowed, and taken back by a few."""
    asked = np.array([[_ASKED.get(channel, 0) >> place & 1 for place in range(len(CLASSES))] for channel in range(7)])
    willing = np.stack([folk.draws.happens(f"yes {name}", _GIVEN[place]) for place, name in enumerate(CLASSES)], axis=1)
    willing[:, -1] = reached.allows_offers
    person, channel, place = np.nonzero(reached.has[:, :, None] & (asked[None] > 0) & willing[:, None, :])
    draws = folk.draws[person].each("consent", channel * len(CLASSES) + place)
    said = draws.happens("said", 0.96)
    person, channel, place, draws = person[said], channel[said], place[said], draws[said]
    granted = known.joined_at[person] + 60
    day = known.joined[person] + 1 + draws.below("withdrawn day", np.maximum(at - known.joined[person] - 1, 1))
    gone = draws.happens("withdrawn", np.array([0.012, 0.015, 0.01, 0.03, 0.04, 0.07])[place])
    withdrawn = clock.by_day(draws, "withdrawn", folk.zone[person], np.where(gone, day, UNKNOWN))
    table = frame(
        "consents",
        person_id=gathered(folk.ids, person),
        channel=coded(CHANNELS, channel),
        purpose_class=coded(CLASSES, place),
        granted_at=granted,
        withdrawn_at=withdrawn,
        text_hash=coded(_TEXTS, place),
        recorded_at=np.maximum(granted, withdrawn),
    )
    if not history:
        return Rows(table)
    later = table.filter(pl.col("withdrawn_at").is_not_null())
    blank = pl.lit(None, table.schema["withdrawn_at"]).alias("withdrawn_at")
    return Rows(table, (later.with_columns(blank, pl.col("granted_at").alias("recorded_at")),))


_TEXTS = tuple(f"{0x5EED0000 + place:08x}" for place in range(len(CLASSES)))
