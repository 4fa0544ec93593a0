"""How people can be reached, and which channel they like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._countries import COUNTRIES
from tideover.engine.facts.made_up._draws import Flags, Ints
from tideover.engine.facts.made_up._frames import UNKNOWN
from tideover.engine.facts.made_up._joining import Joined
from tideover.engine.facts.made_up._people import People
from tideover.engine.facts.made_up._world import (
    APP,
    CALL,
    CHANNELS,
    EMAIL,
    LETTER,
    OPEN_TO_OFFERS,
    PUSH,
    SMS,
    VISIT,
)

OK, BOUNCED, WRONG_PERSON = range(3)
_BOUNCES = {PUSH: 0.05, EMAIL: 0.03, SMS: 0.02, LETTER: 0.02}
_WRONG_PERSON = 0.004
_FAVOURITES = (0.22, 0.08, 0.18, 0.34, 0.02, 0.16)
"""Share of people who answer best in each channel."""


@dataclass(frozen=True)
class Reach:
    """By person and channel: is there an address, and what became of it."""

    has: Flags
    """People x channels."""
    state: Ints
    """People x channels: OK, BOUNCED or WRONG_PERSON."""
    changed_at: Ints
    """Moment at which the state was found out; UNKNOWN while OK."""
    favourite: Ints
    """The channel in which a person answers best."""
    allows_offers: Flags

    @property
    def open(self) -> Flags:
        """People x channels: an address that works today."""
        works: Flags = self.has & (self.state == OK)
        return works


def reach(folk: People, joined: Joined, at: int) -> Reach:
    """Most people have a phone; how many have an app, a mailbox or a known street depends on the country."""
    state = np.stack([_states(folk, channel) for channel in range(len(CHANNELS))], axis=1)
    state[:, CALL], state[:, VISIT], state[:, APP] = state[:, SMS], OK, OK
    day = joined.some_day_since(folk.draws, "bounced", np.arange(len(folk)), at)
    changed_at = clock.by_day(folk.draws, "bounced at", folk.zone, day)
    return Reach(
        has=_addresses(folk),
        state=state,
        changed_at=np.where(state == OK, UNKNOWN, changed_at[:, None]),
        favourite=folk.draws.choose("favourite channel", _FAVOURITES),
        allows_offers=folk.draws.happens("offers", OPEN_TO_OFFERS),
    )


def _addresses(folk: People) -> Flags:
    """Calls and texts go to one phone, letters and visits to one home, notifications to the app."""
    draws = folk.draws
    share = np.array([land.reach for land in COUNTRIES])[folk.country]
    app, phone, post = (
        draws.happens(name, share[:, place]) for name, place in (("app", 0), ("phone", 3), ("post", 4))
    )
    push = app & draws.happens("push", share[:, 1] / share[:, 0])
    email = draws.happens("email", share[:, 2])
    return np.stack((app, push, email, phone, post, phone, post & draws.happens("home known", 0.7)), axis=1)


def _states(folk: People, channel: int) -> Ints:
    bounces = _BOUNCES.get(channel, 0.0)
    return folk.draws.choose(f"state {channel}", (1 - bounces - _WRONG_PERSON, bounces, _WRONG_PERSON))
